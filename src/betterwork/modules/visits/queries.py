"""Reading visits: for the rooms above, and for this room's doors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet

from betterwork.core.errors import WrongUse
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.models import Plan, TimeSpent, Told, Visit, VisitMember
from betterwork.modules.visits.rules import AGREED, ASSESSORS, STANDING

TAKEN_BEFORE, TAKEN_AFTER = timedelta(days=28), timedelta(days=56)
"""How long before its first day and after its last one a visit can be taken onto a device."""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What rooms above may know of a visit. For those in ``team`` alone: nothing here is shown to others."""

    key: str
    kind: str
    country: str
    factory: Factory
    first_day: date
    last_day: date
    team: tuple[str, ...]
    """Opaque ids of those who assess now (who leads first); no interpreter, inspector or observer is among them."""
    arrived_at: datetime | None
    state: str
    unannounced: bool


def visit_called(key: str) -> VisitFacts:
    """The facts of a visit by its opaque key. Two queries. Raises :class:`WrongUse` where there is none."""
    found = with_team(Visit.objects.filter(pk=key)).select_related("factory").first()
    if found is None:
        raise WrongUse("there is no such visit")
    return facts_of(found)


def facts_of(visit: Visit) -> VisitFacts:
    """The facts of a visit read by :func:`with_team`, its factory with it."""
    return VisitFacts(
        key=visit.pk,
        kind=visit.kind,
        country=visit.country,
        factory=visit.factory,
        first_day=visit.first_day,
        last_day=visit.last_day,
        team=tuple(one.person for one in team_of(visit) if one.part in ASSESSORS),
        arrived_at=visit.arrived_at,
        state=visit.state,
        unannounced=visit.unannounced,
    )


def visits_with(person: str) -> QuerySet[Any, Any]:
    """The keys of the agreed visits that a person assesses: use it as ``visit__in=visits_with(…)``."""
    rows = VisitMember.objects.filter(person=person, part__in=ASSESSORS, left_at__isnull=True, visit__state__in=AGREED)
    return rows.values_list("visit", flat=True)


def assesses(person: str, visit: str) -> bool:
    """Whether a visit is among :func:`visits_with` of a person. Past Django's rows: each sync of a device asks it."""
    with connection.cursor() as cursor:
        cursor.execute(_ASSESSES, [person, visit, *ASSESSORS, *AGREED])
        return cursor.fetchone() is not None


_PLACES = ", ".join(["%s"] * len(ASSESSORS)), ", ".join(["%s"] * len(AGREED))
_ASSESSES = (
    "SELECT 1 FROM visits_visitmember AS member JOIN visits_visit AS visit ON member.visit_id = visit.id "  # noqa: S608
    "WHERE member.person = %s AND visit.id = %s AND member.left_at IS NULL "
    f"AND member.part IN ({_PLACES[0]}) AND visit.state IN ({_PLACES[1]})"
)


def visits_to_take(person: str, on: date) -> list[VisitFacts]:
    """The visits that a person may take onto a device on a day, the next first. Two queries."""
    rows = Visit.objects.filter(
        pk__in=visits_with(person),
        state__in=STANDING,
        first_day__lte=on + TAKEN_BEFORE,
        last_day__gte=on - TAKEN_AFTER,
    )
    found = with_team(rows).select_related("factory").order_by("first_day", "id")
    return [facts_of(one) for one in found]


def with_team(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits with their teams of now read by one more query: see :func:`team_of`."""
    now = VisitMember.objects.filter(left_at__isnull=True)
    return rows.prefetch_related(Prefetch("members", queryset=now, to_attr="team_now"))


_ORDER = {"lead": 0, "partner": 1, "interpreter": 2, "observer": 3, "inspector": 4}


def team_of(visit: Visit) -> list[VisitMember]:
    """Who is on a visit now: who leads first."""
    found = getattr(visit, "team_now", None)
    rows: Iterable[VisitMember] = visit.members.filter(left_at__isnull=True) if found is None else found
    return sorted(rows, key=lambda one: (_ORDER[one.part], one.person))


def visits_export(person_id: str) -> dict[str, Any]:
    """What this room keeps of a person, for herself. Of visits on which she is no more, only that she was."""
    members = VisitMember.objects.filter(person=person_id).select_related("visit").order_by("id")
    time = TimeSpent.objects.filter(person=person_id).order_by("day", "activity", "id")
    return {
        "visits": [
            {
                "visit": one.visit_id,
                "part": one.part,
                "from": one.added_at.isoformat(),
                "until": one.left_at.isoformat() if one.left_at else "",
            }
            for one in members
        ],
        "told": [
            {"visit": one.visit_id, "why": one.why, "at": one.told_at.isoformat()}
            for one in Told.objects.filter(person=person_id).order_by("id")
        ],
        "time": [
            {"visit": one.visit_id, "day": one.day.isoformat(), "minutes": one.minutes, "activity": one.activity}
            for one in time
        ],
        "made": {
            "visits": Visit.objects.filter(made_by=person_id).count(),
            "plans": Plan.objects.filter(made_by=person_id).count(),
        },
    }
