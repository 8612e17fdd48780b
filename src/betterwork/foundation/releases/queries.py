"""Reading releases: what an actor receives, what was given, how it stands."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from betterwork.foundation.access.scopes import lineage_stored
from betterwork.foundation.audiences.names import FACTORY, OWN_PERSON, PUBLIC
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.audience_table import BY_ROLE
from betterwork.foundation.doors.roles import WORLD, scope_kind
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.rules import IN_FORCE, OVER, TO_COME, WITHDRAWN, day_of

_NARROW = frozenset({"factory", "committee"})
"""Kinds of scope that lie in a country without being what the country's own recipients are."""


def given_to(actor: Actor) -> Q:
    """The releases whose recipient this actor is, whenever they are in force."""
    me = Q(person="") | Q(person=actor.id)
    found = Q(audience=PUBLIC, scope=WORLD, role="") & me
    if actor.signed_in:
        found |= Q(audience=OWN_PERSON, person=actor.id)
    for held in actor.held:
        audience = BY_ROLE.get(held.role)
        if audience is not None:
            role = Q(role="") | Q(role=held.role)
            found |= Q(audience=audience, scope__in=_scopes_of(held, audience)) & role & me
    return found


def _scopes_of(held: Held, audience: str) -> list[str]:
    """The scopes a release of which reaches whoever holds a role: its own, and what an organisation or factory lies in.

    What is given to the committee of a country is not for the committees of its factories, nor for any other that is
    called by its own name, as a round table is.
    """
    above = lineage_stored(held.scope)
    of_one = any(scope_kind(one) in _NARROW for one in above)
    if of_one and audience != FACTORY:
        return sorted({held.scope, WORLD})
    return sorted(above)


def in_force(day: date) -> Q:
    """The releases in force on a day, both ends of their days inside, and not withdrawn."""
    return Q(starts__lte=day, withdrawal__isnull=True) & (Q(ends__isnull=True) | Q(ends__gte=day))


def releases_for(actor: Actor, at: datetime) -> QuerySet[Release]:
    """What an actor receives at a moment: releases to her that are in force."""
    return Release.objects.filter(given_to(actor), in_force(day_of(at)))


def documents_for(actor: Actor, at: datetime) -> QuerySet[SealedDocument]:
    """The documents of which an actor receives a section at a moment; for the policy of the room they are of."""
    return SealedDocument.objects.filter(pk__in=releases_for(actor, at).values("document"))


def releases_of(kind: str, key: str) -> QuerySet[Release]:
    """What was given of one thing, the newest first."""
    return Release.objects.filter(kind=kind, key=key).order_by("-given_at", "-id")


def with_state(rows: QuerySet[Release], at: datetime) -> QuerySet[Release]:
    """The rows with how they stand (``state``, as ``rules.state_on`` says), and when and why they were withdrawn."""
    day = day_of(at)
    return rows.annotate(
        withdrawn_at=F("withdrawal__at"),
        withdrawn_reason=F("withdrawal__reason"),
        state=Case(
            When(withdrawal__isnull=False, then=Value(WITHDRAWN)),
            When(starts__gt=day, then=Value(TO_COME)),
            When(ends__lt=day, then=Value(OVER)),
            default=Value(IN_FORCE),
            output_field=CharField(),
        ),
    )


def releases_of_person(person: str) -> list[dict[str, str]]:
    """What was given to a person, or by her, oldest first, in plain values."""
    rows = Release.objects.filter(Q(person=person) | Q(given_by=person) | Q(withdrawal__withdrawn_by=person))
    return [
        {"what": one.title, "from": one.starts.isoformat(), "given": one.given_at.isoformat()}
        for one in rows.order_by("given_at", "id")
    ]
