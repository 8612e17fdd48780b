"""Reading concerns: who answers those of a country now, what followed one, whose words are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import CharField, Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Now, TruncDate

from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.queries import grants_in_force, holders
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.roles import WORLD, scope_country
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people.models import Person
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.rules import OPENED, subject_of
from betterwork.modules.alerts.models import Concern, ConcernStep, NamedPerson
from betterwork.modules.alerts.rules import ASKED, CLOSED

OF_A_COUNTRY = (roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR)
"""With global staff: who raises concerns, and who can be named to answer them."""
_AT_LEAST = 2
"""Named persons that a country needs: one asks for closing, another confirms."""


def item_subject(concern_id: str) -> str:
    """How the vault and the ledger name a concern: by its opaque id, and nothing else."""
    return f"concern {concern_id}"


def _works(on_moment: Any) -> QuerySet[Grant]:
    """The grants by which the person of the outer row works in the country of the outer row."""
    here = Concat(Value("country:"), OuterRef("country"), output_field=CharField())
    of_role = Q(role__in=OF_A_COUNTRY, scope=here) | Q(role=roles.GLOBAL_STAFF, scope=WORLD)
    return grants_in_force(on_moment).filter(of_role, person=OuterRef("person"))


def named_now(at: datetime | None = None) -> QuerySet[NamedPerson]:
    """Who is named and still works there, at a moment; without one, by the database's own clock, for policies.

    Somebody whose role ended could read nothing: she does not count, so that a concern is not told to her alone.
    """
    return _named(at.date(), at) if at else _named_today().all()


@cache
def _named_today() -> QuerySet[NamedPerson]:
    """By the database's own clock: made once, for every page asks its policies with it."""
    return _named(TruncDate(Now()), Now())


def _named(day: Any, at: Any) -> QuerySet[NamedPerson]:
    joined = Person.objects.filter(public_id=OuterRef("person"), state=Person.ACTIVE, is_active=True)
    rows = NamedPerson.objects.filter(Q(last__isnull=True) | Q(last__gte=day), first__lte=day, ended_at__isnull=True)
    return rows.filter(Exists(_works(at)), Exists(joined))


def named_in(country: str, at: datetime) -> list[str]:
    """The ids of those who are named for concerns of a country and work there, at a moment."""
    return sorted(set(named_now(at).filter(country=country).values_list("person", flat=True)))


def stand_ins(country: str, at: datetime) -> set[str]:
    """Who answers where nobody named can: the managers of the country, and global staff."""
    return holders(roles.COUNTRY_MANAGER, scope_country(country), at) | holders(roles.GLOBAL_STAFF, WORLD, at)


def told_of(country: str, at: datetime, *, raised_by: str, set_aside: str = "") -> list[str]:
    """Who is told of a concern: those named, without her who raised it and whom it is about; else the stand-ins.

    The same persons as ``policy.CONCERNS_WORK`` lets in.
    """
    without = {raised_by, set_aside}
    named = set(named_in(country, at)) - without
    return sorted(named or stand_ins(country, at) - without)


@cache
def others_named() -> Exists:
    """For rows of concerns: whether somebody is named now who neither raised it nor is set aside."""
    of_it = named_now().filter(country=OuterRef("country"))
    return Exists(of_it.exclude(person=OuterRef("raised_by")).exclude(person=OuterRef("set_aside_person")))


def named_for(person: str) -> Exists:
    """For rows of concerns: whether a person is named for their country now."""
    return Exists(named_now().filter(country=OuterRef("country"), person=person))


def words_kept(ids: Iterable[str]) -> set[str]:
    """Of these items, those whose words lie in the vault."""
    return set(VaultItem.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def steps_of(concern: Concern) -> QuerySet[ConcernStep]:
    """What followed a concern, in its order."""
    return concern.steps.order_by("number")


def closing_asked_at(concerns: Iterable[str]) -> dict[str, datetime]:
    """When closing was last asked for, of each of these concerns of which it was. No query for none of them."""
    rows = ConcernStep.objects.filter(concern__in=list(concerns), kind=ASKED)
    return dict(rows.values_list("concern").annotate(Max("done_at")))


def openings_of(ids: Iterable[str], most: int = 50) -> list[tuple[datetime, str, str]]:
    """Who opened these items of the vault and when, newest first: (moment, person, item)."""
    found = []
    for one in ids:
        for entry in entries_search(subject=subject_of(one), action=OPENED, limit=most).entries:
            found.append((entry.at, entry.actor, one))
    return sorted(found, reverse=True)[:most]


def countries_short(countries: Iterable[str], at: datetime) -> dict[str, int]:
    """Of these countries, those with fewer named persons than two, with how many there are."""
    wanted = sorted(set(countries))
    pairs = set(named_now(at).filter(country__in=wanted).values_list("country", "person"))
    counted = {one: sum(country == one for country, _person in pairs) for one in wanted}
    return {one: count for one, count in counted.items() if count < _AT_LEAST}


def namings(country: str, on: date) -> QuerySet[NamedPerson]:
    """Who is, was and will be named for a country, those of today first."""
    rows = NamedPerson.objects.filter(country=country)
    return rows.order_by("ended_at", "-first", "person")


def candidates(country: str, at: datetime) -> list[str]:
    """The ids of those who can be named for a country: they work in it, or for the whole programme."""
    of_role = Q(role__in=OF_A_COUNTRY, scope=scope_country(country)) | Q(role=roles.GLOBAL_STAFF, scope=WORLD)
    joined = Person.objects.filter(state=Person.ACTIVE).values("public_id")
    found = grants_in_force(at).filter(of_role, person__in=joined)
    return sorted(set(found.values_list("person", flat=True)))


def concerns_open(rows: QuerySet[Concern]) -> QuerySet[Concern]:
    """The concerns among ``rows`` that are not closed, the oldest clock first."""
    return rows.exclude(state=CLOSED).order_by("clock_from", "id")


def person_export(person_id: str) -> dict[str, Any]:
    """What this room keeps of a person: what she raised and did, and what she is named for. No words: the vault's."""
    raised = Concern.objects.filter(raised_by=person_id).order_by("raised_at", "id")
    steps = ConcernStep.objects.filter(done_by=person_id).order_by("done_at", "concern", "number")
    named = NamedPerson.objects.filter(person=person_id).order_by("first", "id")
    entered = NamedPerson.objects.filter(Q(entered_by=person_id) | Q(ended_by=person_id)).order_by("entered_at", "id")
    return {
        "raised": [
            {"concern": one.id, "country": one.country, "kind": one.kind, "at": one.raised_at.isoformat()}
            for one in raised
        ],
        "steps": [{"concern": one.concern_id, "step": one.kind, "at": one.done_at.isoformat()} for one in steps],
        "named": [
            {"country": one.country, "from": one.first.isoformat(), "until": one.last.isoformat() if one.last else ""}
            for one in named
        ],
        "entered": [{"country": one.country, "at": one.entered_at.isoformat()} for one in entered],
    }
