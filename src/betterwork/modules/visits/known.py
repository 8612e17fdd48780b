"""What is known of those who could go: languages, competence, leave, conflicts; and which of their days are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from betterwork.foundation.access.queries import holders
from betterwork.foundation.doors import roles
from betterwork.modules.registry.models import Factory, Grouping, Ownership
from betterwork.modules.registry.queries import pointers
from betterwork.modules.registry.rules import in_order, kept_of
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.rules import COMPETENCE, CONFLICT, LANGUAGE, LEAVE
from betterwork.modules.visits.models import VisitMember
from betterwork.modules.visits.rules import STANDING, days_of

INTERVIEWS = ("interviews", "first")
"""Levels of a language at which workers are interviewed."""
CAN = ("with-another", "alone", "coaches")
"""Levels of a competence that count in a pair; who is learning does not yet."""
ALONE = ("alone", "coaches")
"""Levels of assessment at which somebody may lead."""


@dataclass(slots=True)
class Known:
    """What is known of one person for some days."""

    interviews: set[str] = field(default_factory=set)
    competences: set[str] = field(default_factory=set)
    alone: bool = False
    leave: list[tuple[date, date]] = field(default_factory=list)
    conflicts: set[str] = field(default_factory=set)
    """Scopes: ``factory:VN/17``, ``organisation:<key>``."""

    def away(self, first: date, last: date) -> bool:
        """Whether leave takes one of these days."""
        return any(start <= last and first <= end for start, end in self.leave)


def advisors_of(country: str, at: datetime) -> list[str]:
    """The ids of those who are advisors in a country at a moment. Two queries."""
    return sorted(holders(roles.ADVISOR, roles.scope_country(country), at))


def known_of(persons: Iterable[str], first: date, last: date) -> dict[str, Known]:
    """What is known of persons for the days ``first`` to ``last``, both inside. One query.

    A language or a competence counts when it holds on all of these days; leave and conflicts when they touch one.
    """
    found = {person: Known() for person in persons}
    rows = StaffFact.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=first), person__in=list(found), starts__lte=last, withdrawn_at__isnull=True
    )
    for one in rows.order_by("id"):
        person, whole = found[one.person], one.starts <= first and (one.ends is None or one.ends >= last)
        if one.kind == LEAVE:
            person.leave.append((one.starts, one.ends or last))
        elif one.kind == CONFLICT:
            person.conflicts.add(one.about)
        elif one.kind == LANGUAGE and whole and one.level in INTERVIEWS:
            person.interviews.add(one.about)
        elif one.kind == COMPETENCE and whole and one.level in CAN:
            person.competences.add(one.about)
            person.alone = person.alone or (one.about == "assessment" and one.level in ALONE)
    return found


def conflicts_with(country: str, known: dict[str, Known], first: date, last: date) -> dict[str, frozenset[int]]:
    """Person → the factories of a country with which she has a conflict of interest: her own words, owners, groups.

    A conflict with a record that was merged into another is one with the factory; one with an organisation is one
    with every factory that it owns, or whose group it is, on one of these days. Four queries at most.
    """
    scopes = {scope for one in known.values() for scope in one.conflicts}
    if not scopes:
        return dict.fromkeys(known, frozenset())
    lead = pointers(country=country)
    begins = f"factory:{country}/"
    outside = {scope.removeprefix(begins): scope for scope in scopes if scope.startswith(begins)}
    reached: dict[str, set[int]] = defaultdict(set)
    named = Factory.objects.filter(country=country, outside_id__in=list(outside))
    for pk, outside_id in named.values_list("pk", "outside_id"):
        reached[outside[outside_id]] |= {pk, kept_of(lead, pk)}
    organisations = {scope.removeprefix("organisation:") for scope in scopes if scope.startswith("organisation:")}
    if organisations:
        for factory, key in _belongs(country, organisations, first, last):
            reached[f"organisation:{key}"] |= {factory, kept_of(lead, factory)}
    return {
        person: frozenset(factory for scope in one.conflicts for factory in reached.get(scope, ()))
        for person, one in known.items()
    }


def _belongs(country: str, organisations: set[str], first: date, last: date) -> Iterable[tuple[int, str]]:
    """(factory, organisation) where the organisation owns it, or is its group, on one of these days."""
    models: tuple[Any, ...] = (Ownership, Grouping)
    for model in models:
        here = model.objects.filter(factory__country=country, withdrawn_at__isnull=True)
        theirs = here.filter(factory__in=here.filter(organisation__in=organisations).values("factory"))
        steps: dict[int, list[Ownership | Grouping]] = defaultdict(list)
        for row in theirs:
            steps[row.factory_id].append(row)
        for factory, rows in steps.items():
            ordered = in_order(rows)
            for step, following in zip(ordered, [*ordered[1:], None], strict=True):
                over = following is not None and following.since is not None and following.since <= first
                begun = step.since is None or step.since <= last
                if begun and not over and step.organisation in organisations:
                    yield factory, step.organisation


def days_taken(
    persons: Collection[str], first: date, last: date, *, but: Collection[str] = (), states: Collection[str] = STANDING
) -> dict[str, set[date]]:
    """Person → the days on which she is on a visit of any kind, from ``first`` to ``last``. One query.

    ``but``: keys of visits that do not count.
    """
    taken: dict[str, set[date]] = {person: set() for person in persons}
    rows = VisitMember.objects.filter(
        person__in=list(taken),
        left_at__isnull=True,
        visit__state__in=list(states),
        visit__first_day__lte=last,
        visit__last_day__gte=first,
    )
    for person, key, begins, ends in rows.values_list("person", "visit", "visit__first_day", "visit__last_day"):
        if key not in but:
            taken[person].update(days_of(max(begins, first), min(ends, last)))
    return taken
