"""Fixtures of the tests of webhooks."""

from __future__ import annotations

import pytest

from betterwork.foundation.doors.policy import POLICIES, Policy
from betterwork.foundation.events.registry import SUBSCRIBERS
from betterwork.foundation.webhooks import jobs
from betterwork.foundation.webhooks.tests.worlds import EVENT, TOPIC, Line, ThingHappened
from betterwork.foundation.webhooks.topics import TOPICS, webhook_topic_add


@pytest.fixture
def topic():
    """A topic told to advisors, over the country that the thing lies in."""
    policy = Policy("tested.topic", "Advisors and global staff.", lambda actor: actor.holds("advisor", "global-staff"))
    webhook_topic_add(
        ThingHappened,
        TOPIC,
        "A thing happened",
        lambda one: {"thing": one["thing"], "url": f"/things/{one['thing']}/"},
        event=EVENT,
        policy=policy,
        scope=lambda one: f"country:{one['country']}",
    )
    yield
    POLICIES.pop("tested.topic")
    TOPICS.pop(TOPIC)
    SUBSCRIBERS.pop((EVENT, f"webhooks.{TOPIC}"))


@pytest.fixture
def line(monkeypatch) -> Line:
    found = Line()
    monkeypatch.setattr(jobs, "called", found)
    return found
