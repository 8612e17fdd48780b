"""What higher rooms hang on this one. People knows nothing of roles, countries or factories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.forms import Form
from django.http import QueryDict

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.people.models import Person

LEAVING: list[Callable[[str, str, datetime], None]] = []
"""``(person_id, actor_id, at)``: run inside the transaction in which a person leaves. Access ends her roles here."""

HOLDS: list[Callable[[str, datetime], str]] = []
"""``(person_id, at)`` → why she cannot be erased yet, in one sentence, or nothing."""

PEOPLE_REACH: list[Callable[[Actor], Q | None]] = []
"""``actor`` → the persons this actor may see besides those of the room's own rule; None for nobody more."""

PEOPLE_MANAGED: list[Callable[[Actor], Q | None]] = []
"""``actor`` → the persons this actor may invite again, end the sessions of and let leave; None for nobody more."""

ROLES_COUNTED: list[Callable[[QuerySet[Person], Actor, datetime], QuerySet[Person]]] = []
"""``(persons, actor, at)`` → the same with ``roles``, the number of roles in force that ``actor`` oversees.

The last one added counts."""

COUNTRIES_OPEN: list[Callable[[datetime], Sequence[tuple[str, Any]]]] = []
"""``at`` → (code, name) of the countries whose settings let factories ask for an account. Empty: nobody may."""


@dataclass(frozen=True, slots=True)
class InvitationPart:
    """A part of the form of an invitation that another room brings: the role, say.

    ``form(actor, data)`` gives the form, or None where this actor has nothing to fill in. ``given(person_id, actor_id,
    form, at)`` runs in the transaction of the invitation, with the form found valid.
    """

    title: Any
    form: Callable[[Actor, QueryDict | None], Form | None]
    given: Callable[[str, str, Form, datetime], None]


INVITING: list[InvitationPart] = []


def roles_counted(persons: QuerySet[Person], actor: Actor, at: datetime) -> QuerySet[Person]:
    """The persons with the number of their roles that ``actor`` oversees as ``roles``; 0 where no room counts them."""
    if ROLES_COUNTED:
        return ROLES_COUNTED[-1](persons, actor, at)
    return persons.annotate(roles=Value(0, output_field=IntegerField()))


def countries_open(at: datetime) -> list[tuple[str, Any]]:
    """The countries that let factories ask for an account, each once, by name."""
    found = {code: name for one in COUNTRIES_OPEN for code, name in one(at)}
    return sorted(found.items(), key=lambda one: str(one[1]))


def why_held(person_id: str, at: datetime) -> list[str]:
    """Every reason why this person cannot be erased yet."""
    return [why for why in (one(person_id, at) for one in HOLDS) if why]
