"""Drafts put before the committee, sealed, in force; nothing changes what is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.events.registry import Happened
from betterwork.modules.bodies.services import NotDecided
from betterwork.modules.bodies.tests import worlds as bodies
from betterwork.modules.instruments.drafts import draft_read
from betterwork.modules.instruments.life import draft_missing
from betterwork.modules.instruments.lineage import NotInADraft
from betterwork.modules.instruments.models import (
    LegalReference,
    ToolDraft,
    ToolInForce,
    ToolVersion,
)
from betterwork.modules.instruments.queries import catalogue, tool_version, tool_versions, version_on
from betterwork.modules.instruments.services import (
    draft_drop,
    draft_laws_set,
    draft_replace,
    draft_seal,
    draft_settings_set,
    draft_submit,
    draft_take_back,
    draft_undo,
    legal_reference_add,
    legal_reference_end,
    question_translate,
    question_translation_accept,
    tool_version_seal,
)
from betterwork.modules.instruments.subscribers import matter_decided
from betterwork.modules.instruments.tests.worlds import (
    AT,
    CODE,
    FROM,
    WHY,
    again,
    begun,
    changed,
    decided,
    ready,
    submitted,
)

pytestmark = pytest.mark.django_db
A = {"actor": "p-manager", "at": AT}
BOTH = ["OSH-1-01", "OSH-1-02"]


def told(decision, at=AT) -> None:
    """The event of a decision, delivered."""
    content = {
        "matter": decision.matter_id,
        "kind": decision.matter.kind,
        "subject": decision.matter.subject,
        "outcome": decision.outcome,
        "decision": decision.id,
    }
    matter_decided(Happened(number=1, name="bodies.matter.decided", content=content, at=at), at)


def sealed(cast) -> ToolDraft:
    body, seats = bodies.committee(cast)
    draft = submitted()
    decided(draft, bodies.meeting_of(body, *seats.values()))
    return draft_seal(actor="p-manager", draft=draft, in_force_from=FROM, at=AT)


@pytest.mark.capability("B3", "L2")
def test_a_draft_is_approved_by_the_committee_sealed_and_in_force_and_the_one_before_retires(cast) -> None:
    draft = sealed(cast)
    row = ToolVersion.objects.get(tool="garment", version="2027-VN")
    assert row.approval.startswith("Trial committee, decision 1 of 22 Nov 2026")
    version, links = tool_version("garment", "2027-VN")
    assert version.country == "VN"
    assert [(one.predecessor, str(one.relation), one.reason) for one in links] == [(CODE, "reworded", WHY)]
    assert again(draft).state == "sealed"
    assert version_on("garment", "VN", date(2026, 12, 31)).version == "2014"
    assert version_on("garment", "VN", FROM).version == "2027-VN"
    assert version_on("garment", "KH", FROM).version == "2014"
    assert catalogue().by_version["2027-VN"].by_code[CODE].text == "Is any exit blocked?"


@pytest.mark.capability("B2")
def test_the_next_version_of_the_country_retires_this_one_the_day_before(cast) -> None:
    body, seats = bodies.committee(cast)
    for name, day in (("2027-VN", FROM), ("2028-VN", date(2028, 1, 1))):
        draft = submitted(begun(name))
        decided(draft, bodies.meeting_of(body, *seats.values()))
        draft_seal(draft=draft, in_force_from=day, **A)
    first = ToolInForce.objects.get(version="2027-VN")
    assert first.until == date(2027, 12, 31)
    third = submitted(begun("2026-VN"))
    decided(third, bodies.meeting_of(body, *seats.values()))
    with pytest.raises(WrongUse, match="choose a later day"):
        draft_seal(draft=third, in_force_from=date(2027, 6, 1), **A)


@pytest.mark.capability("B3", "L2")
def test_nothing_is_sealed_before_the_committee_has_decided_or_where_there_is_none(cast) -> None:
    draft = ready(begun())
    with pytest.raises(WrongUse):
        draft_submit(draft=draft, url="/tools/", **A)
    bodies.committee(cast)
    with pytest.raises(WrongUse, match="submit the draft first"):
        draft_seal(draft=draft, in_force_from=FROM, **A)
    draft = draft_submit(draft=again(draft), url="/tools/", **A)
    with pytest.raises(NotDecided):
        draft_seal(draft=draft, in_force_from=FROM, **A)
    assert not ToolVersion.objects.filter(version="2027-VN").exists()


@pytest.mark.capability("B3")
def test_without_a_side_or_the_chair_the_committee_cannot_approve_it(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = submitted()
    for missing in ("workers", "government"):
        there = [seat for side, seat in seats.items() if side != missing]
        with pytest.raises(WrongUse, match="no quorum"):
            decided(draft, bodies.meeting_of(body, *there))


@pytest.mark.capability("B3")
def test_a_returned_draft_opens_with_the_reasons_and_needs_a_new_decision(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = submitted()
    with pytest.raises(NotInADraft):
        changed(draft, text="Changed while it waits?")
    told(decided(draft, bodies.meeting_of(body, *seats.values()), outcome="returned", reasons="Name the article."))
    found = again(draft)
    assert (found.state, found.answer) == ("returned", "Name the article.")
    with pytest.raises(WrongUse, match="submit the draft first"):
        draft_seal(draft=found, in_force_from=FROM, **A)
    changed(found, text="Is any exit blocked, see article 3?")
    found = draft_submit(draft=again(found), url="/tools/", **A)
    assert found.state == "submitted"
    with pytest.raises(NotDecided):
        draft_seal(draft=found, in_force_from=FROM, **A)
    decision = decided(found, bodies.meeting_of(body, *seats.values()))
    told(decision)
    told(decision)
    assert again(draft).state == "approved"
    assert draft_seal(draft=again(draft), in_force_from=FROM, **A).state == "sealed"


def test_what_a_committee_east_of_greenwich_returned_opens_though_its_day_has_not_begun_in_utc(cast) -> None:
    """A meeting of the 23rd is minuted when it is still the 22nd in UTC: the draft must not be shut for good."""
    body, seats = bodies.committee(cast)
    draft = submitted()
    late = AT.replace(hour=18)
    meeting = bodies.meeting_of(body, *seats.values(), day=(AT + timedelta(days=1)).date())
    told(decided(draft, meeting, outcome="returned", reasons="Name the article.", at=late), late)
    assert again(draft).state == "returned"
    changed(again(draft), text="Is any exit blocked, see article 3?")


def test_what_is_approved_on_a_day_to_come_is_sealed_on_that_day_and_not_before(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = submitted()
    late, tomorrow = AT.replace(hour=18), AT + timedelta(days=1)
    told(decided(draft, bodies.meeting_of(body, *seats.values(), day=tomorrow.date()), at=late), late)
    assert again(draft).state == "approved"
    with pytest.raises(NotDecided):
        draft_seal(draft=again(draft), in_force_from=FROM, **A)
    assert draft_seal(actor="p-manager", draft=again(draft), in_force_from=FROM, at=tomorrow).state == "sealed"


def test_a_draft_is_taken_back_before_the_decision_and_not_after(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = submitted()
    taken = draft_take_back(draft=draft, reason="a question was forgotten", **A)
    assert taken.state == "draft"
    changed(taken, text="Is an exit blocked?")
    draft = draft_submit(draft=again(taken), url="/tools/", **A)
    decided(draft, bodies.meeting_of(body, *seats.values()))
    with pytest.raises(WrongUse):
        draft_take_back(draft=draft, reason="too late", **A)


def test_a_version_is_not_in_force_before_it_was_approved(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = submitted()
    decided(draft, bodies.meeting_of(body, *seats.values()))
    with pytest.raises(WrongUse, match="before the day it was approved"):
        draft_seal(draft=draft, in_force_from=date(2020, 1, 1), **A)


@pytest.mark.capability("B5")
def test_approved_translations_of_these_very_words_are_sealed_and_others_are_not(cast) -> None:
    body, seats = bodies.committee(cast)
    draft = ready(begun())
    question = draft_read(draft).by_code[CODE]
    more = {"tool": "garment", "question": question, "at": AT}
    row = question_translate(actor="p-one", field="text", language="vi", text="Lối thoát?", **more)
    for person in ("p-two", "p-two"):
        question_translation_accept(actor=person, translation=row.pk, **more)
    waiting = question_translate(actor="p-one", field="text", language="fr", text="Issue ?", **more)
    with pytest.raises(BetterWorkError):
        question_translation_accept(actor="p-one", translation=waiting.pk, **more)
    draft = draft_submit(draft=again(draft), url="/tools/", **A)
    decided(draft, bodies.meeting_of(body, *seats.values()))
    draft_seal(draft=draft, in_force_from=FROM, **A)
    version, _ = tool_version("garment", "2027-VN")
    assert [(one.code, one.language, one.text) for one in version.translations] == [(CODE, "vi", "Lối thoát?")]


@pytest.mark.capability("B4")
def test_a_changed_law_is_a_new_row_and_the_draft_says_what_rests_on_law_that_is_over() -> None:
    texts = {"instrument": "Labour code", "number": "LC", "article": "10"}
    old = legal_reference_add(kind="law", country="VN", texts=texts, in_force_from=date(2013, 5, 1), **A)
    draft = ready(begun())
    draft_laws_set(draft=draft, code="OSH-2-04", references=[old.key], **A)
    new = legal_reference_add(
        kind="law", country="VN", texts=texts, in_force_from=date(2021, 1, 1), supersedes=old, **A
    )
    old.refresh_from_db()
    assert old.in_force_until == date(2020, 12, 31)
    assert new.key != old.key
    assert any("does not hold" in one.words for one in draft_missing(again(draft)) if one.blocks)
    with pytest.raises(WrongUse, match="superseded already"):
        legal_reference_add(kind="law", country="VN", texts=texts, in_force_from=date(2025, 1, 1), supersedes=old, **A)
    with pytest.raises(WrongUse, match="before it begins"):
        legal_reference_end(reference=new, until=date(2020, 1, 1), **A)
    with pytest.raises(WrongUse, match="no missing"):
        draft_laws_set(draft=draft, code="OSH-2-04", references=["missing"], **A)
    assert LegalReference.objects.filter(kind="convention").count() >= 16


# -- what is sealed ---------------------------------------------------------------------------------


@pytest.mark.capability("B2", "P2")
def test_no_door_changes_a_sealed_version(cast, tmp_path) -> None:
    from betterwork.modules.instruments.commands import tool as command

    draft = sealed(cast)
    before, links = tool_version("garment", "2027-VN")
    digest = [row.document.digest for row in tool_versions("garment")]
    row = ToolVersion.objects.get(version="2027-VN")
    with pytest.raises(BetterWorkError):  # service
        tool_version_seal(version=replace(before, approval="another"), lineage=links, at=AT)
    for change in (
        lambda: ToolVersion.objects.filter(pk=row.pk).update(approval="another"),  # ORM
        lambda: row.delete(),
        lambda: _raw("UPDATE instruments_toolversion SET version = 'x'"),  # raw SQL
        lambda: _raw("UPDATE documents_sealeddocument SET body = body"),
        lambda: _raw("DELETE FROM documents_sealeddocument"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    for step in (  # draft edits
        lambda: changed(draft, text="After it was sealed?"),
        lambda: draft_undo(draft=draft, **A),
        lambda: draft_settings_set(draft=draft, version="x", in_force_from=None, **A),
        lambda: draft_replace(draft=draft, version=before, lineage=(), **A),
        lambda: draft_drop(draft=draft, **A),
        lambda: draft_submit(draft=draft, url="/tools/", **A),
        lambda: draft_seal(draft=draft, in_force_from=FROM, **A),
        lambda: draft_take_back(draft=draft, reason="no", **A),
    ):
        with pytest.raises(WrongUse):
            step()
    runner, file = CliRunner(), tmp_path / "tool.json"  # command and import
    runner.invoke(command, ["export", "2027-VN", "-o", str(file)])
    file.write_text(file.read_text(encoding="utf-8").replace("Is any exit blocked?", "Other?"), encoding="utf-8")
    result = runner.invoke(command, ["import", str(file)])
    assert isinstance(result.exception, BetterWorkError)
    assert [row.document.digest for row in tool_versions("garment")] == digest
    assert tool_version("garment", "2027-VN") == (before, links)


def _raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
