"""Who can be chosen for a visit, with names: for forms."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from betterwork.foundation.access.queries import grants_in_force
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors import roles
from betterwork.foundation.people.models import Person
from betterwork.modules.staff.policy import WORKS
from betterwork.modules.visits.choosing import SENT


@dataclass(frozen=True, slots=True)
class People:
    """(id, name) of those who can lead or go along, of all staff, and of the inspectors of a country."""

    sent: list[tuple[str, str]]
    staff: list[tuple[str, str]]
    inspectors: list[tuple[str, str]]


def people_of(country: str, at: datetime, *, also: Iterable[str] = ()) -> People:
    """Who could be on a visit in a country: those who make visits in it, its staff, its inspectors. Two queries.

    ``also``: persons who are on it already, whatever they hold by now.
    """
    rows = grants_in_force(at).filter(Q(scope=roles.scope_country(country)) | Q(scope=roles.WORLD))
    joined = Person.objects.filter(state=Person.ACTIVE).values("public_id")
    held: dict[str, set[str]] = {}
    for person, role in rows.filter(person__in=joined).values_list("person", "role"):
        held.setdefault(person, set()).add(role)
    names = person_names([*held, *also])

    def named(wanted: Collection[str], more: Iterable[str] = ()) -> list[tuple[str, str]]:
        some = {person for person, has in held.items() if has & set(wanted)} | set(more)
        return sorted(((one, names[one]) for one in some if one in names), key=lambda one: (one[1], one[0]))

    makes = [one for one in SENT if one != roles.GLOBAL_STAFF]
    return People(named(makes, also), named(WORKS, also), named([roles.INSPECTOR]))
