"""From what is stored to a problem of ``core.planning``, for a plan and for looking at what somebody chose herself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import WrongUse
from betterwork.core.planning.values import Advisor, Due, Kept, Problem, Rules
from betterwork.foundation.languages.calendar import is_working_day
from betterwork.modules.countries.queries import country_says
from betterwork.modules.registry.models import Site
from betterwork.modules.registry.rules import in_order
from betterwork.modules.visits.due import FactoryDue, factories_due
from betterwork.modules.visits.known import Known, advisors_of, conflicts_with, known_of
from betterwork.modules.visits.models import Plan, Visit, VisitMember
from betterwork.modules.visits.rules import (
    AGREED,
    ASSESSMENT,
    ASSESSORS,
    WEEK,
    Falls,
    days_in_week,
    days_of,
    monday_of,
    weeks_between,
    window,
)
from betterwork.modules.visits.settings_of import CountryRules, rules_of

WEEKS_OF_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem, with what is needed to make days of its weeks."""

    problem: Problem
    rules: CountryRules
    working: Mapping[date, list[date]]
    """Monday → the days of the week that are worked."""


def problem_of(country: str, first: date, last: date, at: datetime) -> Asked:
    """What a plan of the days ``first`` to ``last`` is made from. Some fifteen queries, whatever the number.

    Raises :class:`WrongUse` where no week has room for a visit, and where nobody is an advisor or nothing is due.
    """
    rules = rules_of(country, first)
    working = weeks_worked(country, first, last, rules.days)
    if not working:
        raise WrongUse(_("No week between these days has enough working days for a visit."))
    weeks, end = tuple(working), max(working) + timedelta(days=6)
    wanted = [one for one in factories_due(country, at.date(), rules) if not one.visit and one.due <= last]
    if not wanted:
        raise WrongUse(_("No factory is due between these days."))
    persons = advisors_of(country, at)
    if len(persons) < rules.advisors:
        raise WrongUse(_("There are fewer advisors in this country than one visit takes."))
    known = known_of(persons, first, end)
    conflicts = conflicts_with(country, known, first, end)
    places = places_of(country, [one.id for one in wanted], first)
    most = -(-rules.a_year * len(weeks) // WEEKS_OF_A_YEAR)
    problem = Problem(
        weeks=weeks,
        factories=tuple(
            due_of(one, rules, first, last, places.get(one.id, ""), week_drawn(one, first)) for one in wanted
        ),
        advisors=tuple(
            _advisor(person, known[person], conflicts[person], rules, most, _weeks_away(known[person], working))
            for person in persons
        ),
        rules=Rules(advisors_a_visit=rules.advisors),
        kept=kept_between(country, first, end, places),
    )
    return Asked(problem, rules, working)


def weeks_worked(country: str, first: date, last: date, days: int) -> dict[date, list[date]]:
    """The Mondays of the weeks in which a visit of so many days has room → the days that are worked. Few queries."""
    says, found = country_says(country, first), {}
    for monday in weeks_between(first, last):
        worked = [day for day in days_of(monday, monday + timedelta(days=6)) if is_working_day(country, day, says=says)]
        if days_in_week(worked, days, (), 0):
            found[monday] = worked
    return found


def week_drawn(one: FactoryDue, first: date) -> int:
    """A number for a factory and a plan that nobody outside can reckon, and that is the same when asked again."""
    return int(salted_hmac("betterwork.visits.week", f"{one.id} {one.due} {first}").hexdigest()[:12], 16)


def due_of(one: FactoryDue, rules: CountryRules, first: date, last: date, place: str = "", lot: int = 0) -> Due:
    """A factory as the planner takes it."""
    falls, weeks = Falls(one.due, one.not_before), max(0, rules.window_weeks)
    earliest, latest = window(falls, weeks=weeks, first=first, last=last, lot=lot)
    barred = {person for team in one.teams[: max(0, rules.rotation)] for person in team}
    return Due(
        key=str(one.id),
        since=one.due,
        earliest=earliest,
        latest=max(earliest, latest),
        place=place,
        languages=rules.languages,
        competences=rules.competences,
        barred=frozenset(barred),
        last=frozenset(one.teams[0] if one.teams else ()),
    )


def _weeks_away(known: Known, working: Mapping[date, list[date]]) -> frozenset[date]:
    return frozenset(monday for monday, days in working.items() if any(known.away(day, day) for day in days))


def _advisor(
    person: str,
    known: Known,
    conflicts: Collection[int],
    rules: CountryRules,
    most: int,
    away: frozenset[date],
) -> Advisor:
    return Advisor(
        key=person,
        interviews=frozenset(known.interviews),
        competences=frozenset(known.competences),
        alone=known.alone,
        away=away,
        most_a_week=max(0, rules.a_week),
        most_in_all=max(0, most),
        conflicts=frozenset(str(one) for one in conflicts),
    )


def kept_between(
    country: str, first: date, last: date, places: Mapping[int, str], *, but: Collection[str] = (), plan: str = ""
) -> tuple[Kept, ...]:
    """The assessments that are agreed and touch these days, and with ``plan`` what that plan proposes besides.

    ``but``: keys of visits that do not count. Two queries.
    """
    here = Visit.objects.filter(country=country, kind=ASSESSMENT, first_day__lte=last, last_day__gte=first)
    rows = here.filter(state__in=AGREED)
    if plan:
        rows = rows | here.filter(plan=plan, state="proposed")
    found = {one.pk: one for one in rows if one.pk not in but}
    teams: dict[str, set[str]] = {}
    members = VisitMember.objects.filter(visit__in=list(found), left_at__isnull=True, part__in=ASSESSORS)
    for visit, person in members.values_list("visit", "person"):
        teams.setdefault(visit, set()).add(person)
    kept = []
    for key, one in sorted(found.items()):
        for monday in sorted({monday_of(one.first_day), monday_of(one.last_day)}):
            team = frozenset(teams.get(key, ()))
            kept.append(Kept(team, monday, places.get(one.factory_id, ""), str(one.factory_id)))
    return tuple(kept)


def places_of(country: str, factories: Collection[int], on: date) -> dict[int, str]:
    """The town in which each factory works on a day, where that is known: for travelling together. One query."""
    wanted = set(factories)
    steps: dict[int, list[Site]] = {}
    for row in Site.objects.filter(factory__country=country, withdrawn_at__isnull=True):
        if row.factory_id in wanted and (row.since is None or row.since <= on):
            steps.setdefault(row.factory_id, []).append(row)
    towns = {factory: in_order(rows)[-1].town.strip().casefold() for factory, rows in steps.items()}
    return {factory: town for factory, town in towns.items() if town}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An assessment as somebody wants it: the factory, who assesses, on which days. ``key``: of the visit, if any."""

    factory: int
    assessors: tuple[str, ...]
    first: date
    last: date
    key: str = ""


def problem_to_check(
    country: str, wanted: Sequence[Wanted], at: datetime, plan: Plan | None = None, *, proposals: bool = True
) -> Problem:
    """The problem against which chosen assessments are looked at: their weeks, exact days of leave, what else stands.

    With ``plan`` the year is the plan's, and with ``proposals`` what it proposes besides counts; else the year is the
    calendar's.
    """
    first, last = min(one.first for one in wanted), max(one.last for one in wanted)
    rules = rules_of(country, first)
    weeks = tuple(sorted({monday_of(one.first) for one in wanted}))
    begin, end = (plan.first_day, plan.last_day) if plan else (date(first.year, 1, 1), date(last.year, 12, 31))
    begin, end = min(begin, weeks[0]), max(end, last)
    persons = sorted({person for one in wanted for person in one.assessors})
    known = known_of(persons, first, last)
    conflicts = conflicts_with(country, known, first, last)
    of_person = {person: [one for one in wanted if person in one.assessors] for person in persons}
    away = {
        person: frozenset(monday_of(one.first) for one in visits if known[person].away(one.first, one.last))
        for person, visits in of_person.items()
    }
    most = rules.a_year
    if plan:
        most = -(-rules.a_year * len(weeks_between(plan.first_day, plan.last_day)) // WEEKS_OF_A_YEAR)
    due = {one.id: one for one in factories_due(country, at.date(), rules)}
    # What is overdue may come on any day: on any of the plan's, or from today on.
    overdue_from, until = (plan.first_day, plan.last_day) if plan else (at.date(), date.max - WEEK)
    able = set(advisors_of(country, at))
    return Problem(
        weeks=weeks,
        factories=tuple(_due_to_check(one, due, rules, overdue_from, until) for one in wanted),
        advisors=tuple(
            _advisor(person, known[person], conflicts[person], rules, most, away[person])
            for person in persons
            if person in able
        ),
        rules=Rules(advisors_a_visit=rules.advisors),
        kept=kept_between(
            country, begin, end, {}, but={one.key for one in wanted}, plan=plan.pk if plan and proposals else ""
        ),
    )


def _due_to_check(one: Wanted, due: Mapping[int, FactoryDue], rules: CountryRules, first: date, last: date) -> Due:
    """The window counts by days here: a week may begin before the first day on which the visit may come."""
    if one.factory not in due:
        never = date.max - WEEK
        return Due(str(one.factory), None, never, never, languages=rules.languages, competences=rules.competences)
    found = due_of(due[one.factory], rules, first, last)
    monday = monday_of(one.first)
    inside = found.earliest <= one.first and monday <= found.latest
    never = date.max - WEEK
    return Due(
        key=found.key,
        since=found.since,
        earliest=monday if inside else never,
        latest=monday if inside else never,
        languages=found.languages,
        competences=found.competences,
        barred=found.barred,
        last=found.last,
    )


def problem_digest(problem: Problem) -> str:
    """A digest of all that a plan is made from; the order of its parts does not matter."""
    plain: list[Any] = [
        [str(week) for week in sorted(problem.weeks)],
        sorted(
            [
                [one.key, str(one.since), str(one.earliest), str(one.latest), one.place, one.weight]
                + [sorted(part) for part in (one.languages, one.competences, one.barred, one.last)]
                for one in problem.factories
            ],
            key=lambda row: row[0],
        ),
        sorted(
            [
                [one.key, one.alone, one.most_a_week, one.most_in_all, sorted(str(week) for week in one.away)]
                + [sorted(part) for part in (one.interviews, one.competences, one.conflicts)]
                for one in problem.advisors
            ],
            key=lambda row: row[0],
        ),
        sorted([sorted(one.advisors), str(one.week), one.place, one.factory] for one in problem.kept),
        [problem.rules.advisors_a_visit, problem.rules.workload, problem.rules.travel, problem.rules.rotation],
    ]
    return digest(canonical_bytes(plain))
