"""Services: taking access for a while, ending it, and the trace that each use of it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.elevating import Taking, basis, take_refusal, taken_until
from betterwork.foundation.access.models import Elevation, ElevationOwner
from betterwork.foundation.access.purposes import purpose_scopes
from betterwork.foundation.access.queries import (
    REQUESTED,
    actor_called,
    elevation_owners,
    elevations_in_force,
    grants_in_force,
)
from betterwork.foundation.access.rules import country_of, runs_country_of, runs_programme
from betterwork.foundation.access.scopes import lineage, lineage_stored, scope_check
from betterwork.foundation.access.telling import ELEVATION_ENDED, ELEVATION_TAKEN, tell
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT, moment
from betterwork.foundation.ledger.services import NewEntry, entries_append
from betterwork.foundation.people.models import Person

MOST_OF_A_KEY = 200


def _subject(elevation: Elevation) -> str:
    """How an entry of the ledger names an elevation."""
    return f"elevation {elevation.id}"


def _state(elevation: Elevation) -> dict[str, Any]:
    """What an entry keeps of an elevation. The reason stands under the key of who took it."""
    return {
        "person": elevation.person,
        "role": elevation.role,
        "scope": elevation.scope,
        "purpose": elevation.purpose,
        "reason": personal(elevation.person, elevation.reason),
        "starts": moment(elevation.starts),
        "ends": moment(elevation.ends),
        "ended_at": moment(elevation.ended_at) if elevation.ended_at else None,
        "ended_by": elevation.ended_by,
        "owners": sorted(elevation.owners.values_list("person", flat=True)),
    }


@audited("access.elevation.taken", subject=_subject, state=_state)
def elevation_take(
    *, actor: str, reason: str, minutes: int, at: datetime, role: str = "", scope: str = "", purpose: str = ""
) -> Elevation:
    """Take a role over a country, or one purpose, for some minutes. The owners are told in the same transaction.

    It ends by the clock, with the role by which it was taken, or by hand. Raises :class:`WrongUse` with the reason in
    words where it may not be taken; see ``elevating.take_refusal``.
    """
    person = Person.objects.select_for_update().filter(public_id=actor).first()
    taker = actor_called(actor, at) if person else Actor()
    scopes = purpose_scopes(purpose) if purpose else None
    whole = taken_until(at, minutes, None)
    taking = Taking(reason.strip(), at, whole, role, scope, purpose, scopes)
    if scope:
        lineage(scope)
        scope_check(scope)
    why = take_refusal(taker=taker, taking=taking, running=_running(actor, at))
    if why is not None:
        raise WrongUse(why)
    by = basis(taker, taking)
    assert by is not None
    elevation = Elevation.objects.create(
        person=actor,
        role=role,
        scope=scope,
        purpose=purpose,
        reason=taking.reason,
        starts=at,
        ends=taken_until(at, minutes, _until(actor, by, at)),
    )
    owners = elevation_owners(elevation, at)
    ElevationOwner.objects.bulk_create(ElevationOwner(elevation=elevation, person=one) for one in sorted(owners))
    tell(ELEVATION_TAKEN, owners, _facts(elevation, actor), at)
    return elevation


@audited("access.elevation.ended", subject=_subject, state=_state, of="elevation")
def elevation_end(*, actor: str, elevation: Elevation, at: datetime) -> Elevation:
    """End an elevation at this moment. Raises :class:`WrongUse` for one that is over and for who may not."""
    found = Elevation.objects.select_for_update().get(pk=elevation.pk)
    if found.ended_at is not None or found.ends <= at:
        raise WrongUse(_("This is over already."))
    if not may_end_elevation(actor_called(actor, at), found):
        raise WrongUse(_("This is not yours to end."))
    return _ended(found, actor, at)


@audited("access.elevation.ended", subject=_subject, state=_state, of="elevation")
def elevation_end_without_basis(*, actor: str, elevation: Elevation, at: datetime) -> Elevation:
    """End an elevation whose standing role ended. Not a door's to call."""
    return _ended(Elevation.objects.select_for_update().get(pk=elevation.pk), actor, at)


def may_end_elevation(actor: Actor, elevation: Elevation) -> bool:
    """Whether it is this actor's to end: who took it, an owner, the country's manager, global staff, the operator."""
    if actor.is_operator or runs_programme(actor):
        return True
    if not actor.signed_in:
        return False
    if actor.id == elevation.person or elevation.owners.filter(person=actor.id).exists():
        return True
    return bool(elevation.scope) and runs_country_of(actor, lineage_stored(elevation.scope))


def elevations_without_basis_end(*, actor: str, person_id: str, at: datetime) -> None:
    """End what a person took on the strength of a role that she does not hold any more."""
    still = {Held(one.role, one.scope) for one in grants_in_force(at).filter(person=person_id)}
    left = Actor(id=person_id, held=frozenset(still))
    for one in elevations_in_force(at).filter(person=person_id):
        if basis(left, _as_taking(one)) is None:
            elevation_end_without_basis(actor=actor, elevation=one, at=at)


@transaction.atomic
def elevated_request_note(*, actor: str, elevations: Iterable[str], route: str, key: str, at: datetime) -> None:
    """Leave a trace of a request made by who holds an elevated role: which page, which thing, and nothing more.

    Committed before the page is made: what cannot be written is not shown.
    """
    content = {"route": route[:MOST_OF_A_KEY], "key": key[:MOST_OF_A_KEY]}
    entries_append(
        new=[
            NewEntry(kind=AUDIT, action=REQUESTED, actor=actor, subject=f"elevation {one}", content=content, at=at)
            for one in elevations
        ]
    )


def _ended(elevation: Elevation, actor: str, at: datetime) -> Elevation:
    elevation.ended_at, elevation.ended_by = at, actor
    elevation.save(update_fields=["ended_at", "ended_by"])
    owners = set(elevation.owners.values_list("person", flat=True))
    tell(ELEVATION_ENDED, (owners | {elevation.person}) - {actor}, _facts(elevation, actor), at)
    return elevation


def _running(person_id: str, at: datetime) -> list[Taking]:
    rows: QuerySet[Elevation] = elevations_in_force(at).filter(person=person_id)
    return [_as_taking(one) for one in rows]


def _as_taking(one: Elevation) -> Taking:
    scopes = purpose_scopes(one.purpose) if one.purpose else None
    return Taking(one.reason, one.starts, one.ends, one.role, one.scope, one.purpose, scopes)


def _until(person_id: str, by: Held, at: datetime) -> datetime | None:
    """When the standing role ends by the clock; the latest, should she hold it twice."""
    ends = [one.ends for one in grants_in_force(at).filter(person=person_id, role=by.role, scope=by.scope)]
    return None if None in ends else max((one for one in ends if one), default=None)


def _facts(elevation: Elevation, actor: str) -> dict[str, str]:
    return {
        "elevation": elevation.id,
        "person": elevation.person,
        "role": elevation.role,
        "scope": elevation.scope,
        "purpose": elevation.purpose,
        "country": country_of(lineage_stored(elevation.scope)) or "" if elevation.scope else "",
        "ends": moment(elevation.ends),
        "by": actor,
    }
