"""Which factories of a country are due to be assessed and since when: those that take part now, overdue first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from betterwork.modules.registry.models import Enrolment, Factory
from betterwork.modules.registry.presentations import ENROLLED
from betterwork.modules.registry.queries import factories_kept, pointers, with_state
from betterwork.modules.registry.rules import kept_of
from betterwork.modules.visits.declaring import LastVisit, visited_elsewhere
from betterwork.modules.visits.models import Visit, VisitMember
from betterwork.modules.visits.rules import (
    ASSESSMENT,
    ASSESSORS,
    DONE,
    DUE_SOON,
    LATER,
    OVERDUE,
    STANDING,
    Falls,
    falls_due,
)
from betterwork.modules.visits.settings_of import CountryRules, rules_of

SAME_VISIT = timedelta(days=31)
"""Told by two rooms within a month, it is one assessment."""


@dataclass(frozen=True, slots=True)
class FactoryDue:
    """A factory that takes part: when its next assessment is due, and what there was before."""

    id: int
    country: str
    name: str
    outside_id: str
    due: date
    not_before: date
    """From when on it may be assessed: after the days of advice of its cycle."""
    last: date | None
    """Last day of the last assessment; None where none is known."""
    teams: tuple[tuple[str, ...], ...]
    """Who assessed the last times, the latest first."""
    visit: str
    """The key of the assessment that is agreed and to come; "" for none."""
    visit_first: date | None
    state: str
    """overdue; due (within the weeks of the window); later."""


def factories_due(country: str, on: date, rules: CountryRules | None = None) -> list[FactoryDue]:
    """The factories of a country that take part on a day, the longest overdue first.

    Seven queries and those of the rooms that know of assessments, however many factories there are.
    """
    said = rules or rules_of(country, on)
    began = Enrolment.objects.filter(factory=OuterRef("pk"), withdrawn_at__isnull=True, starts__lte=on).order_by(
        "-starts"
    )
    enrolled = with_state(factories_kept(Factory.objects.filter(country=country)), on).filter(state_now=ENROLLED)
    rows = enrolled.annotate(began=Subquery(began.values("starts")[:1])).values_list(
        "pk", "name", "outside_id", "began"
    )
    found = list(rows.order_by("pk"))
    lead = pointers(country=country)
    before = _assessed(country, {pk for pk, *_rest in found}, lead)
    coming = {
        kept_of(lead, factory): (key, first)
        for key, factory, first in Visit.objects.filter(
            country=country, kind=ASSESSMENT, state__in=STANDING
        ).values_list("pk", "factory", "first_day")
    }
    made = [_due(country, one, before.get(one[0], []), coming.get(one[0]), said, on) for one in found]
    return sorted(made, key=lambda one: (one.due, one.name, one.id))


def _due(
    country: str,
    factory: tuple[int, str, str, date],
    before: list[LastVisit],
    coming: tuple[str, date] | None,
    said: CountryRules,
    on: date,
) -> FactoryDue:
    pk, name, outside_id, began = factory
    last = before[0][0] if before else None
    falls: Falls = falls_due(last=last, cycle_began=began, months=said.months, advice_days=said.advice_days)
    soon = DUE_SOON if falls.due <= on + timedelta(weeks=said.window_weeks) else LATER
    return FactoryDue(
        id=pk,
        country=country,
        name=name,
        outside_id=outside_id,
        due=falls.due,
        not_before=falls.not_before,
        last=last,
        teams=tuple(team for _day, team in before),
        visit=coming[0] if coming else "",
        visit_first=coming[1] if coming else None,
        state=OVERDUE if falls.due < on else soon,
    )


def _assessed(country: str, factories: set[int], lead: dict[int, int]) -> dict[int, list[LastVisit]]:
    """When and by whom each factory was assessed, the latest first: here, and as other rooms know it."""
    records = sorted(factories | {gone for gone in lead if kept_of(lead, gone) in factories})
    done = Visit.objects.filter(country=country, kind=ASSESSMENT, state=DONE)
    teams: dict[str, list[str]] = {}
    members = VisitMember.objects.filter(visit__in=done.values("pk"), left_at__isnull=True, part__in=ASSESSORS)
    for visit, person in members.order_by("person").values_list("visit", "person"):
        teams.setdefault(visit, []).append(person)
    known: dict[int, list[LastVisit]] = {}
    for key, factory, day in done.values_list("pk", "factory", "last_day"):
        known.setdefault(kept_of(lead, factory), []).append((day, tuple(teams.get(key, ()))))
    for factory, told in visited_elsewhere(records).items():
        known.setdefault(kept_of(lead, factory), []).extend(told)
    return {factory: each_once(found) for factory, found in known.items()}


def each_once(found: Iterable[LastVisit]) -> list[LastVisit]:
    """Assessments, the latest first; what two rooms tell of the same one is told once, with everybody in it."""
    kept: list[LastVisit] = []
    for day, team in sorted(found, reverse=True):
        if kept and kept[-1][0] - day <= SAME_VISIT:
            kept[-1] = (kept[-1][0], tuple(sorted({*kept[-1][1], *team})))
        else:
            kept.append((day, tuple(sorted(set(team)))))
    return kept


class DueRows:
    """A list of factories that are due, which ``Listing`` can narrow, order and cut like rows of the database."""

    def __init__(self, found: Iterable[FactoryDue]) -> None:
        self._found = list(found)

    def filter(self, keep: Any) -> DueRows:
        """Those that a function keeps."""
        return DueRows(one for one in self._found if keep(one))

    def order_by(self, *names: str) -> DueRows:
        """By these fields, the first one first; ``-`` turns one round. What has no day comes last."""
        rows = list(self._found)
        for name in reversed(names):
            field, down = name.removeprefix("-"), name.startswith("-")
            rows.sort(key=lambda one, field=field, down=down: _key(getattr(one, field), down), reverse=down)  # type: ignore[misc]
        return DueRows(rows)

    def select_related(self, *names: str) -> DueRows:
        """Nothing is related."""
        return self

    def iterator(self, chunk_size: int = 0) -> Any:
        """One after the other."""
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, part: Any) -> Any:
        return self._found[part]


def _key(value: Any, down: bool) -> tuple[bool, Any]:
    missing = value is None
    text = value.casefold() if isinstance(value, str) else value
    return (missing != down, "" if missing else text)
