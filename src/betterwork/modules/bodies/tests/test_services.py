"""Terms, chairs, meetings, minutes, follow-up; what is kept of a person, and what goes with her."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.scopes import lineage, scope_check, scope_words
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.notices.models import Notice
from betterwork.foundation.notices.queries import notices_told
from betterwork.foundation.people.queries import kept_nowhere
from betterwork.modules.bodies.kinds import FACTORY, MANAGEMENT, NATIONAL, ROUND_TABLE
from betterwork.modules.bodies.meeting import (
    item_add,
    item_remove,
    meeting_call,
    meeting_cancel,
    minutes_adopt,
    minutes_correct,
    minutes_write,
)
from betterwork.modules.bodies.models import Body, Chair, Member
from betterwork.modules.bodies.queries import chair_on, minutes_text, quorum_at, standing_on
from betterwork.modules.bodies.recording import (
    agreement_end,
    agreement_note,
    follow_up_add,
    follow_up_close,
    remark_note,
)
from betterwork.modules.bodies.rules import BY_MEMBER, YES, Ballot
from betterwork.modules.bodies.services import body_close, body_found, chair_end, chair_name, member_end, member_seat
from betterwork.modules.bodies.tests.worlds import AT, FIRST, ON, approved, committee, meeting_of, seated

pytestmark = [pytest.mark.django_db, pytest.mark.capability("L1")]
DAY = timedelta(days=1)


def found(**more):
    return body_found(**{"actor": "operator", "kind": NATIONAL, "name": "PAC", "start": FIRST, "at": AT, **more})


def test_a_committee_is_of_its_level_and_one_at_a_time(cast):
    for wrong in (
        {},
        {"country": "XX"},
        {"country": "VN", "name": " "},
        {"kind": "no-such"},
        {"kind": FACTORY, "country": "VN"},
        {"kind": FACTORY, "factory": "factory:VN/none", "workers_chosen": "elected"},
    ):
        with pytest.raises(WrongUse):
            found(**wrong)
    body = found(country="VN")
    with pytest.raises(WrongUse, match="There is one already: PAC"):
        found(country="VN")
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.create(id="vn-two", kind=NATIONAL, country="VN", name="Two", start=FIRST, founded_at=AT)
    found(country="KH")
    for _number in range(2):
        found(kind=ROUND_TABLE, country="VN")
    body_close(actor="operator", body=body, end=ON, at=AT)
    with pytest.raises(WrongUse, match="closed already"):
        body_close(actor="operator", body=body, end=ON, at=AT)
    with pytest.raises(WrongUse, match="There is one already"):
        found(country="VN", start=ON)
    assert found(country="VN", start=ON + DAY).id.startswith("vn-")


def test_the_scope_of_a_committee_lies_in_its_country(cast):
    body, world = found(country="VN"), found(kind=MANAGEMENT)
    assert lineage(f"committee:{body.id}") == {"world", "country:VN", f"committee:{body.id}"}
    assert lineage(f"committee:{world.id}") == {"world", f"committee:{world.id}"}
    scope_check(f"committee:{body.id}")
    assert scope_words(f"committee:{body.id}") == "PAC"
    with pytest.raises(WrongUse, match="There is nothing called"):
        scope_check("committee:vn-none")


def test_terms_have_the_length_of_the_rules_and_seats_an_end(cast):
    body, seats = committee(cast)
    cast.person("auditor")
    made = member_seat(actor="operator", body=body, person="p-auditor", side="employers", start=FIRST, at=AT)
    assert made.end == date(2028, 12, 31) and made.nominator == "Employers' organisations"
    for wrong, words in (
        ({"person": "p-none"}, "Nobody has this account"),
        ({"person": "p-workers"}, "already"),
        ({"person": "p-nobody", "side": "martians"}, "no such side"),
        ({"person": "p-nobody", "start": date(2025, 1, 1)}, "does not sit on that day"),
        ({"person": "p-nobody", "end": date(2025, 1, 1)}, "before the first"),
        ({"person": "p-nobody", "sex": "x"}, "f, m or nothing"),
        ({"person": "p-nobody", "organisation": "no-such-one"}, "There is nothing called"),
    ):
        cast.person("nobody")
        given = {"actor": "operator", "body": body, "side": "workers", "start": FIRST, "at": AT}
        with pytest.raises(WrongUse, match=words):
            member_seat(**{**given, **wrong})
    seated(cast, body, "nobody", "workers"), seated(cast, body, "buyer", "workers")
    with pytest.raises(WrongUse, match="Every seat of the side “Workers” is taken"):
        seated(cast, body, "donor", "workers")
    member_end(actor="operator", member=seats["workers"], end=ON, reason="moved", at=AT)
    assert seated(cast, body, "donor", "workers", start=ON + DAY)


def test_ending_a_term_ends_the_chair_and_the_alternates(cast):
    body, seats = committee(cast)
    deputy = seated(cast, body, "nobody", "government", alternate_for=seats["government"])
    member_end(actor="operator", member=seats["government"], end=ON, reason="new post", at=AT)
    assert Member.objects.get(pk=deputy.pk).end == ON and Chair.objects.get().end == ON
    assert chair_on(body, ON) == seats["government"].id and chair_on(body, ON + DAY) == ""
    with pytest.raises(WrongUse, match="before the end it has already"):
        member_end(actor="operator", member=seats["government"], end=ON + DAY, reason="again", at=AT)
    entry = entries_search(action="body.member.ended", limit=5).entries
    assert len(entry) == 2 and "new post" not in str([one.content for one in entry])


def test_a_term_does_not_end_before_a_meeting_at_which_she_was(cast):
    body, seats = committee(cast)
    meeting_of(body, *seats.values())
    with pytest.raises(WrongUse, match="present at a meeting on a later day"):
        member_end(actor="operator", member=seats["workers"], end=ON - DAY, reason="x", at=AT)


def test_the_chair_passes_from_one_to_the_next_of_the_side_that_chairs(cast):
    body, seats = committee(cast)
    second = seated(cast, body, "nobody", "government")
    chair_name(actor="operator", body=body, member=second, start=ON, at=AT)
    assert (chair_on(body, ON - DAY), chair_on(body, ON)) == (seats["government"].id, second.id)
    with pytest.raises(WrongUse, match="The chair comes from the side “Government”"):
        chair_name(actor="operator", body=body, member=seats["workers"], start=ON + DAY, at=AT)
    assert chair_on(body, ON + 2 * DAY) == second.id, "what was refused changed nothing"
    deputy = seated(cast, body, "buyer", "government", alternate_for=second)
    with pytest.raises(WrongUse, match="An alternate cannot be the chair"):
        chair_name(actor="operator", body=body, member=deputy, start=ON + DAY, at=AT)
    with pytest.raises(WrongUse, match="before the first, or after the last"):
        chair_end(actor="operator", chair=Chair.objects.get(member=second), end=FIRST, at=AT)


def test_calling_a_meeting_tells_the_members_of_that_day(cast):
    body, seats = committee(cast)
    member_end(actor="operator", member=seats["employers"], end=ON, reason="x", at=AT)
    meeting = meeting_call(actor="operator", body=body, day=ON + DAY, place="Ministry", at=AT)
    told = Notice.objects.filter(kind="bodies.meeting.called")
    assert {one.person for one in told} == {"p-government", "p-workers"}
    said, _other = (one.words for one in notices_told(told))
    assert said == f"{body.name} meets on 23 Nov 2026."
    assert told[0].url == reverse("bodies:meeting_own", kwargs={"meeting": meeting.id})
    with pytest.raises(WrongUse, match="Say where"):
        meeting_call(actor="operator", body=body, day=ON, at=AT)
    with pytest.raises(WrongUse, match="does not sit"):
        meeting_call(actor="operator", body=body, day=FIRST - DAY, place="x", at=AT)
    with pytest.raises(WrongUse, match="Say why"):
        meeting_cancel(actor="operator", meeting=meeting, reason=" ", at=AT)
    meeting_cancel(actor="operator", meeting=meeting, reason="flood", at=AT)
    with pytest.raises(WrongUse, match="held or cancelled already"):
        meeting_cancel(actor="operator", meeting=meeting, reason="flood", at=AT)


def test_points_come_and_go_until_something_was_decided_under_them(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values())
    first = item_add(actor="operator", meeting=meeting, title="One", at=AT)
    second = item_add(actor="operator", meeting=meeting, title="Two", at=AT)
    with pytest.raises(WrongUse, match="Say what the point"):
        item_add(actor="operator", meeting=meeting, at=AT)
    item_remove(actor="operator", item=first, at=AT)
    approved(meeting, item=second)
    with pytest.raises(WrongUse, match="Something was decided"):
        item_remove(actor="operator", item=second, at=AT)


def test_minutes_are_sealed_when_adopted_and_corrected_openly(cast):
    body, seats = committee(cast)
    meeting = meeting_call(actor="operator", body=body, day=ON, place="Ministry", at=AT)
    with pytest.raises(WrongUse, match="Note first who is present"):
        minutes_write(actor="operator", meeting=meeting, text="x", at=AT)
    meeting = meeting_of(body, *seats.values())
    with pytest.raises(WrongUse, match="no draft"):
        minutes_adopt(actor="operator", meeting=meeting, on=ON, at=AT)
    minutes_write(actor="operator", meeting=meeting, text="First words", at=AT)
    with pytest.raises(WrongUse, match="not on a day to come"):
        minutes_adopt(actor="operator", meeting=meeting, on=ON + 3 * DAY, at=AT)
    adopted = minutes_adopt(actor="operator", meeting=meeting, on=ON, at=AT)
    with pytest.raises(WrongUse):
        minutes_write(actor="operator", meeting=meeting, text="Other words", at=AT)
    with pytest.raises(WrongUse, match="why they are corrected"):
        minutes_correct(actor="operator", meeting=adopted, text="Other words", reason=" ", at=AT)
    corrected = minutes_correct(actor="operator", meeting=adopted, text="Right words", reason="a slip", at=AT + DAY)
    assert minutes_text(corrected) == "Right words" and corrected.minutes_document.reason == "a slip"
    assert SealedDocument.objects.filter(kind="minutes").count() == 2


def test_standing_and_quorum_are_read_for_a_day(cast):
    body, seats = committee(cast)
    assert standing_on(body, ON).chair and [one.empty for one in standing_on(body, ON).sides] == [2, 2, 2]
    assert standing_on(body, FIRST - DAY).members == 0
    meeting = meeting_of(body, seats["government"])
    assert len(quorum_at(meeting).missing) == 3


def test_follow_up_has_an_owner_a_day_and_an_end(cast):
    body, seats = committee(cast)
    decision = approved(meeting_of(body, *seats.values()))
    given = {"actor": "operator", "what": "Publish", "due": ON, "at": AT}
    for wrong in ({"owner": "p-workers"}, {"owner": "p-none", "decision": decision}):
        with pytest.raises(WrongUse):
            follow_up_add(**given, **wrong)
    one = follow_up_add(**given, owner="p-workers", decision=decision)
    with pytest.raises(WrongUse, match="what came of it"):
        follow_up_close(actor="p-workers", follow_up=one, state="done", note="", at=AT)
    follow_up_close(actor="p-workers", follow_up=one, state="done", note="out", at=AT)
    with pytest.raises(WrongUse, match="closed already"):
        follow_up_close(actor="p-workers", follow_up=one, state="dropped", note="x", at=AT)
    remark = remark_note(actor="operator", session="GB.320", day=FIRST, text="Costs", at=AT)
    assert follow_up_add(**given, owner="p-workers", remark=remark).body is None


def test_agreements_are_dated_and_end_with_a_reason(cast):
    given = {"actor": "operator", "kind": "memorandum", "title": "MoU", "parties": "ILO, ministry", "signed": FIRST}
    given |= {"start": FIRST, "at": AT}
    with pytest.raises(WrongUse, match="where its text is"):
        agreement_note(**given, reference=" ")
    with pytest.raises(WrongUse, match="before the first"):
        agreement_note(**given, reference="File 1", end=FIRST - DAY)
    made = agreement_note(**given, reference="File 1")
    with pytest.raises(WrongUse):
        agreement_end(actor="operator", agreement=made, end=ON, note="", at=AT)
    assert agreement_end(actor="operator", agreement=made, end=ON, note="New one signed", at=AT).end == ON


@pytest.mark.capability("P5")
def test_what_is_kept_of_a_member_is_handed_out_and_erased(cast):
    body, seats = committee(cast)
    Member.objects.filter(pk=seats["workers"].pk).update(sex="f", nominator="Union congress")
    votes = {one.id: YES for one in seats.values()}
    decision = approved(meeting_of(body, *seats.values()), ballot=Ballot(BY_MEMBER, votes))
    keeping = KEEPINGS["bodies"]
    kept = keeping.export("p-workers")
    assert kept["terms"][0]["sex"] == "f" and kept["terms"][0]["named by"] == "Union congress"
    assert kept["votes"] == [{"day": ON.isoformat(), "decision": "The trial is approved.", "vote": "yes"}]
    assert len(kept["present"]) == 1
    for _twice in range(2):
        keeping.erase("p-workers", AT)
    member = Member.objects.get(pk=seats["workers"].pk)
    assert (member.sex, member.nominator) == ("", "")
    assert (
        "p-workers" not in str(decision.votes) and b"workers of the cast" not in bytes(decision.document.body).lower()
    )
    assert not [line for line in kept_nowhere() if line.startswith("bodies.")]
