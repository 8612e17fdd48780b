"""Who may what at a moment. Nothing here is remembered between two questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import CharField, Exists, Q, QuerySet, Value

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Elevation, Grant
from betterwork.foundation.access.purposes import purpose_kind
from betterwork.foundation.access.rules import Gift, country_of, may_confirm
from betterwork.foundation.access.scopes import lineage_stored
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, OPERATOR_ID, STRANGER, Actor, Held
from betterwork.foundation.doors.roles import ROLES, WORLD
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people.models import Person

REQUESTED = "access.elevated.request"
"""The action of an entry about a page asked for with a role taken for a while."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, and the ids of the elevations by which she holds something."""

    actor: Actor
    elevations: tuple[str, ...] = ()


NO_ACCESS = Access(STRANGER)


def grants_in_force(at: datetime) -> QuerySet[Grant]:
    """The grants that count at a moment, today's or an earlier one: begun, confirmed, not over, not ended."""
    return Grant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=at),
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        starts__lte=at,
        confirmed_at__lte=at,
    )


def grants_not_over(at: datetime) -> QuerySet[Grant]:
    """The grants that count at a moment or still may: those in force, to come, and waiting to be confirmed."""
    return Grant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=at), ended_at__isnull=True)


def grants_waiting(at: datetime) -> QuerySet[Grant]:
    """The grants that a second person must still confirm or refuse."""
    return grants_not_over(at).filter(confirmed_at__isnull=True)


def elevations_in_force(at: datetime) -> QuerySet[Elevation]:
    """The elevations that count at a moment, today's or an earlier one."""
    return Elevation.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), starts__lte=at, ends__gt=at)


def access_of(person: Person | None, at: datetime) -> Access:
    """Who this person is for every policy, at a moment: her grants and elevations in force.

    One who left, or who has not joined, is a stranger. Where a role sees confidential data and she has no second
    factor she holds none at all. One query.
    """
    if person is None or not person.is_active or person.state != Person.ACTIVE:
        return NO_ACCESS
    name = person.public_id
    given = grants_in_force(at).filter(person=name)
    taken = elevations_in_force(at).filter(person=name).exclude(role="")
    factor = Exists(_second_factors(person))
    rows = given.values_list("role", "scope", Value("", output_field=CharField()), factor).union(
        taken.values_list("role", "scope", "id", factor), all=True
    )
    found = [(Held(role, scope, elevated=bool(one)), one, has) for role, scope, one, has in rows if role in ROLES]
    held = frozenset(one for one, _, _ in found)
    if any(ROLES[one.role].confidential and not has for one, _, has in found):
        return Access(Actor(id=name, needs_second_factor=True))
    return Access(Actor(id=name, held=held), tuple(sorted(one for _, one, _ in found if one)))


def actor_of(person: Person | None, at: datetime) -> Actor:
    """Who this person is for every policy, at a moment. See :func:`access_of`."""
    return access_of(person, at).actor


def actor_called(actor_id: str, at: datetime) -> Actor:
    """The actor of an opaque id: the operator, a person, or a stranger where nobody has it."""
    if actor_id == OPERATOR_ID:
        return OPERATOR_ACTOR
    return actor_of(Person.objects.filter(public_id=actor_id).first(), at)


def has_second_factor(person: Person) -> bool:
    """Whether she has an app or a passkey; recovery codes alone are none."""
    return _second_factors(person).exists()


def _second_factors(person: Person) -> QuerySet[Any]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found: QuerySet[Any] = Authenticator.objects.filter(user=person, type__in=kinds)
    return found


def elevated_for(actor_id: str, purpose: str, at: datetime) -> bool:
    """Whether a person has taken access for this purpose (``vault <item id>``) and still has it."""
    return bool(purpose) and elevations_in_force(at).filter(person=actor_id, purpose=purpose).exists()


def grant_called(grant_id: str, rows: QuerySet[Grant]) -> Grant:
    """The grant of this id among ``rows``. Raises :class:`WrongUse` where there is none."""
    found = rows.filter(id=grant_id.strip()).first()
    if found is None:
        raise WrongUse("there is no such grant that is yours to change; betterwork access list shows the ids")
    return found


def gift_of(grant: Grant) -> Gift:
    """A grant as the rules take it."""
    return Gift(
        person=grant.person,
        role=grant.role,
        scope=grant.scope,
        starts=grant.starts,
        ends=grant.ends,
        reason=grant.reason,
        given_by=grant.given_by,
        lineage=lineage_stored(grant.scope),
    )


def gifts_of(person_id: str, at: datetime, *, but: str = "") -> list[Gift]:
    """What a person holds, will hold or waits for, as the rules take it, but for the grant ``but``."""
    return [gift_of(one) for one in grants_not_over(at).filter(person=person_id).exclude(id=but)]


def global_staff_running(at: datetime) -> int:
    """How many persons run the programme: their role is in force and they have joined."""
    joined = Person.objects.filter(state=Person.ACTIVE).values("public_id")
    found = grants_in_force(at).filter(role=roles.GLOBAL_STAFF, scope=WORLD, person__in=joined)
    return found.values("person").distinct().count()


def holders(role: str, scope: str, at: datetime) -> set[str]:
    """The ids of those who hold a role over exactly this scope, by a grant, and have joined."""
    joined = Person.objects.filter(state=Person.ACTIVE).values("public_id")
    found = grants_in_force(at).filter(role=role, scope=scope, person__in=joined)
    return set(found.values_list("person", flat=True))


def confirmers(grant: Grant, at: datetime) -> set[str]:
    """The ids of those who may be the second person for a grant, by their grants."""
    asked = holders(roles.GLOBAL_STAFF, WORLD, at)
    if grant.role == roles.COUNTRY_MANAGER:
        asked |= holders(roles.COUNTRY_MANAGER, grant.scope, at)
    return asked - {grant.person, grant.given_by}


def waiting_for(actor: Actor, at: datetime) -> list[Grant]:
    """The grants that this actor could confirm, oldest first."""
    if not actor.holds(roles.GLOBAL_STAFF, roles.COUNTRY_MANAGER):
        return []
    return [one for one in grants_waiting(at).order_by("given_at", "id") if may_confirm(actor, gift_of(one))]


@dataclass(frozen=True, slots=True)
class Request:
    """A page that was asked for with a role taken for a while."""

    at: datetime
    route: str
    key: str


def requests_made_with(elevation: Elevation, most: int = 200) -> tuple[list[Request], bool]:
    """The pages asked for with an elevation, newest first, and whether there are more than these."""
    found = entries_search(subject=f"elevation {elevation.id}", action=REQUESTED, limit=most)
    shown = [Request(one.at, one.content["route"], one.content["key"]) for one in found.entries]
    return shown, found.before is not None


def elevations_of(person_id: str) -> QuerySet[Elevation]:
    """What a person took for a while."""
    return Elevation.objects.filter(person=person_id)


def elevation_owners(elevation: Elevation, at: datetime) -> set[str]:
    """Who owns what an elevation opens, so that she is told: never the one who took it.

    A role: the managers of the country. A purpose: whom its room names. Where that is nobody, the other global staff,
    so that nothing is opened unseen.
    """
    if elevation.purpose:
        kind = purpose_kind(elevation.purpose)
        found = set(kind.owners(elevation.purpose, at)) if kind else set()
    else:
        country = country_of(lineage_stored(elevation.scope))
        found = holders(roles.COUNTRY_MANAGER, country, at) if country else set()
    found -= {elevation.person}
    return found or holders(roles.GLOBAL_STAFF, WORLD, at) - {elevation.person}


class Later:
    """A query that is made only when another one is made of it, so that a policy alone asks no database."""

    def __init__(self, made: Callable[[], QuerySet[Any, Any]]) -> None:
        self._made = made

    def resolve_expression(self, *args: Any, **more: Any) -> Any:
        """What Django asks of a query inside a filter."""
        return self._made().resolve_expression(*args, **more)


class LaterList:
    """The same for a list of values."""

    def __init__(self, found: Callable[[], Iterable[str]]) -> None:
        self._found = found

    def __iter__(self) -> Iterator[str]:
        """Ask."""
        return iter(self._found())


def scopes_within(countries: Iterable[str]) -> LaterList:
    """The scopes of stored grants that lie in one of these countries alone; asked for only when a query is made of it.

    By the very function by which a role is given, so that a list and a right cannot disagree. Inside
    ``scopes_remembered`` they are asked for once.
    """
    wanted = frozenset(countries)

    def found() -> list[str]:
        known = _SCOPES.get()
        if known is not None and wanted in known:
            return known[wanted]
        stored = Grant.objects.order_by("scope").values_list("scope", flat=True).distinct()
        within = sorted({one for one in stored if country_of(lineage_stored(one)) in wanted} | wanted)
        if known is not None:
            known[wanted] = within
        return within

    return LaterList(found)


_SCOPES: ContextVar[dict[frozenset[str], list[str]] | None] = ContextVar("scopes within countries", default=None)


@contextmanager
def scopes_remembered() -> Iterator[None]:
    """While something is only read: the scopes within countries are asked for once. Never around a write of grants."""
    token = _SCOPES.set({})
    try:
        yield
    finally:
        _SCOPES.reset(token)
