"""The calendar: one's own visits, and those of the team; of what is secret no more than that somebody is busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_skeleton
from django.db.models import Sum
from django.utils.translation import get_language

from betterwork.foundation.access.queries import grants_in_force
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.languages.formats import locale_of
from betterwork.foundation.people.models import Person
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.rules import LEAVE
from betterwork.modules.visits.models import TimeSpent, Visit, VisitMember
from betterwork.modules.visits.policy import OF_A_COUNTRY, VISITS_READ
from betterwork.modules.visits.presentations import VISIT
from betterwork.modules.visits.queries import team_of, with_team
from betterwork.modules.visits.rules import AGREED, PARTS, Share, days_of, mix, monday_of
from betterwork.modules.visits.settings_of import mix_meant


@dataclass(frozen=True, slots=True)
class Busy:
    """A person who cannot be sent elsewhere on some days; why is not told."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Listed:
    """A visit in the calendar, with the names of who is on it."""

    visit: Any
    team: tuple[tuple[str, str], ...]
    """(name, part in words)."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the calendar: what begins in it, or goes on from before its month."""

    monday: date
    visits: list[Listed] = field(default_factory=list)
    busy: list[Busy] = field(default_factory=list)


FAR = 50
"""So many years away nothing is planned."""


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address asks for (``2026-11``); this month for what is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if abs(found.year - today.year) <= FAR else today.replace(day=1)


def month_end(first: date) -> date:
    """The last day of a month."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_title(first: date) -> str:
    """A month and its year in the language of the page."""
    return str(format_skeleton("yMMMM", first, locale=locale_of(get_language() or "en")))


def weeks_of(actor: Actor, first: date, last: date, *, team: bool, at: datetime) -> list[Week]:
    """The weeks that touch these days, with the visits one may know of; with ``team`` those of all colleagues as well.

    A bounded number of queries.
    """
    begin, end = monday_of(first), monday_of(last) + timedelta(days=6)
    rows = VISITS_READ.visible_to(actor).filter(first_day__lte=end, last_day__gte=begin, state__in=AGREED)
    mine = VisitMember.objects.filter(person=actor.id, left_at__isnull=True).values("visit")
    shown = list(
        with_team(rows if team else rows.filter(pk__in=mine))
        .select_related("factory")
        .order_by("first_day", "factory__name", "id")
    )
    people = colleagues_of(actor, at) if team else [actor.id]
    busy = _busy(people, {one.pk for one in shown}, begin, end)
    names = person_names({person for person, _days in busy} | {one.person for each in shown for one in team_of(each)})
    weeks = {monday: Week(monday) for monday in _mondays(begin, end)}
    for one in shown:
        listed = Listed(VISIT.row(one), named_team(one, names))
        weeks[monday_of(max(one.first_day, begin))].visits.append(listed)
    for person, days in busy:
        for start, stop in _ranges(days):
            weeks[monday_of(start)].busy.append(Busy(names.get(person, ""), start, stop))
    for week in weeks.values():
        week.busy.sort(key=lambda one: (one.first, one.name))
    return list(weeks.values())


def named_team(visit: Visit, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Who is on a visit, as (name, part in words)."""
    return tuple((names.get(one.person, "–"), str(PARTS[one.part])) for one in team_of(visit))


def colleagues_of(actor: Actor, at: datetime) -> list[str]:
    """The ids of those who make visits in the countries one works in. One query."""
    makes = grants_in_force(at).filter(role__in=[roles.ADVISOR, roles.TEAM_LEADER])
    if not actor.in_world(roles.GLOBAL_STAFF, roles.ANALYST):
        countries = actor.keys("country", *OF_A_COUNTRY)
        makes = makes.filter(scope__in=[roles.scope_country(one) for one in sorted(countries)])
    joined = Person.objects.filter(state=Person.ACTIVE).values("public_id")
    found = makes.filter(person__in=joined).values_list("person", flat=True)
    return sorted(set(found))


def _busy(people: list[str], shown: set[str], first: date, last: date) -> list[tuple[str, set[date]]]:
    """The days of leave and of visits that are not shown, together: which of the two it is, nobody can tell."""
    taken: dict[str, set[date]] = {person: set() for person in people}
    leave = StaffFact.objects.filter(
        kind=LEAVE, person__in=people, starts__lte=last, ends__gte=first, withdrawn_at__isnull=True
    )
    for person, starts, ends in leave.values_list("person", "starts", "ends"):
        taken[person].update(days_of(max(starts, first), min(ends or last, last)))
    members = VisitMember.objects.filter(
        person__in=people,
        left_at__isnull=True,
        visit__state__in=AGREED,
        visit__first_day__lte=last,
        visit__last_day__gte=first,
    )
    for person, key, starts, ends in members.values_list("person", "visit", "visit__first_day", "visit__last_day"):
        if key not in shown:
            taken[person].update(days_of(max(starts, first), min(ends, last)))
    return [(person, days) for person, days in sorted(taken.items()) if days]


def _ranges(days: set[date]) -> Iterable[tuple[date, date]]:
    """Days that follow each other, as first and last; cut at the end of each week."""
    ordered = sorted(days)
    start = before = ordered[0]
    for day in ordered[1:]:
        if day - before > timedelta(days=1) or day.weekday() == 0:
            yield start, before
            start = day
        before = day
    yield start, before


def _mondays(begin: date, end: date) -> Iterable[date]:
    return (begin + timedelta(days=7 * step) for step in range((end - begin).days // 7 + 1))


def time_by_service(country: str, year: int) -> list[Share]:
    """What each service took of the time entered for days of a year, beside what it is meant to take. Two queries."""
    rows = TimeSpent.objects.filter(visit__country=country, day__year=year)
    minutes = dict(rows.order_by().values_list("visit__kind").annotate(sum=Sum("minutes")))
    visits: dict[str, set[str]] = {}
    for kind, key in rows.order_by().values_list("visit__kind", "visit").distinct():
        visits.setdefault(kind, set()).add(key)
    found = [(kind, len(visits.get(kind, ())), total) for kind, total in minutes.items()]
    return mix(found, mix_meant(country, date(year, 12, 31)))
