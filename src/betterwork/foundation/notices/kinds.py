"""The kinds of notices. The room that a kind comes from registers it at start, in its ``contributions.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.notices.rules import URGENCIES


def _everybody(actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """What the room knows of a kind of notice."""

    name: str
    title: Any
    """What mails and lists call it. Mails are read by others: it tells nothing of anybody."""
    words: Any
    """The sentence, with places for facts: ``_("%(by)s gave you the role %(role)s.")``."""
    urgency: str
    must: bool = False
    """Concerns safety: always mailed at once."""
    concerns: Callable[[Actor], bool] = _everybody
    """Who is offered a choice of how it reaches her."""


KINDS: dict[str, Kind] = {}


def notice_kind_add(
    name: str,
    *,
    title: Any,
    words: Any,
    urgency: str,
    must: bool = False,
    concerns: Callable[[Actor], bool] = _everybody,
) -> Kind:
    """Register a kind: ``name`` ("access.grant.given"), and what :class:`Kind` says. Raises ValueError."""
    if urgency not in URGENCIES:
        raise ValueError(f"{name}: the urgency is one of {', '.join(URGENCIES)}")
    KINDS[name] = Kind(name, title, words, urgency, must, concerns)
    return KINDS[name]


def kind_of(name: str) -> Kind:
    """A kind by its name. Raises :class:`WrongUse` for one that no room registered."""
    if name not in KINDS:
        raise WrongUse(f"no kind of notice is called {name!r}: its room registers it with notice_kind_add")
    return KINDS[name]
