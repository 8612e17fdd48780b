"""Plans: asked for, made by a job, agreed whole or one by one, changed, put aside; at the same time and cut off."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.notices.models import Notice
from betterwork.modules.visits import planning
from betterwork.modules.visits.choosing import RulesBroken
from betterwork.modules.visits.models import Plan
from betterwork.modules.visits.planning import plan_accept, plan_ask, plan_put_aside, proposal_accept
from betterwork.modules.visits.problem import problem_digest, problem_of
from betterwork.modules.visits.proposals import job_trouble, months_of, proposals_of, unplaced_of
from betterwork.modules.visits.queries import team_of
from betterwork.modules.visits.rules import days_of
from betterwork.modules.visits.services import visit_cancel, visit_change
from betterwork.modules.visits.tests.making import (
    MONDAY,
    NOW,
    TODAY,
    WHY,
    a_factory,
    agreed,
    another_advisor,
    in_conflict,
    on_leave,
    pair,
    places,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("C1")]
LAST = MONDAY + timedelta(days=69)


def made(cast: Any, *, factories: int = 4, advisors: int = 2) -> Plan:
    """A plan of ten weeks for some factories and two advisors and more, as the job makes it."""
    for number in range(1, factories + 1):
        a_factory(str(number))
    pair(cast)
    for number in range(advisors - 2):
        another_advisor(f"more{number}")
    plan = plan_ask(actor=cast.person("leader").public_id, country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    assert jobs_run_all(NOW) >= 1
    plan.refresh_from_db()
    return plan


def test_a_plan_proposes_pairs_on_days_with_reasons_and_tells_nobody_but_who_asked(cast: Any) -> None:
    plan = made(cast)
    assert (plan.state, plan.unplaced, plan.quality["placed"]) == ("proposed", [], 4)
    visits = list(plan.visits.all())
    for one in visits:
        assert one.state == "proposed"
        assert sorted(member.part for member in team_of(one)) == ["lead", "partner"]
        assert (one.last_day - one.first_day).days == 1
        assert one.first_day.weekday() < 4 and one.last_day.weekday() < 5
        assert one.why
    days = [day for one in visits for day in days_of(one.first_day, one.last_day)]
    assert len(days) == len(set(days)), "the two are in one place at a time"
    assert set(Notice.objects.values_list("person", "kind")) == {("p-leader", "visits.plan.ready")}
    entries = [one for one in entries_search().entries if one.subject == f"visit-plan {plan.pk}"]
    assert [one.action for one in entries] == ["visit-plan.made", "visit-plan.asked"]
    assert "p-advisor" not in str([one.content for one in entries])


def test_reasons_are_sentences_with_names(cast: Any) -> None:
    plan = made(cast, factories=1)
    ((month, count),) = months_of(plan)
    (week,), agreed_ones = proposals_of(plan, month)
    said = " ".join(week.proposals[0].why)
    assert (count, agreed_ones) == (1, 0)
    assert "overdue" in said and "Vietnamese" in said and "Advisor of the cast" in said
    assert "p-advisor" not in said


def test_what_cannot_be_placed_names_its_rule_and_what_to_do(cast: Any) -> None:
    factory = a_factory("1")
    a_factory("2")
    first, _second = pair(cast)
    in_conflict(first, "factory:VN/1")
    plan = plan_ask(actor=cast.person("leader").public_id, country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    jobs_run_all(NOW)
    plan.refresh_from_db()
    assert [one.factory.outside_id for one in plan.visits.all()] == ["2"]
    (left,) = unplaced_of(plan)
    assert left.factory == factory.name
    assert "conflict of interest" in left.rule
    assert "Advisor of the cast" in left.why
    assert left.to_do


def test_nobody_who_leads_interviews_is_free_is_said_with_the_language_and_the_weeks(cast: Any) -> None:
    a_factory("1")
    first, second = pair(cast)
    third = another_advisor("third", able=False)
    on_leave(first, MONDAY, LAST + timedelta(days=7))
    on_leave(second, MONDAY, LAST + timedelta(days=7))
    another_advisor("fourth", able=False)
    assert third
    plan = plan_ask(actor=cast.person("leader").public_id, country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    jobs_run_all(NOW)
    plan.refresh_from_db()
    (left,) = unplaced_of(plan)
    assert left.why and "%(" not in left.why


def test_where_nothing_can_be_planned_the_plan_says_why(cast: Any) -> None:
    plan = plan_ask(actor=cast.person("leader").public_id, country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    jobs_run_all(NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.trouble) == ("failed", "No factory is due between these days.")
    again = plan_ask(actor="p-leader", country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    a_factory()
    jobs_run_all(NOW)
    again.refresh_from_db()
    assert "fewer advisors" in again.trouble


def test_one_plan_of_a_country_is_open_at_a_time(cast: Any) -> None:
    plan = made(cast, factories=1)
    with pytest.raises(WrongUse, match="waits to be looked at"):
        plan_ask(actor="p-leader", country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    plan_put_aside(actor="p-leader", plan=plan, reason=WHY, at=NOW)
    assert set(plan.visits.values_list("state", flat=True)) == {"cancelled"}
    assert plan_ask(actor="p-leader", country="VN", first_day=MONDAY, last_day=LAST, at=NOW).state == "making"


def test_the_same_is_made_of_the_same(cast: Any) -> None:
    plan = made(cast, factories=3, advisors=4)
    asked = problem_of("VN", MONDAY, LAST, NOW)
    assert plan.problem_digest == problem_digest(asked.problem)
    on_leave("p-advisor", MONDAY, MONDAY)
    assert problem_digest(problem_of("VN", MONDAY, LAST, NOW).problem) != plan.problem_digest


def test_agreed_whole_every_team_is_told_and_the_trail_has_every_visit(cast: Any) -> None:
    plan = plan_accept(actor="p-leader", plan=made(cast), at=NOW)
    assert plan.state == "accepted"
    assert set(plan.visits.values_list("state", flat=True)) == {"planned"}
    assert set(Notice.objects.filter(kind="visits.on-it").values_list("person", "url")) == {
        ("p-advisor", "/visits/"),
        ("p-partner", "/visits/"),
    }, "once each, however many visits are hers"
    entries = entries_search(action="visit.planned").entries
    assert {one.subject for one in entries} == {f"visit {one.pk}" for one in plan.visits.all()}
    assert all(one.content["before"]["state"] == "proposed" for one in entries)
    with pytest.raises(WrongUse, match="decided on already"):
        plan_accept(actor="p-leader", plan=plan, at=NOW)


def test_agreed_one_by_one_the_last_one_closes_the_plan(cast: Any) -> None:
    plan = made(cast, factories=2)
    first, second = plan.visits.order_by("first_day")
    proposal_accept(actor="p-leader", visit=first, at=NOW)
    with pytest.raises(WrongUse, match="already"):
        proposal_accept(actor="p-leader", visit=first, at=NOW)
    plan.refresh_from_db()
    assert plan.state == "proposed"
    proposal_accept(actor="p-leader", visit=second, at=NOW)
    plan.refresh_from_db()
    assert plan.state == "accepted"


@pytest.mark.parametrize("what", ["leave", "conflict", "visit"])
def test_what_came_between_the_proposal_and_the_yes_counts_and_then_nothing_is_agreed(cast: Any, what: str) -> None:
    plan = made(cast, factories=3)
    one = plan.visits.order_by("first_day")[1]
    if what == "leave":
        on_leave("p-advisor", one.first_day, one.first_day)
    elif what == "conflict":
        in_conflict("p-advisor", f"factory:VN/{one.factory.outside_id}")
    else:
        agreed(cast, a_factory("9"), kind="advice", first=one.last_day, team=places("p-partner"))
    with pytest.raises(RulesBroken, match=f"{one.factory.name}: "):
        plan_accept(actor="p-leader", plan=plan, at=NOW)
    assert set(plan.visits.values_list("state", flat=True)) == {"proposed"}
    assert not entries_search(action="visit-plan.accepted").entries


def test_a_proposal_is_changed_with_a_reason_and_then_agreed_as_it_is(cast: Any) -> None:
    plan = made(cast, factories=2)
    one = plan.visits.order_by("first_day")[0]
    other = another_advisor("other", able=False)
    given: dict[str, Any] = {"actor": "p-leader", "first_day": one.first_day, "last_day": one.last_day, "at": NOW}
    in_conflict(other, f"factory:VN/{one.factory.outside_id}")
    with pytest.raises(RulesBroken):
        visit_change(visit=one, team=places("p-advisor", other), reason=WHY, **given)
    second = another_advisor("second", able=False)
    third = another_advisor("third", able=False)
    changed = visit_change(visit=one, team=places(second, third), reason=WHY, **given)
    assert set(changed.overruled) == {"language", "competence", "lead"}
    assert not Notice.objects.filter(kind="visits.on-it").exists()
    plan_accept(actor="p-leader", plan=plan, at=NOW)
    told = set(Notice.objects.filter(kind="visits.on-it").values_list("person", flat=True))
    assert told == {"p-advisor", "p-partner", second, third}


def test_what_is_agreed_already_takes_its_room_in_the_next_plan(cast: Any) -> None:
    agreed(cast, a_factory("9"))
    plan = made(cast, factories=2)
    weeks = {one.first_day.isocalendar()[:2] for one in plan.visits.all()}
    assert MONDAY.isocalendar()[:2] not in weeks
    assert plan.quality["placed"] == 2, "and the factory that has a visit gets no second one"


def test_power_that_goes_between_two_visits_leaves_none_of_them_agreed(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = made(cast, factories=3)
    record = planning.visits_recorded

    def cut(action: str, visits: list[Any], *, actor: str, at: Any) -> None:
        record(action, visits[:2], actor=actor, at=at)
        raise KeyboardInterrupt

    monkeypatch.setattr(planning, "visits_recorded", cut)
    with pytest.raises(KeyboardInterrupt):
        plan_accept(actor="p-leader", plan=plan, at=NOW)
    plan.refresh_from_db()
    assert plan.state == "proposed"
    assert set(plan.visits.values_list("state", flat=True)) == {"proposed"}
    assert not Notice.objects.filter(kind="visits.on-it").exists()
    assert not entries_search(action="visit.planned").entries
    monkeypatch.undo()
    assert plan_accept(actor="p-leader", plan=plan, at=NOW).state == "accepted"


def test_a_job_that_is_run_again_makes_the_plan_once(cast: Any) -> None:
    plan = made(cast, factories=2)
    asked = problem_of("VN", MONDAY, LAST, NOW)
    from betterwork.core.planning.solving import plan as solve

    planning.plan_store(actor="p-leader", plan=plan, asked=asked, found=solve(asked.problem), at=NOW)
    assert plan.visits.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_once_one_does(cast: Any) -> None:
    plan = made(cast, factories=2)
    came: list[str] = []
    gate = threading.Barrier(2)

    def agree() -> None:
        gate.wait()
        while True:
            try:
                plan_accept(actor="p-leader", plan=Plan.objects.get(pk=plan.pk), at=NOW)
            except WrongUse:
                came.append("refused")
            except OperationalError:  # SQLite in memory does not wait for its turn
                time.sleep(0.05)
                continue
            else:
                came.append("agreed")
            break
        connection.close()

    threads = [threading.Thread(target=agree) for _number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(came) == ["agreed", "refused"]
    assert Notice.objects.filter(kind="visits.on-it").count() == 2
    assert len(entries_search(action="visit.planned").entries) == 2


def test_a_plan_whose_job_failed_for_good_says_so_and_can_be_put_aside(cast: Any) -> None:
    plan = plan_ask(actor=cast.person("leader").public_id, country="VN", first_day=MONDAY, last_day=LAST, at=NOW)
    assert job_trouble(plan) == ""
    Job.objects.update(state="failed")
    assert "ask again" in job_trouble(plan)
    assert plan_put_aside(actor="p-leader", plan=plan, reason=WHY, at=NOW).state == "aside"


def test_a_proposal_that_is_struck_off_is_no_part_of_the_plan_any_more(cast: Any) -> None:
    plan = made(cast, factories=2)
    one, other = plan.visits.order_by("first_day")
    visit_cancel(actor="p-leader", visit=one, reason=WHY, at=NOW)
    assert sum(count for _month, count in months_of(plan)) == 1
    assert not Notice.objects.filter(kind="visits.changed").exists(), "nobody knew of it"
    plan_accept(actor="p-leader", plan=plan, at=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == ("cancelled", "planned")


def test_a_planned_week_has_only_working_days_of_the_country(cast: Any) -> None:
    from betterwork.modules.visits.problem import weeks_worked

    weeks = weeks_worked("VN", TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31), 2)
    assert all(day.weekday() < 5 for days in weeks.values() for day in days)
    assert len(weeks) in (50, 51, 52), "the week of the lunar new year has no room"
