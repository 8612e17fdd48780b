"""Topics: what endpoints can be told of. Declared by rooms over the events they publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from betterwork.foundation.access.scopes import lineage_stored
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import Policy, rule
from betterwork.foundation.events.registry import Happened, subscribe
from betterwork.foundation.webhooks.rules import topic_check

Payload = Callable[[dict[str, Any]], Mapping[str, Any]]
TEST = "webhook.test"


@rule("webhooks.unsaid", "Global staff: a topic of which its room did not say who may be told.")
def UNSAID(actor: Actor) -> bool:
    """Who is told of a topic that names no policy."""
    return actor.in_world(roles.GLOBAL_STAFF)


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be told: which event it is made of, in which words it is offered, who may be told."""

    name: str
    event: str
    words: Any
    payload: Payload
    policy: Policy
    thing: Callable[[dict[str, Any]], Any] | None
    scope: Callable[[dict[str, Any]], str] | None

    def may(self, actor: Actor, content: dict[str, Any], endpoint_scope: str) -> bool:
        """Whether an actor is told of this one, at an endpoint with this scope."""
        thing = self.thing(content) if self.thing else None
        if (self.thing and thing is None) or not self.policy.may(actor, thing):
            return False
        if endpoint_scope == roles.WORLD:
            return True
        return self.scope is not None and endpoint_scope in lineage_stored(self.scope(content))


TOPICS: dict[str, Topic] = {}


def webhook_topic_add(
    event_class: type[Any],
    topic: str,
    words: Any,
    payload: Payload,
    *,
    event: str = "",
    policy: Policy = UNSAID,
    thing: Callable[[dict[str, Any]], Any] | None = None,
    scope: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    """Offer a topic made of the events that carry ``event_class``.

    ``event`` is the event's name; else ``event_class.NAME``. ``payload(content)`` gives ids and links. ``policy`` says
    who may be told, asked of ``thing(content)`` where there is one (None: it is gone, nobody is told).
    ``scope(content)`` says what it lies in, for endpoints of a smaller scope than the world. Raises ValueError for a
    name that is none or that another room has, and for a class without a name.
    """
    topic_check(topic)
    name = event or str(getattr(event_class, "NAME", ""))
    if not name:
        raise ValueError(f"{topic}: give the name of the event that {event_class.__name__} is the content of")
    if topic in TOPICS and TOPICS[topic].event != name:
        raise ValueError(f"two topics are called {topic}")
    TOPICS[topic] = Topic(topic, name, words, payload, policy, thing, scope)
    subscribe(name, f"webhooks.{topic}", _handler(topic))


_HANDLERS: dict[str, Callable[[Happened, datetime], None]] = {}


def _handler(topic: str) -> Callable[[Happened, datetime], None]:
    """One function for each topic: the outbox knows a subscriber again by it."""

    def told(event: Happened, at: datetime) -> None:
        from betterwork.foundation.webhooks.services import deliveries_owe

        deliveries_owe(topic=topic, event=event, at=at)

    return _HANDLERS.setdefault(topic, told)
