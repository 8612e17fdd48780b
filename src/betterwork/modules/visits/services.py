"""Every write about single visits: planned, changed, told, arrived, done, called off; time spent on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.registry.models import Factory
from betterwork.modules.staff.policy import WORKS
from betterwork.modules.visits import telling
from betterwork.modules.visits.choosing import Choice, choice_checked, roles_held
from betterwork.modules.visits.events import VisitArrived, VisitDone
from betterwork.modules.visits.models import TimeSpent, Told, Visit, VisitMember
from betterwork.modules.visits.queries import team_of
from betterwork.modules.visits.rules import (
    ACTIVITIES,
    AGREED,
    ASSESSMENT,
    CANCELLED,
    DONE,
    INSPECTOR,
    KINDS,
    MOST_MINUTES,
    PLANNED,
    PROPOSED,
    SHORTEST_REASON,
    UNDER_WAY,
    Place,
    arrival_refusal,
    time_refusal,
)
from betterwork.modules.visits.trail import time_state, time_subject, visit_state, visit_subject


@audited("visit.planned", subject=visit_subject, state=visit_state)
def visit_plan(
    *,
    actor: str,
    factory: Factory,
    kind: str,
    first_day: date,
    last_day: date,
    team: Sequence[Place],
    at: datetime,
    unannounced: bool = True,
    joint: bool = False,
    why: str = "",
) -> Visit:
    """Agree a visit and tell its team.

    ``why`` is the reason for which a rule of the country is overruled. Raises :class:`~.choosing.RulesBroken` where
    one is broken without a reason, or where none would do, and WrongUse for a team or days that cannot be.
    """
    if kind not in KINDS:
        raise WrongUse(_("A visit is for assessment, advice, training or inspection."))
    if kind == ASSESSMENT and not unannounced:
        raise WrongUse(_("Assessments are not announced."))
    choice = Choice(factory, kind, first_day, last_day, tuple(team), joint)
    codes = choice_checked(choice, why=why, at=at)
    visit = Visit.objects.create(
        country=factory.country,
        factory=factory,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        unannounced=unannounced,
        joint=joint,
        state=PLANNED,
        overruled=codes,
        overruled_why=why.strip() if codes else "",
        made_by=actor,
        made_at=at,
    )
    _members_add(visit, team, actor, at)
    _team_told(telling.ON_IT, visit, list(team), at)
    return visit


@audited("visit.changed", subject=visit_subject, state=visit_state, of="visit")
def visit_change(
    *,
    actor: str,
    visit: Visit,
    first_day: date,
    last_day: date,
    team: Sequence[Place],
    reason: str,
    at: datetime,
    joint: bool | None = None,
    overrule: bool = True,
) -> Visit:
    """Give a proposed or planned visit another team or other days, and tell those whom it concerns.

    ``overrule``: whether the reason overrules rules too, or only says why it is changed. Raises
    :class:`~.choosing.RulesBroken` for what a conflict of interest, leave or another visit forbids, for any broken rule
    where none is overruled, and WrongUse without a reason, for a visit that has begun or was called off, and for a team
    or days that cannot be.
    """
    found = _locked(visit)
    if found.state not in (PROPOSED, PLANNED):
        raise WrongUse(_("This visit has begun or is over: its team and days are what they were."))
    _reason_check(reason)
    with_whom = found.joint if joint is None else joint
    plan = found.plan if found.state == PROPOSED else None
    choice = Choice(found.factory, found.kind, first_day, last_day, tuple(team), with_whom, found.pk, plan)
    found.overruled = choice_checked(choice, why=reason if overrule else "", at=at)
    found.overruled_why = reason.strip()
    found.first_day, found.last_day, found.joint = first_day, last_day, with_whom
    found.save(update_fields=["overruled", "overruled_why", "first_day", "last_day", "joint"])
    before = {one.person: one.part for one in team_of(found)}
    after = {one.person: one.part for one in team}
    changed = [person for person, part in before.items() if after.get(person) != part]
    rows = VisitMember.objects.filter(visit=found, left_at__isnull=True, person__in=changed)
    rows.update(left_by=actor, left_at=at, left_why=reason.strip())
    _members_add(found, [one for one in team if before.get(one.person) != one.part], actor, at)
    if found.state == PLANNED:
        _team_told(telling.ON_IT, found, [one for one in team if one.person not in before], at)
        _team_told(telling.CHANGED, found, [one for one in team if one.person in before], at)
        telling.off_it_tell([one for one in before if one not in after], found, at)
    return found


@audited("visit.called-off", subject=visit_subject, state=visit_state, of="visit")
def visit_cancel(*, actor: str, visit: Visit, reason: str, at: datetime) -> Visit:
    """Call a visit off. An unannounced one stays as secret as it was. Raises WrongUse without a reason, or too late."""
    found = _locked(visit)
    if found.state not in (PROPOSED, PLANNED, UNDER_WAY):
        raise WrongUse(_("This visit is over already."))
    _reason_check(reason)
    was_agreed = found.state != PROPOSED
    found.state, found.cancelled_by, found.cancelled_at = CANCELLED, actor, at
    found.cancelled_why = reason.strip()
    found.save(update_fields=["state", "cancelled_by", "cancelled_at", "cancelled_why"])
    if was_agreed:
        _team_told(telling.CHANGED, found, [Place(one.person, one.part) for one in team_of(found)], at)
    return found


@audited("visit.told", subject=visit_subject, state=visit_state, of="visit")
def visit_tell(*, actor: str, visit: Visit, person: str, why: str, at: datetime) -> Visit:
    """Let somebody of the staff know of a visit before arrival, with the reason.

    Raises WrongUse for who is no member of staff in its country, who knows already, and without a reason.
    """
    found = _locked(visit)
    if found.state == PROPOSED or found.state == CANCELLED:
        raise WrongUse(_("Nobody needs to know of a visit that is not agreed."))
    _reason_check(why)
    if not roles_held([person], found.country, at).get(person, set()) & set(WORKS):
        raise WrongUse(_("Only staff of the country can be told before arrival."))
    already = Told.objects.filter(visit=found, person=person).exists()
    if already or any(one.person == person for one in team_of(found)):
        raise WrongUse(_("She knows of it already."))
    Told.objects.create(visit=found, person=person, why=why.strip(), told_by=actor, told_at=at)
    telling.team_tell(telling.TOLD, found, [person], at)
    return found


@audited("visit.arrived", subject=visit_subject, state=visit_state, of="visit")
def arrival_record(*, actor: str, visit: Visit, on: date, at: datetime) -> Visit:
    """Write down that the team has arrived: from then on the factory sees that a visit is under way.

    Raises WrongUse before its first day, after it has begun, and by who is not on it.
    """
    found = _locked(visit)
    _on_it(found, actor)
    refusal = arrival_refusal(found.state, first_day=found.first_day, last_day=found.last_day, on=on, today=at.date())
    if refusal:
        raise WrongUse(str(refusal))
    found.state, found.arrived_on, found.arrived_at, found.arrived_by = UNDER_WAY, on, at, actor
    found.save(update_fields=["state", "arrived_on", "arrived_at", "arrived_by"])
    event_publish(name=VisitArrived.NAME, content=VisitArrived(found.pk, found.factory_id), at=at)
    return found


@audited("visit.done", subject=visit_subject, state=visit_state, of="visit")
def visit_end(*, actor: str, visit: Visit, at: datetime) -> Visit:
    """Say that a visit is done. Raises WrongUse where arrival was not recorded, and by who is not on it."""
    found = _locked(visit)
    _on_it(found, actor)
    if found.state != UNDER_WAY:
        raise WrongUse(_("Record first that you arrived: only a visit under way can be done."))
    found.state, found.done_by, found.done_at = DONE, actor, at
    found.save(update_fields=["state", "done_by", "done_at"])
    event_publish(name=VisitDone.NAME, content=VisitDone(found.pk, found.factory_id), at=at)
    return found


@audited("visit.time.entered", subject=time_subject, state=time_state)
def time_enter(*, actor: str, visit: Visit, day: date, activity: str, minutes: int, at: datetime) -> TimeSpent:
    """Enter one's own time on a visit, or with 0 minutes take it away; entered again, the new figure counts.

    Raises WrongUse for a day too far away or to come, for more than a day has, and by who is not on it.
    """
    found = _locked(visit)
    _on_it(found, actor)
    refusal = time_refusal(
        state=found.state,
        first_day=found.first_day,
        last_day=found.last_day,
        day=day,
        minutes=minutes,
        today=at.date(),
    )
    if refusal or activity not in ACTIVITIES:
        raise WrongUse(str(refusal or _("Say what the time was for.")))
    mine = TimeSpent.objects.filter(person=actor, day=day)
    same = mine.filter(visit=found, activity=activity).first()
    others = mine.exclude(pk=same.pk if same else "").aggregate(sum=Sum("minutes"))["sum"] or 0
    if others + minutes > MOST_MINUTES:
        raise WrongUse(_("With what you entered already this is more than a day has."))
    entry = same or TimeSpent(visit=found, person=actor, day=day, activity=activity)
    entry.minutes, entry.entered_at = minutes, at
    if minutes:
        entry.save()
    elif same:
        key = same.pk
        same.delete()
        entry.pk = key
    else:
        raise WrongUse(_("Nothing is entered there: there is nothing to take away."))
    return entry


def _locked(visit: Visit) -> Visit:
    return Visit.objects.select_for_update().get(pk=visit.pk)


def _on_it(visit: Visit, actor: str) -> None:
    here = [one.part for one in team_of(visit) if one.person == actor]
    if not here or here == [INSPECTOR] or visit.state not in (*AGREED, CANCELLED):
        raise WrongUse(_("Only those who are on the visit do this."))


def _reason_check(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise WrongUse(_("Say why in a sentence."))


def _members_add(visit: Visit, team: Sequence[Place], actor: str, at: datetime) -> None:
    rows: list[Any] = [
        VisitMember(visit=visit, person=one.person, part=one.part, added_by=actor, added_at=at) for one in team
    ]
    VisitMember.objects.bulk_create(rows)


def _team_told(kind: str, visit: Visit, team: Sequence[Place], at: datetime) -> None:
    staff = [one.person for one in team if one.part != INSPECTOR]
    telling.team_tell(kind, visit, staff, at, inspectors=[one.person for one in team if one.part == INSPECTOR])
