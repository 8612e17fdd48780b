"""Reading what is known of staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from betterwork.modules.staff.models import StaffFact


def facts_on(on: date, *, persons: Iterable[str] | None = None, kinds: Iterable[str] = ()) -> QuerySet[StaffFact]:
    """The facts that hold on a day, of some persons (None: of all) and kinds (none: of every kind)."""
    rows = StaffFact.objects.filter(Q(ends__isnull=True) | Q(ends__gte=on), starts__lte=on, withdrawn_at__isnull=True)
    if persons is not None:
        rows = rows.filter(person__in=list(persons))
    return rows.filter(kind__in=list(kinds)) if kinds else rows


def facts_from(on: date, rows: QuerySet[StaffFact]) -> QuerySet[StaffFact]:
    """Of ``rows`` those that hold on a day or later, the kinds together, the earliest first."""
    standing = rows.filter(Q(ends__isnull=True) | Q(ends__gte=on), withdrawn_at__isnull=True)
    return standing.order_by("kind", "starts", "about", "id")


def staff_export(person_id: str) -> dict[str, Any]:
    """What this room keeps of a person."""
    rows = StaffFact.objects.filter(person=person_id).order_by("id")
    names = ("kind", "about", "level", "note", "withdrawn_why")
    return {
        "facts": [
            {name: getattr(one, name) for name in names}
            | {"starts": one.starts.isoformat(), "ends": one.ends.isoformat() if one.ends else ""}
            for one in rows
        ]
    }
