"""Drafts stored as the rules made them, changed by several, taken back step by step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import CountryMark, Known, Question
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.instruments.draft_services import EditedMeanwhile
from betterwork.modules.instruments.drafts import draft_content, draft_read
from betterwork.modules.instruments.life import draft_missing
from betterwork.modules.instruments.lineage import NotInADraft
from betterwork.modules.instruments.models import (
    DraftChange,
    DraftQuestion,
    Tool,
)
from betterwork.modules.instruments.queries import tool_version
from betterwork.modules.instruments.services import (
    draft_create,
    draft_drop,
    draft_labels_set,
    draft_laws_set,
    draft_mark_set,
    draft_parts_join,
    draft_question_add,
    draft_question_edit,
    draft_question_move,
    draft_question_restore,
    draft_question_split,
    draft_question_withdraw,
    draft_questions_merge,
    draft_reason_set,
    draft_replace,
    draft_undo,
    tool_make,
)
from betterwork.modules.instruments.tests.worlds import (
    AT,
    CODE,
    WHY,
    again,
    begun,
    changed,
    ready,
)

pytestmark = pytest.mark.django_db
A = {"actor": "p-manager", "at": AT}
BOTH = ["OSH-1-01", "OSH-1-02"]


@pytest.mark.capability("B2")
def test_a_draft_begins_with_everything_of_its_base_and_says_what_is_missing() -> None:
    draft = begun()
    version, links = draft_content(draft)
    base, _ = tool_version("garment", "2014")
    assert version.questions == base.questions
    assert links == ()
    assert ("CHL-1-01", "ilo-c138") in draft_read(draft).legal
    words = [one.words for one in draft_missing(draft) if one.blocks]
    assert any("from which day" in one for one in words)
    ready(draft)
    assert [one for one in draft_missing(again(draft)) if one.blocks] == []


@pytest.mark.capability("B2")
def test_each_step_is_stored_with_its_lineage_entered_in_the_ledger_and_taken_back() -> None:
    draft = begun()
    before = draft_read(draft)
    new = replace(before.by_code["OSH-2-04"], code="OSH-2-77", text="New?")
    steps = [
        (changed, {}),
        (draft_question_split, {"code": "CHL-1-02", "parts": [("CHL-1-02", "A?"), ("CHL-1-77", "B?")], "reason": WHY}),
        (draft_questions_merge, {"codes": BOTH, "successor": BOTH[0], "text": "Both?", "reason": WHY}),
        (draft_question_withdraw, {"code": "OSH-2-02", "reason": WHY}),
        (draft_question_move, {"code": "OSH-2-03", "point_code": "OSH-3", "reason": WHY}),
        (draft_laws_set, {"code": "OSH-2-04", "references": ["ilo-c155"]}),
        (draft_mark_set, {"mark": CountryMark("OSH-2-04", "VN", Known.YES, Known.NO)}),
        (draft_question_add, {"question": new, "reason": WHY}),
        (draft_parts_join, {"code": "CHL-1-77"}),
        (draft_question_restore, {"code": "OSH-2-02"}),
        (draft_reason_set, {"code": CODE, "reason": "another reason"}),
    ]
    seen = [before]
    for step, more in steps:
        step(draft, **more) if step is changed else step(draft=draft, **more, **A)
        seen.append(draft_read(draft))
        assert seen[-1] != seen[-2]
    assert again(draft).revision == len(steps)
    assert len(entries_search(subject=f"tool-draft {draft.key}", action="tool.draft.changed").entries) == len(steps)
    for wanted in reversed(seen[:-1]):
        draft_undo(draft=draft, **A)
        assert draft_read(draft) == wanted
    with pytest.raises(NotInADraft, match="nothing to take back"):
        draft_undo(draft=draft, **A)


def test_what_changes_nothing_is_no_change() -> None:
    draft = begun()
    changed(draft)
    changed(draft)
    assert again(draft).revision == 1
    assert DraftChange.objects.filter(draft=draft).count() == 1


@pytest.mark.capability("B2")
def test_of_two_who_edit_one_question_the_second_is_told_and_nothing_is_lost() -> None:
    draft = begun()
    seen = DraftQuestion.objects.get(draft=draft, code=CODE).revision
    changed(draft, text="The first one's words?", seen=seen)
    with pytest.raises(EditedMeanwhile, match=CODE):
        changed(draft, text="The second one's words?", seen=seen, by="p-leader")
    assert draft_read(draft).by_code[CODE].text == "The first one's words?"
    changed(draft, code="OSH-1-01", text="Another question?", seen=0, by="p-leader")
    with pytest.raises(NotInADraft, match="Somebody else"):
        draft_undo(draft=draft, **A)


def test_a_file_is_put_in_the_place_of_a_draft_in_one_change_and_taken_back() -> None:
    draft = begun()
    before = draft_read(draft)
    base, _ = tool_version("garment", "2014")
    file = replace(base, questions=(replace(base.questions[0], text="Otherwise?"), *base.questions[2:]))
    draft_replace(draft=draft, version=file, lineage=(), **A)
    links = {(one.predecessor, one.successor, str(one.relation)) for one in draft_read(draft).links}
    first, second = base.questions[0].code, base.questions[1].code
    assert links == {(first, first, "reworded"), (second, "", "withdrawn")}
    draft_undo(draft=draft, **A)
    assert draft_read(draft) == before
    upper = replace(base, questions=tuple(replace(one, point="Other") for one in base.questions))
    with pytest.raises(NotInADraft, match="same in all countries"):
        draft_replace(draft=draft, version=upper, lineage=(), **A)


@pytest.mark.capability("B1")
def test_a_countrys_draft_leaves_the_upper_levels_and_one_for_all_may_change_them() -> None:
    with pytest.raises(NotInADraft, match="same in all countries"):
        draft_labels_set(draft=begun(), level="cluster", code="OSH", label="Safety", **A)
    world = begun("2027", "")
    draft_labels_set(draft=world, level="cluster", code="OSH", label="Safety", **A)
    assert draft_read(world).by_code[CODE].cluster == "Safety"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"version": "2014"}, "sealed already"),
        ({"version": "a b"}, "letters, digits"),
        ({"country": "XX"}, "no country programme"),
    ],
)
def test_a_draft_that_cannot_be_is_not_begun(more, message: str) -> None:
    given = {"tool": Tool.objects.get(code="garment"), "version": "2030", **more}
    with pytest.raises(WrongUse, match=message):
        draft_create(**given, **A)


def test_two_drafts_of_one_name_are_refused_until_the_first_is_given_up() -> None:
    draft = begun()
    with pytest.raises(WrongUse, match="draft of version"):
        begun()
    draft_drop(draft=draft, **A)
    assert begun().key != draft.key


def test_a_tool_of_one_country_is_written_for_it_alone() -> None:
    tool = tool_make(actor="p-global", code="fire-kh", title="Fire", instrument="inspection", country="KH", at=AT)
    with pytest.raises(WrongUse, match="one country"):
        draft_create(tool=tool, version="1", **A)
    draft = draft_create(tool=tool, version="1", country="KH", **A)
    made = Question("F-1", "compliance", "F", "Fire", "F-1", "Exits", "Open?", legal_basis=("law",))
    draft_question_add(draft=draft, question=made, reason=WHY, **A)
    assert draft_missing(again(draft))[0].words.startswith("Say from which day")


@given(st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_what_the_rules_made(data) -> None:
    with transaction.atomic():
        draft = begun(f"p-{data.draw(st.integers(0, 10**9))}")
        codes = st.sampled_from(["OSH-1-01", "OSH-1-02", "OSH-2-01", "CHL-1-01", "CHL-1-02"])
        history = [draft_read(draft)]
        for _ in range(data.draw(st.integers(1, 6))):
            code, other = data.draw(codes), data.draw(codes)
            step = data.draw(st.integers(0, 4))
            try:
                if step == 0:
                    changed(draft, code=code, text=data.draw(st.sampled_from(["A?", "B?"])))
                elif step == 1:
                    draft_question_withdraw(draft=draft, code=code, reason=WHY, **A)
                elif step == 2:
                    draft_question_restore(draft=draft, code=code, **A)
                elif step == 3:
                    draft_questions_merge(draft=draft, codes=[code, other], successor=code, text="M?", reason=WHY, **A)
                else:
                    draft_undo(draft=draft, **A)
                    history.pop()
                    assert draft_read(draft) == history[-1]
                    continue
            except NotInADraft:
                assert draft_read(draft) == history[-1]
                continue
            now = draft_read(draft)
            if now != history[-1]:
                history.append(now)
        transaction.set_rollback(True)


def test_a_question_is_edited_by_its_own_fields_only() -> None:
    with pytest.raises(NotInADraft):
        draft_question_edit(draft=begun(), code=CODE, changes={"code": "X"}, **A)


@pytest.mark.capability("B4")
def test_a_question_without_any_legal_basis_holds_the_draft_up_and_leads_to_its_law() -> None:
    draft = ready(begun())
    draft_question_edit(draft=draft, code="OSH-2-04", changes={"legal_basis": ()}, **A)
    draft_laws_set(draft=draft, code="OSH-2-04", references=[], **A)
    (found,) = [one for one in draft_missing(again(draft)) if one.blocks]
    assert (found.codes, found.step) == (("OSH-2-04",), "law")


def test_a_change_without_a_reason_holds_the_draft_up_until_it_has_one() -> None:
    draft = ready(begun())
    changed(draft, code="OSH-2-04", text="Otherwise?", reason="")
    (found,) = [one for one in draft_missing(again(draft)) if one.blocks]
    assert (found.codes, found.step) == (("OSH-2-04",), "reason")
    draft_reason_set(draft=draft, code="OSH-2-04", reason=WHY, **A)
    assert [one for one in draft_missing(again(draft)) if one.blocks] == []
