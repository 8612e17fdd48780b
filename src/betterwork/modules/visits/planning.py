"""Writing plans: asked for, made by a job, accepted whole or visit by visit, put aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import digest
from betterwork.core.errors import WrongUse
from betterwork.core.planning.values import Cause, Planned, Reason, Rule
from betterwork.core.planning.values import Plan as Found
from betterwork.foundation.jobs.declaring import task_called
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.visits import telling
from betterwork.modules.visits.choosing import Choice, broken_by, overruled, persons_lock
from betterwork.modules.visits.models import Plan, Visit, VisitMember
from betterwork.modules.visits.problem import Asked, problem_digest
from betterwork.modules.visits.queries import team_of, with_team
from betterwork.modules.visits.rules import (
    ACCEPTED,
    ASIDE,
    ASSESSMENT,
    CANCELLED,
    FAILED,
    INSPECTOR,
    LEAD,
    MAKING,
    PARTNER,
    PLANNED,
    PROPOSED,
    SHORTEST_REASON,
    WEEK,
    Place,
    days_in_week,
    days_of,
    plan_refusal,
)
from betterwork.modules.visits.trail import visit_state, visits_recorded

PLANNED_BY = "visit.planned"
MAKE_JOB = "betterwork.modules.visits.jobs.plan_make"
"""Named, not imported: the solver is never loaded where pages are made."""


def _subject(plan: Plan) -> str:
    return f"visit-plan {plan.pk}"


def _state(plan: Plan) -> dict[str, Any]:
    """Of a plan the trail keeps whose it is and how it stands; not how many visits it holds, nor of whom."""
    return {"country": plan.country, "state": plan.state, "problem": plan.problem_digest}


@audited("visit-plan.asked", subject=_subject, state=_state)
def plan_ask(*, actor: str, country: str, first_day: date, last_day: date, at: datetime) -> Plan:
    """Ask for a plan of assessments for some weeks: a job makes it. Raises WrongUse while another one is open."""
    if refusal := plan_refusal(first_day, last_day, at.date() - timedelta(days=1)):
        raise WrongUse(str(refusal))
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                country=country, first_day=first_day, last_day=last_day, made_by=actor, made_at=at
            )
    except IntegrityError as error:
        raise WrongUse(_("A plan of this country waits to be looked at: accept it or put it aside first.")) from error
    job = job_enqueue(
        task=task_called(MAKE_JOB), actor=actor, arguments={"plan": plan.pk}, key=f"visit plan {plan.pk}", at=at
    )
    plan.job = str(job.pk)
    plan.save(update_fields=["job"])
    return plan


@audited("visit-plan.made", subject=_subject, state=_state, of="plan")
def plan_store(*, actor: str, plan: Plan, asked: Asked, found: Found, at: datetime) -> Plan:
    """Keep what the planner found: a proposed visit with its reasons for each factory placed, the rule for the others.

    Done again, or of a plan that was put aside meanwhile, it changes nothing.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != MAKING:
        return plan
    visits, members, unplaced = _proposals(plan, asked, found, at)
    Visit.objects.bulk_create(visits, batch_size=500)
    VisitMember.objects.bulk_create(members, batch_size=500)
    plan.unplaced = unplaced + [
        {
            "factory": int(one.factory),
            "rule": str(one.rule),
            "cause": str(one.cause),
            "detail": _plain(one.detail),
            "also": [str(rule) for rule in one.also],
            "instead": [str(rule) for rule in one.instead],
        }
        for one in found.unplaced
    ]
    quality = found.quality
    plan.quality = {
        "placed": len(visits),
        "unplaced": len(plan.unplaced),
        "at_most": quality.at_most,
        "better": quality.at_most - quality.placed,
        "out_of_time": quality.out_of_time,
        "whole": quality.whole,
    }
    plan.problem_digest, plan.state = problem_digest(asked.problem), PROPOSED
    plan.save(update_fields=["unplaced", "quality", "problem_digest", "state"])
    telling.plan_tell(plan, at)
    return plan


def _proposals(
    plan: Plan, asked: Asked, found: Found, at: datetime
) -> tuple[list[Visit], list[VisitMember], list[dict[str, Any]]]:
    """The visits of a plan on days of their weeks, and those for which a week had no days left."""
    alone = {one.key for one in asked.problem.advisors if one.alone}
    visits, members, left = [], [], []
    taken = _taken_before(plan, asked)
    load: dict[str, int] = {}
    for one in sorted(found.visits, key=lambda one: (one.week, one.factory)):
        busy = {day for person in one.pair for day in taken.get(person, ())}
        lot = int(digest(f"{plan.pk} {one.factory}".encode())[:8], 16)
        days = days_in_week(asked.working[one.week], asked.rules.days, busy, lot)
        if days is None:
            detail = {"weeks": [one.week.isoformat()], "advisors": list(one.pair)}
            full = {"rule": str(Rule.CAPACITY), "cause": str(Cause.FULL), "detail": detail, "also": [], "instead": []}
            left.append({"factory": int(one.factory), **full})
            continue
        visit = Visit(
            country=plan.country,
            factory_id=int(one.factory),
            kind=ASSESSMENT,
            first_day=days[0],
            last_day=days[1],
            state=PROPOSED,
            plan=plan,
            why=[_reason(reason) for reason in one.why],
            made_by=plan.made_by,
            made_at=at,
        )
        leads = _leads(one, alone, load)
        for person in one.pair:
            taken.setdefault(person, set()).update(days_of(*days))
            part = LEAD if person == leads else PARTNER
            members.append(VisitMember(visit=visit, person=person, part=part, added_by=plan.made_by, added_at=at))
        visits.append(visit)
    return visits, members, left


def _leads(one: Planned, alone: set[str], load: dict[str, int]) -> str:
    """Who leads: of those who assess alone the one who led least so far."""
    able = [person for person in one.pair if person in alone] or list(one.pair)
    chosen = min(able, key=lambda person: (load.get(person, 0), person))
    load[chosen] = load.get(chosen, 0) + 1
    return chosen


def _taken_before(plan: Plan, asked: Asked) -> dict[str, set[date]]:
    """The days on which each advisor is on an agreed visit of any kind already."""
    from betterwork.modules.visits.known import days_taken

    weeks = asked.problem.weeks
    return days_taken([one.key for one in asked.problem.advisors], min(weeks), max(weeks) + WEEK)


def _reason(reason: Reason) -> dict[str, Any]:
    return {"because": str(reason.because), "detail": _plain(reason.detail)}


def _plain(detail: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in detail.items()}


@audited("visit-plan.failed", subject=_subject, state=_state, of="plan")
def plan_fail(*, actor: str, plan: Plan, trouble: str, at: datetime) -> Plan:
    """Say why no plan could be made at all."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == MAKING:
        plan.state, plan.trouble, plan.ended_at = FAILED, trouble[:500], at
        plan.save(update_fields=["state", "trouble", "ended_at"])
        telling.plan_tell(plan, at)
    return plan


@audited("visit-plan.accepted", subject=_subject, state=_state, of="plan")
def plan_accept(*, actor: str, plan: Plan, at: datetime) -> Plan:
    """Agree to all that a plan still proposes, in one transaction, and tell the teams.

    What has changed since it was made counts: raises :class:`~.choosing.RulesBroken` that names what stands against a
    visit by now, and WrongUse for a plan that was decided on already. Then nothing of it is agreed.
    """
    plan = _open(plan)
    rows = plan.visits.select_for_update(of=("self",)).filter(state=PROPOSED)
    visits = list(with_team(rows.select_related("factory").prefetch_related("told")))
    _agree(visits, plan, actor, at)
    plan.state, plan.ended_at = ACCEPTED, at
    plan.save(update_fields=["state", "ended_at"])
    return plan


@transaction.atomic
def proposal_accept(*, actor: str, visit: Visit, at: datetime) -> Visit:
    """Agree to one visit that a plan proposes; with the last one the plan is accepted. As :func:`plan_accept`."""
    plan = _open(visit.plan)
    found = with_team(plan.visits.filter(pk=visit.pk, state=PROPOSED).select_related("factory")).first()
    if found is None:
        raise WrongUse(_("This visit was decided on already."))
    _agree([found], plan, actor, at)
    if not plan.visits.filter(state=PROPOSED).exists():
        _plan_over(actor=actor, plan=plan, at=at)
    return found


@audited("visit-plan.accepted", subject=_subject, state=_state, of="plan")
def _plan_over(*, actor: str, plan: Plan, at: datetime) -> Plan:
    plan.state, plan.ended_at = ACCEPTED, at
    plan.save(update_fields=["state", "ended_at"])
    return plan


def _agree(visits: Sequence[Visit], plan: Plan, actor: str, at: datetime) -> None:
    """Make proposals visits. Each is looked at again, for the trail says what was agreed and not what was hoped."""
    teams = {one.pk: [Place(member.person, member.part) for member in team_of(one)] for one in visits}
    persons_lock(place.person for team in teams.values() for place in team)
    choices = [
        Choice(one.factory, one.kind, one.first_day, one.last_day, tuple(teams[one.pk]), one.joint, one.pk)
        for one in visits
    ]
    excused = {(str(one.factory_id), code) for one in visits for code in one.overruled}
    found = broken_by(choices, at=at, plan=plan, proposals=False)
    called = {str(one.factory_id): one.factory.name for one in visits} if len(visits) > 1 else {}
    overruled([one for one in found if (one.factory, str(one.rule)) not in excused], "", called)
    before = [visit_state(one) for one in visits]
    Visit.objects.filter(pk__in=[one.pk for one in visits]).update(state=PLANNED)
    for one in visits:
        one.state = PLANNED
    visits_recorded(PLANNED_BY, list(zip(before, visits, strict=True)), actor=actor, at=at)
    everybody = [place for team in teams.values() for place in team]
    staff = {place.person for place in everybody if place.part != INSPECTOR}
    inspectors = {place.person for place in everybody if place.part == INSPECTOR}
    if len(visits) == 1:
        telling.team_tell(telling.ON_IT, visits[0], staff, at, inspectors=inspectors)
    else:
        telling.plan_agreed_tell(plan, staff, at, inspectors=inspectors)


@audited("visit-plan.put-aside", subject=_subject, state=_state, of="plan")
def plan_put_aside(*, actor: str, plan: Plan, reason: str, at: datetime) -> Plan:
    """Put a plan aside with what it still proposes; what was agreed of it stays. Raises WrongUse without a reason."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state not in (MAKING, PROPOSED):
        raise WrongUse(_("This plan was decided on already."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise WrongUse(_("Say why in a sentence."))
    left = plan.visits.filter(state=PROPOSED)
    left.update(state=CANCELLED, cancelled_by=actor, cancelled_at=at, cancelled_why=reason.strip())
    plan.state, plan.ended_at, plan.aside_why = ASIDE, at, reason.strip()[:500]
    plan.save(update_fields=["state", "ended_at", "aside_why"])
    return plan


def _open(plan: Plan | None) -> Plan:
    found = Plan.objects.select_for_update().filter(pk=plan.pk if plan else "").first()
    if found is None or found.state != PROPOSED:
        raise WrongUse(_("This plan was decided on already, or is not there yet."))
    return found
