"""What the outbox keeps of a person: opaque ids in facts, nothing that says who she is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, keeping_add
from betterwork.foundation.events.models import Event


def events_of_person(person: str) -> list[dict[str, Any]]:
    """The facts that name a person's opaque id."""
    found = Event.objects.filter(content__contains=f'"{person}"').order_by("number")
    return [{"event": one.name, "at": one.at.isoformat()} for one in found]


def nothing_to_erase(person: str, at: datetime) -> None:
    """The opaque id says nothing once what joins it to the person is gone."""


keeping_add(
    Keeping(
        room="events",
        what=_("That something happened in which you took part, by an opaque id: no name, no address."),
        why=_("So that every part of the platform learns of it, also after a failure."),
        how_long=_("As long as the platform is used. The id says nothing once your account is erased."),
        models=("events.Event",),
        export=events_of_person,
        erase=nothing_to_erase,
    )
)
