"""Agreeing, changing, calling off visits; arrival; time spent; what the rules forbid and what a reason overrules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.models import Event
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.notices.models import Notice
from betterwork.modules.registry.models import Ownership
from betterwork.modules.registry.services import factory_merge
from betterwork.modules.visits.calendar import time_by_service
from betterwork.modules.visits.choosing import RulesBroken
from betterwork.modules.visits.models import TimeSpent, Visit, VisitMember
from betterwork.modules.visits.queries import assesses, team_of, visit_called, visits_to_take, visits_with
from betterwork.modules.visits.rules import (
    CANCELLED,
    DONE,
    INSPECTOR,
    INTERPRETER,
    LEAD,
    OBSERVER,
    PARTS,
    PLANNED,
    UNDER_WAY,
    Place,
)
from betterwork.modules.visits.services import (
    arrival_record,
    time_enter,
    visit_cancel,
    visit_change,
    visit_end,
    visit_tell,
)
from betterwork.modules.visits.tests.making import (
    MONDAY,
    NOW,
    TODAY,
    WHY,
    a_factory,
    agreed,
    another_advisor,
    in_conflict,
    known,
    on_leave,
    pair,
    places,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("C1")]
TUESDAY = MONDAY + timedelta(days=1)


def changed(cast: Any, visit: Visit, *team: str, first: Any = None, **more: Any) -> Visit:
    begins = first or visit.first_day
    given: dict[str, Any] = {"reason": WHY, "first_day": begins, "last_day": begins + timedelta(days=1)} | more
    leader = cast.person("leader").public_id
    return visit_change(actor=leader, visit=visit, team=places(*team), at=NOW, **given)


def test_an_agreed_visit_is_known_to_its_team_and_to_other_rooms_by_its_key(cast: Any) -> None:
    visit = agreed(cast)
    facts = visit_called(visit.pk)
    assert facts.team == ("p-advisor", "p-partner")
    assert (facts.kind, facts.state, facts.unannounced, facts.arrived_at) == ("assessment", "planned", True, None)
    assert list(visits_with("p-advisor")) == [visit.pk]
    assert [one.key for one in visits_to_take("p-partner", TODAY)] == [visit.pk]
    assert visits_to_take("p-partner", visit.last_day + timedelta(days=60)) == []
    assert list(visits_with("p-leader")) == []
    with pytest.raises(WrongUse, match="no such visit"):
        visit_called("0" * 32)


def test_who_comes_along_is_no_assessor(cast: Any) -> None:
    interpreter = cast.person("analyst").public_id
    visit = agreed(cast, team=[*places(*pair(cast)), Place(interpreter, INTERPRETER)])
    assert interpreter not in visit_called(visit.pk).team
    assert list(visits_with(interpreter)) == []
    assert len(team_of(visit)) == 3


def test_the_team_is_told_that_there_is_something_and_not_what(cast: Any) -> None:
    visit = agreed(cast)
    told = Notice.objects.filter(kind="visits.on-it")
    assert set(told.values_list("person", flat=True)) == {"p-advisor", "p-partner"}
    assert all(one.facts == {} and one.url == f"/visits/{visit.pk}/" for one in told)
    assert not Event.objects.filter(name__startswith="visits.").exists(), (
        "nothing is told to other rooms before arrival"
    )


@pytest.mark.parametrize("about", ["factory:VN/1", "organisation:own-1"])
def test_who_has_a_conflict_of_interest_is_not_sent_whatever_the_reason(cast: Any, about: str) -> None:
    factory, team = a_factory(), pair(cast)
    Ownership.objects.create(factory=factory, organisation="own-1", written_by="operator", written_at=NOW)
    in_conflict(team[1], about)
    with pytest.raises(RulesBroken, match="conflict of interest") as broken:
        agreed(cast, factory, team=places(*team), why=WHY)
    assert broken.value.never
    assert not Visit.objects.exists()


def test_an_owner_of_the_past_is_no_conflict_any_more(cast: Any) -> None:
    factory, team = a_factory(), pair(cast)
    for key, since in (("own-1", None), ("own-2", TODAY - timedelta(days=30))):
        Ownership.objects.create(factory=factory, organisation=key, since=since, written_by="operator", written_at=NOW)
    in_conflict(team[1], "organisation:own-1")
    assert agreed(cast, factory, team=places(*team)).state == "planned"


def test_a_conflict_with_a_record_that_was_merged_is_one_with_the_factory(cast: Any) -> None:
    kept, gone, team = a_factory("1"), a_factory("2"), pair(cast)
    in_conflict(team[0], "factory:VN/2")
    factory_merge(actor="operator", kept=kept, gone=gone, reason="one factory", at=NOW)
    with pytest.raises(RulesBroken, match="conflict of interest"):
        agreed(cast, kept, team=places(*team))


def test_leave_and_another_visit_on_the_same_day_are_never_overruled(cast: Any) -> None:
    team = pair(cast)
    on_leave(team[0], TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=9))
    with pytest.raises(RulesBroken, match="on leave") as broken:
        agreed(cast, team=places(*team), why=WHY)
    assert broken.value.never
    other = another_advisor("third")
    visit = agreed(cast, a_factory("2"), team=places(other, team[1]))
    with pytest.raises(RulesBroken, match="another visit"):
        agreed(cast, a_factory("3"), team=places(team[1], another_advisor("fourth")), why=WHY)
    visit_cancel(actor="p-leader", visit=visit, reason=WHY, at=NOW)
    agreed(cast, a_factory("4"), team=places(team[1], "p-fourth"))


def test_leave_on_other_days_of_the_week_hinders_nobody(cast: Any) -> None:
    team = pair(cast)
    on_leave(team[0], MONDAY, MONDAY)
    assert agreed(cast, first=TUESDAY, team=places(*team)).overruled == []


@pytest.mark.parametrize(
    ("what", "says"),
    [("language", "leads interviews in Vietnamese"), ("window", "outside the weeks"), ("lead", "assesses alone")],
)
def test_other_rules_are_overruled_with_a_reason_that_is_kept(cast: Any, what: str, says: str) -> None:
    factory = a_factory(began=TODAY if what == "window" else None)
    language, level = ("km" if what == "language" else "vi"), ("with-another" if what == "lead" else "alone")
    team = [known(cast.person(one).public_id, language=language, level=level) for one in ("advisor", "partner")]
    with pytest.raises(RulesBroken, match=says) as broken:
        agreed(cast, factory, team=places(*team))
    assert not broken.value.never
    visit = agreed(cast, factory, team=places(*team), why=WHY)
    assert (visit.overruled, visit.overruled_why) == ([what], WHY)


def test_who_assessed_the_last_time_comes_again_only_with_a_reason(cast: Any) -> None:
    factory = a_factory()
    first = agreed(cast, factory, first=TODAY - timedelta(days=3), why=WHY)
    arrival_record(actor="p-advisor", visit=first, on=first.first_day, at=NOW)
    visit_end(actor="p-partner", visit=first, at=NOW)
    with pytest.raises(RulesBroken, match="assessed it the last time"):
        agreed(cast, factory, first=TODAY + timedelta(days=364), team=places("p-advisor", another_advisor("third")))


def test_a_second_assessment_of_a_factory_waits_for_the_first(cast: Any) -> None:
    factory = a_factory()
    agreed(cast, factory)
    with pytest.raises(RulesBroken, match="to come already"):
        agreed(cast, factory, first=MONDAY + timedelta(days=15), why=WHY)


def test_two_who_agree_at_the_same_time_are_held_apart_by_the_database(cast: Any) -> None:
    visit = agreed(cast)
    visit.pk = "f" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save(force_insert=True)


@pytest.mark.parametrize("word", ["abroad", "inspector", "factory", "buyer", "nobody"])
def test_only_who_works_in_the_country_is_sent(cast: Any, word: str) -> None:
    team = pair(cast)
    for part in (LEAD, OBSERVER):
        wanted = [Place(cast.person(word).public_id, part), *places(*team)[0 if part == OBSERVER else 1 :]]
        with pytest.raises(WrongUse):
            agreed(cast, a_factory(part), team=wanted, why=WHY)
    assert not Visit.objects.exists()


def test_assessments_are_not_announced_and_advice_may_be(cast: Any) -> None:
    with pytest.raises(WrongUse, match="not announced"):
        agreed(cast, unannounced=False)
    factory = a_factory("2")
    visit = agreed(cast, factory, kind="advice", unannounced=False, team=places("p-advisor"))
    assert not visit.unannounced


def test_inspectors_come_along_where_the_protocol_says_so_alone(cast: Any) -> None:
    inspector = Place(cast.person("inspector").public_id, INSPECTOR)
    with pytest.raises(WrongUse, match="no joint visits"):
        agreed(cast, team=[*places(*pair(cast)), inspector], joint=True)
    with pytest.raises(WrongUse, match="joint visits alone"):
        agreed(cast, a_factory("2"), team=[*places(*pair(cast)), inspector])


def test_a_changed_team_is_told_and_who_left_reads_nothing_any_more(cast: Any) -> None:
    visit = agreed(cast)
    third = another_advisor("third")
    visit = changed(cast, visit, "p-advisor", third)
    assert [one.person for one in team_of(visit)] == ["p-advisor", third]
    assert list(visits_with("p-partner")) == []
    gone = Notice.objects.get(person="p-partner", kind="visits.off-it")
    assert visit.pk not in gone.url
    assert Notice.objects.filter(person=third, kind="visits.on-it").exists()
    assert visit.members.filter(person="p-partner", left_why=WHY, left_by="p-leader").exists()
    back = changed(cast, visit, "p-partner", "p-advisor")
    assert [(one.person, one.part) for one in team_of(back)] == [("p-partner", "lead"), ("p-advisor", "partner")]


def test_a_change_needs_a_reason_and_keeps_the_rules(cast: Any) -> None:
    visit, third = agreed(cast), another_advisor("third")
    with pytest.raises(WrongUse, match="Say why"):
        changed(cast, visit, "p-advisor", third, reason=" ")
    in_conflict(third, "factory:VN/1")
    with pytest.raises(RulesBroken, match="conflict"):
        changed(cast, visit, "p-advisor", third)
    later = changed(cast, visit, "p-advisor", "p-partner", first=MONDAY + timedelta(days=8))
    assert later.first_day == MONDAY + timedelta(days=8)
    assert later.overruled == []


def test_arrival_ends_the_secrecy_once_and_is_the_teams_to_record(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    with pytest.raises(WrongUse, match="on the visit"):
        arrival_record(actor="p-leader", visit=visit, on=TODAY, at=NOW)
    arrived = arrival_record(actor="p-partner", visit=visit, on=TODAY, at=NOW)
    assert (arrived.state, arrived.arrived_on, arrived.arrived_by) == ("under-way", TODAY, "p-partner")
    assert visit.pk in str(Event.objects.get(name="visits.visit.arrived").content)
    with pytest.raises(WrongUse, match="once"):
        arrival_record(actor="p-advisor", visit=visit, on=TODAY, at=NOW)
    with pytest.raises(WrongUse, match="has begun"):
        changed(cast, visit, "p-advisor", "p-partner")
    assert visit_end(actor="p-advisor", visit=visit, at=NOW).state == "done"
    with pytest.raises(WrongUse, match="over already"):
        visit_cancel(actor="p-leader", visit=visit, reason=WHY, at=NOW)


def test_a_visit_to_come_has_not_arrived_and_is_not_done(cast: Any) -> None:
    visit = agreed(cast)
    with pytest.raises(WrongUse, match="has not begun"):
        arrival_record(actor="p-advisor", visit=visit, on=visit.first_day, at=NOW)
    with pytest.raises(WrongUse, match="Record first"):
        visit_end(actor="p-advisor", visit=visit, at=NOW)


def test_only_staff_of_the_country_are_told_before_arrival(cast: Any) -> None:
    visit = agreed(cast)
    for word in ("factory", "buyer", "inspector", "committee", "abroad", "workers", "donor"):
        with pytest.raises(WrongUse, match="Only staff"):
            visit_tell(actor="p-leader", visit=visit, person=cast.person(word).public_id, why=WHY, at=NOW)
    analyst = cast.person("analyst").public_id
    visit_tell(actor="p-leader", visit=visit, person=analyst, why=WHY, at=NOW)
    for person in (analyst, "p-advisor"):
        with pytest.raises(WrongUse, match="already"):
            visit_tell(actor="p-leader", visit=visit, person=person, why=WHY, at=NOW)


def test_the_trail_says_neither_where_nor_when_nor_who_before_arrival(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    visit_tell(actor="p-leader", visit=visit, person=cast.person("analyst").public_id, why=WHY, at=NOW)
    time_enter(actor="p-advisor", visit=visit, day=TODAY, activity="preparation", minutes=60, at=NOW)
    entries = [one for one in entries_search().entries if one.action.startswith("visit")]
    assert {one.action for one in entries} == {"visit.planned", "visit.told", "visit.time.entered"}
    for one in entries:
        said = f"{one.subject} {one.content}"
        for secret in ("VN", "Works", TODAY.isoformat(), "p-partner", "p-analyst", "assessment"):
            assert secret not in said
        assert set(one.content["after"]) <= {"state", "sealed"}
    assert visit.pk not in next(one for one in entries if one.action == "visit.time.entered").subject
    arrival_record(actor="p-advisor", visit=visit, on=TODAY, at=NOW)
    (entry,) = entries_search(action="visit.arrived").entries
    assert entry.content["after"]["from"] == TODAY.isoformat()


def test_the_digest_in_the_trail_changes_with_what_it_seals_and_cannot_be_guessed(cast: Any) -> None:
    visit = agreed(cast)
    other = Visit.objects.get(pk=visit.pk)
    assert len(other.salt) == 32
    changed(cast, visit, "p-partner", "p-advisor")
    (entry,) = entries_search(action="visit.changed").entries
    assert entry.content["before"]["sealed"] != entry.content["after"]["sealed"]


def test_time_is_entered_by_day_and_summed_by_service(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    advice = agreed(cast, a_factory("2"), kind="advice", first=TODAY + timedelta(days=3), team=places("p-advisor"))
    given: dict[str, Any] = {"actor": "p-advisor", "day": TODAY, "at": NOW}
    time_enter(visit=visit, activity="travel", minutes=90, **given)
    time_enter(visit=visit, activity="travel", minutes=120, **given)
    time_enter(visit=advice, activity="preparation", minutes=360, **given)
    assert TimeSpent.objects.count() == 2, "entered again, the new figure counts"
    shares = {one.kind: one for one in time_by_service("VN", TODAY.year)}
    assert (shares["assessment"].minutes, shares["assessment"].visits, shares["assessment"].share) == (120, 1, 0.25)
    assert (shares["advice"].share, shares["advice"].meant) == (0.75, 50)
    with pytest.raises(WrongUse, match="more than a day"):
        time_enter(visit=visit, activity="report", minutes=1200, **given)
    with pytest.raises(WrongUse, match="on the visit"):
        time_enter(visit=visit, activity="report", minutes=60, **{**given, "actor": "p-leader"})
    time_enter(visit=visit, activity="travel", minutes=0, **given)
    assert TimeSpent.objects.count() == 1
    with pytest.raises(WrongUse, match="nothing to take away"):
        time_enter(visit=visit, activity="travel", minutes=0, **given)


def test_who_assesses_a_visit_is_told_alike_for_one_and_for_all(cast: Any) -> None:
    visit = agreed(cast)
    VisitMember.objects.filter(visit=visit).delete()
    given = {"added_by": "operator", "added_at": NOW}
    for part in PARTS:
        for left in (None, NOW):
            VisitMember.objects.create(visit=visit, person=f"p-{part}-{left is None}", part=part, left_at=left, **given)
    people = [f"p-{part}-{here}" for part in PARTS for here in (True, False)] + ["p-stranger"]
    told = set()
    asks_for = {
        UNDER_WAY: {"arrived_at": NOW, "arrived_on": NOW.date()},
        CANCELLED: {"cancelled_at": NOW, "cancelled_why": "Flood"},
    }
    for state in (PLANNED, UNDER_WAY, DONE, CANCELLED):
        Visit.objects.filter(pk=visit.pk).update(state=state, **asks_for.get(state, {}))
        for person in people:
            answer = assesses(person, visit.pk)
            assert answer == visits_with(person).filter(visit=visit).exists(), (state, person)
            told.add(answer)
    assert told == {True, False}
    assert not assesses("p-lead-True", "0" * 32)


def test_what_is_stored_is_held_to_its_meaning_by_the_database(cast: Any) -> None:
    visit = agreed(cast)
    for wrong in (
        {"state": "under-way"},
        {"state": "cancelled"},
        {"state": "proposed"},
        {"last_day": visit.first_day - timedelta(days=1)},
        {"kind": "holiday"},
        {"overruled": ["window"], "overruled_why": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(**wrong)
