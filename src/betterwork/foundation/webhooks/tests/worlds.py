"""What the tests of webhooks share: a topic, receivers that answer what they are told to, an endpoint."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from betterwork.foundation.events.services import event_publish
from betterwork.foundation.webhooks.calling import Called
from betterwork.foundation.webhooks.services import endpoint_make

EVENT, TOPIC = "tested.thing.happened", "thing.happened"


@dataclass(frozen=True)
class ThingHappened:
    thing: str
    country: str


class Line:
    """What receivers were sent, and what they answer, by address."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, Called] = {}

    def __call__(self, url, body, headers) -> Called:
        self.sent.append((url, dict(headers), body))
        return self.answers.get(url, Called(200))

    def to(self, url: str) -> list[tuple[dict[str, str], bytes]]:
        return [(headers, body) for one, headers, body in self.sent if one == url]


URL, OTHER = "https://one.example/hook", "https://two.example/hook"


def make(cast, word: str = "advisor", url: str = URL, **more):
    person = cast.person(word).public_id
    return endpoint_make(actor=person, title="a system", url=url, topics=[TOPIC], at=timezone.now(), **more)


def happen(thing: str = "t-1", country: str = "VN"):
    return event_publish(name=EVENT, content=ThingHappened(thing, country), at=timezone.now())
