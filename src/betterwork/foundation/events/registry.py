"""Who subscribes to what: filled at start by each room's ``subscribers.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.rules import name_check, subscriber_check


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a handler receives it. ``content`` holds plain values: ``VisitEnded(**event.content)``."""

    number: int
    name: str
    content: dict[str, Any]
    at: datetime


Handler = Callable[[Happened, datetime], None]
"""Called with the event and the moment of its delivery."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A function that is handed every event of one name."""

    event: str
    name: str
    handler: Handler
    history: bool


SUBSCRIBERS: dict[tuple[str, str], Subscriber] = {}


def subscribe(name: str, subscriber: str, handler: Handler, *, history: bool = False) -> None:
    """Hand every event called ``name`` to ``handler(event, at)``, in one transaction with the mark that it was.

    ``subscriber`` names the one who listens ("improvement.plans") for good: under another name it is another one.
    ``history`` asks for the events from before it was first seen too. Raises WrongUse for a second handler under
    the same names.
    """
    name_check(name)
    subscriber_check(subscriber)
    known = SUBSCRIBERS.get((name, subscriber))
    if known is not None and known.handler is not handler:
        raise WrongUse(f"two handlers of {name} are called {subscriber}: give one of them another name")
    SUBSCRIBERS[name, subscriber] = Subscriber(name, subscriber, handler, history)


def subscribers_of(name: str) -> Iterable[Subscriber]:
    """Who listens to events of a name, in the order of their names."""
    return [one for key, one in sorted(SUBSCRIBERS.items()) if key[0] == name]


WAKERS: list[Callable[[], None]] = []
"""Called after a commit that published: the worker's room above puts its own here."""
