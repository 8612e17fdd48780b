"""Deciding: only the committee that has the say, with quorum and majority, sealed and never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.foundation.events.models import Event
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.ledger.seals import SEALED_TABLES, missing_seals
from betterwork.modules.bodies import deciding, queries
from betterwork.modules.bodies.deciding import NotDecided, advice_answer, decision_require, matter_withdraw
from betterwork.modules.bodies.kinds import ADVISORY, MANAGEMENT, NATIONAL, kind_called
from betterwork.modules.bodies.meeting import attendance_note, item_add, meeting_call, minutes_adopt, minutes_write
from betterwork.modules.bodies.models import Answer, Decision, Matter
from betterwork.modules.bodies.rules import ADVICE, BY_MEMBER, BY_SIDE, NO, RETURNED, YES, Ballot
from betterwork.modules.bodies.services import body_close, body_found, member_end, rules_set
from betterwork.modules.bodies.tests.worlds import AT, FIRST, ON, WHAT, approved, brought, committee, meeting_of, seated
from betterwork.modules.bodies.verifying import decisions_faults

pytestmark = [pytest.mark.django_db, pytest.mark.capability("L2"), pytest.mark.capability("B3")]


def required(subject="trial-1", on=ON):
    return decision_require(WHAT, subject, country="VN", on=on)


def test_a_decision_with_quorum_is_taken_sealed_told_and_found(cast):
    body, seats = committee(cast)
    matter = brought()
    decision = approved(meeting_of(body, *seats.values()), matter=matter)
    assert required() == decision and decision.number == 1
    assert Matter.objects.get().state == "decided"
    assert Event.objects.get(name="bodies.matter.decided").content.count(decision.id) == 1
    assert entries_search(action="decision.taken", limit=5).entries[0].subject == f"decision {decision.id}"
    assert decision.document.kind == "decision" and list(decisions_faults()) == []


@pytest.mark.parametrize(
    ("absent", "words"),
    [
        ("workers", "No member of the workers' side is present."),
        ("employers", "No member of the employers' side is present."),
        ("government", "The chair is absent."),
    ],
)
def test_without_a_side_or_the_chair_it_is_refused_in_words(cast, absent, words):
    body, seats = committee(cast)
    matter = brought()
    meeting = meeting_of(body, *(one for side, one in seats.items() if side != absent))
    with pytest.raises(WrongUse, match="there is no quorum") as refused:
        approved(meeting, matter=matter)
    assert words in str(refused.value)
    assert not Decision.objects.exists() and Matter.objects.get().state == "waits"
    with pytest.raises(NotDecided, match="has not decided on it yet"):
        required()


def test_nobody_chairs_and_nothing_is_decided(cast):
    body, seats = committee(cast, chair=False)
    with pytest.raises(WrongUse, match="Nobody has been named as the chair"):
        approved(meeting_of(body, *seats.values()), matter=brought())


def test_an_ended_term_no_longer_counts(cast):
    body, seats = committee(cast)
    member_end(actor="operator", member=seats["workers"], end=ON - timedelta(days=1), reason="moved", at=AT)
    with pytest.raises(WrongUse, match="in office on the day"):
        meeting_of(body, *seats.values())


def test_without_a_committee_it_says_so(cast):
    from betterwork.modules.bodies.tests.worlds import trial_declared

    trial_declared()
    with pytest.raises(NotDecided, match="in Viet Nam the national tripartite committee does not sit"):
        required()
    with pytest.raises(WrongUse, match=r"does not sit\. Set it up first"):
        brought()


def test_what_was_never_brought_was_not_decided(cast):
    committee(cast)
    brought("other")
    with pytest.raises(NotDecided, match="bring it before Trial committee first"):
        required()


def test_a_returned_matter_is_not_approved_and_comes_again(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values())
    matter = brought()
    with pytest.raises(WrongUse, match="Say why it is returned"):
        approved(meeting, matter=matter, outcome=RETURNED)
    approved(meeting, matter=matter, outcome=RETURNED, reasons="Question 12 is not the law")
    with pytest.raises(NotDecided, match=r"did not approve it on 22 November 2026: Returned with reasons\. Ques"):
        required()
    again = brought()
    assert again.pk != matter.pk
    approved(meeting, matter=again)
    assert required().matter == again


def test_a_decision_on_one_matter_is_not_sealed_under_the_point_of_another(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values())
    item = item_add(actor="operator", meeting=meeting, matter=brought("trial-1"), at=AT)
    with pytest.raises(WrongUse, match="about another matter"):
        approved(meeting, matter=brought("trial-2"), item=item)


def test_a_matter_is_decided_once_and_waits_once(cast):
    body, seats = committee(cast)
    matter = brought()
    assert brought().pk == matter.pk
    meeting = meeting_of(body, *seats.values())
    approved(meeting, matter=matter)
    with pytest.raises(WrongUse, match="was decided or withdrawn already"):
        approved(meeting, matter=matter)
    with pytest.raises(WrongUse, match="was decided or withdrawn already"):
        matter_withdraw(actor="operator", matter=matter, reason="too late", at=AT)


def test_a_matter_brought_later_is_not_decided_earlier(cast):
    body, seats = committee(cast)
    matter = brought()
    meeting = meeting_of(body, *seats.values(), day=date(2026, 11, 1))
    with pytest.raises(WrongUse, match="brought after that day"):
        approved(meeting, matter=matter)


def test_only_the_body_that_has_the_say_decides(cast, monkeypatch):
    body, seats = committee(cast)
    matter = brought()
    meeting = meeting_of(body, *seats.values())
    group = body_found(actor="operator", kind=MANAGEMENT, name="Management Group", start=FIRST, at=AT)

    def country_says(code, name, on):
        if name == f"decision.{WHAT}.body":
            return DatedValue(MANAGEMENT, FIRST, None, "A circular of the tests")
        raise KeyError(name)

    monkeypatch.setattr(queries, "setting", country_says)
    with pytest.raises(WrongUse, match="the Management Group has the say, and not Trial committee"):
        approved(meeting, matter=matter)
    moved = brought()
    assert moved.pk == matter.pk and moved.body == group
    with pytest.raises(WrongUse, match="has the say"):
        approved(meeting, matter=moved)


def test_a_decision_of_another_body_does_not_count(cast, monkeypatch):
    body, seats = committee(cast)
    approved(meeting_of(body, *seats.values()), matter=brought())
    body_found(actor="operator", kind=MANAGEMENT, name="Management Group", start=FIRST, at=AT)
    monkeypatch.setattr(queries, "setting", lambda *_a: DatedValue(MANAGEMENT, FIRST, None, "A circular"))
    with pytest.raises(NotDecided, match="does not count: on 22 November 2026 the Management Group had the say"):
        required()


def test_the_day_counts_not_today(cast):
    body, seats = committee(cast)
    approved(meeting_of(body, *seats.values()), matter=brought())
    with pytest.raises(NotDecided):
        required(on=ON - timedelta(days=1))
    assert required(on=ON + timedelta(days=400))


def test_a_committee_with_waiting_matters_is_not_closed(cast):
    body, _seats = committee(cast)
    brought()
    with pytest.raises(WrongUse, match="Matters wait"):
        body_close(actor="operator", body=body, end=ON, at=AT)


def test_one_against_breaks_consensus_and_sides_speak_with_one_voice(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values())
    votes = {seats["government"].id: YES, seats["employers"].id: YES, seats["workers"].id: NO}
    with pytest.raises(WrongUse, match="1 member is against, and this committee decides by consensus"):
        approved(meeting, ballot=Ballot(BY_MEMBER, votes))
    with pytest.raises(WrongUse, match="The side “Workers” has not spoken"):
        approved(meeting, ballot=Ballot(BY_SIDE, {"government": YES, "employers": YES}))
    decision = approved(meeting, ballot=Ballot(BY_SIDE, {"government": YES, "employers": YES, "workers": "abstains"}))
    assert ["workers", "workers", "abstains"] in decision.votes


def test_an_alternate_votes_only_when_her_member_is_absent(cast):
    body, seats = committee(cast)
    deputy = seated(cast, body, "nobody", "workers", alternate_for=seats["workers"])
    meeting = meeting_of(body, *seats.values(), deputy)
    with pytest.raises(WrongUse, match="an alternate votes only when"):
        approved(meeting, ballot=Ballot(BY_MEMBER, {seats["government"].id: YES, deputy.id: YES}))
    attendance_note(
        actor="operator",
        meeting=meeting,
        present=[seats["government"].id, seats["employers"].id, deputy.id],
        at=AT,
    )
    decision = approved(meeting, ballot=Ballot(BY_MEMBER, {seats["government"].id: YES, deputy.id: YES}))
    assert decision.quorum["heard"] == 3 and [deputy.id, "workers", YES] in decision.votes


def test_a_country_sets_other_rules_and_they_hold_from_their_day(cast):
    body, seats = committee(cast)
    rules = replace(kind_called(NATIONAL).shipped[0].value, majority="majority", quorum_chair=False)
    rules_set(actor="operator", kind=NATIONAL, country="VN", rules=rules, start=ON, source="Decree of tests 1", at=AT)
    votes = {seats["employers"].id: YES, seats["workers"].id: YES, seats["government"].id: NO}
    old = meeting_of(body, *seats.values(), day=ON - timedelta(days=1))
    with pytest.raises(WrongUse, match="by consensus"):
        approved(old, ballot=Ballot(BY_MEMBER, votes))
    approved(meeting_of(body, *seats.values()), ballot=Ballot(BY_MEMBER, votes))
    with pytest.raises(WrongUse, match="Rules from that day or a later one are there already"):
        rules_set(actor="operator", kind=NATIONAL, country="VN", rules=rules, start=ON, source="Decree 2", at=AT)


def test_rules_are_not_changed_behind_a_decision(cast):
    body, seats = committee(cast)
    approved(meeting_of(body, *seats.values()))
    rules = kind_called(NATIONAL).shipped[0].value
    given = {"actor": "operator", "kind": NATIONAL, "country": "VN", "rules": rules, "at": AT}
    with pytest.raises(WrongUse, match="by the rules of then"):
        rules_set(start=ON, source="Decree 2", **given)
    with pytest.raises(WrongUse, match="Say where these rules are written"):
        rules_set(start=ON + timedelta(days=1), source=" ", **given)
    rules_set(start=ON + timedelta(days=1), source="Decree 2", **given)


def test_a_decision_is_changed_by_no_door_and_no_sql(cast):
    body, seats = committee(cast)
    decision = approved(meeting_of(body, *seats.values()), matter=brought())
    assert {"bodies_decision", "bodies_answer"} <= SEALED_TABLES and missing_seals() == []
    decision.text = "something else"
    for change in (
        decision.save,
        decision.delete,
        lambda: Decision.objects.update(outcome="refused"),
        lambda: Decision.objects.all().delete(),
        lambda: _sql("UPDATE bodies_decision SET outcome = 'refused'"),
        lambda: _sql("DELETE FROM bodies_decision"),
        lambda: _sql("INSERT OR REPLACE INTO bodies_decision SELECT * FROM bodies_decision"),
    ):
        with pytest.raises((DatabaseError, ValueError)), transaction.atomic():
            change()
    assert required().text == "The trial is approved."


def _sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_row_slipped_in_beside_its_document_does_not_count(cast):
    body, seats = committee(cast)
    matter = brought()
    meeting = meeting_of(body, *seats.values())
    first = approved(meeting, matter=matter, outcome=RETURNED, reasons="no")
    copy = Decision.objects.get(pk=first.pk)
    copy.pk, copy.number, copy.outcome, copy.reasons = "slipped-in", 2, "approved", ""
    copy.document = meeting_of_minutes(body, seats)
    copy.save(force_insert=True)
    with pytest.raises(NotDecided, match="is not what was sealed"):
        required()
    assert list(decisions_faults()) == ["decision slipped-in: it does not say what was sealed"]


def meeting_of_minutes(body, seats):
    meeting = meeting_of(body, *seats.values())
    minutes_write(actor="operator", meeting=meeting, text="They met.", at=AT)
    return minutes_adopt(actor="operator", meeting=meeting, on=ON, at=AT).minutes_document


def test_a_later_decision_takes_its_place_and_says_why(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values())
    first = approved(meeting, matter=brought())
    with pytest.raises(WrongUse, match="Say why the earlier decision is superseded"):
        approved(meeting, supersedes=first)
    second = approved(
        meeting,
        supersedes=first,
        why="The number of the decree was wrong",
        text="Approved, decree 12.",
        at=AT + timedelta(hours=1),
    )
    assert required() == second and second.document.supersedes == first.document
    with pytest.raises(WrongUse, match="took its place already"):
        approved(meeting, supersedes=first, why="again")


def test_advice_is_advice_and_gets_one_answer(cast):
    body = body_found(actor="operator", kind=ADVISORY, name="Advisory Committee", start=FIRST, at=AT)
    seats = [seated(cast, body, "employers", "employers"), seated(cast, body, "workers", "workers")]
    meeting = meeting_call(actor="operator", body=body, day=ON, remote=True, at=AT)
    attendance_note(actor="operator", meeting=meeting, present=[one.id for one in seats], at=AT)
    with pytest.raises(WrongUse, match="advises and does not decide"):
        approved(meeting)
    advice = approved(meeting, outcome=ADVICE, text="Publish more.")
    answer = {"actor": "operator", "decision": advice, "in_name_of": "Management Group", "at": AT}
    advice_answer(text="From January.", **answer)
    with pytest.raises(WrongUse, match="answered already"):
        advice_answer(text="Again.", **answer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.update(text="never")


def test_by_written_procedure_those_who_answer_are_the_quorum(cast):
    body = body_found(actor="operator", kind=MANAGEMENT, name="Management Group", start=FIRST, at=AT)
    one, two = seated(cast, body, "global", "ilo"), seated(cast, body, "second", "ifc")
    meeting = meeting_call(actor="operator", body=body, day=ON, written=True, at=AT)
    with pytest.raises(WrongUse, match="No member of the IFC is present"):
        approved(meeting, ballot=Ballot(BY_MEMBER, {one.id: YES}))
    with pytest.raises(WrongUse, match="each member answers for herself"):
        approved(meeting, ballot=Ballot(BY_SIDE, {one.id: YES, two.id: YES}))
    approved(meeting, ballot=Ballot(BY_MEMBER, {one.id: YES, two.id: YES}))
    pac, _seats = committee(cast)
    with pytest.raises(WrongUse, match="only when it meets"):
        meeting_call(actor="operator", body=pac, day=ON, written=True, at=AT)


def test_nothing_is_decided_before_the_day_or_after_the_minutes(cast):
    body, seats = committee(cast)
    later = meeting_call(actor="operator", body=body, day=ON + timedelta(days=5), place="Ministry", at=AT)
    with pytest.raises(WrongUse, match="has not come"):
        attendance_note(actor="operator", meeting=later, present=[], at=AT)
    with pytest.raises(WrongUse, match="has not come"):
        approved(later)
    meeting = meeting_of(body, *seats.values())
    minutes_write(actor="operator", meeting=meeting, text="They met.", at=AT)
    minutes_adopt(actor="operator", meeting=meeting, on=ON, at=AT)
    with pytest.raises(WrongUse, match="nothing is decided in it any more"):
        approved(meeting)
    with pytest.raises(WrongUse, match="nothing is added"):
        item_add(actor="operator", meeting=meeting, title="late", at=AT)


def test_subjects_are_opaque(cast):
    committee(cast)
    from betterwork.modules.bodies.tests.worlds import trial_declared

    trial_declared()
    for subject in ("with space", "a@b.example", "", "x" * 129):
        with pytest.raises(WrongUse, match="without spaces and @"):
            brought(subject)
    with pytest.raises(WrongUse, match="nothing called"):
        deciding.matter_bring(actor="operator", kind="no.such", subject="x", title="x", url="", country="VN", at=AT)
