"""Each test has schedules of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from betterwork.foundation.events import registry
from betterwork.foundation.jobs import schedules


@pytest.fixture(autouse=True)
def nothing_is_scheduled() -> Iterator[None]:
    kept, listening = dict(schedules.SCHEDULES), dict(registry.SUBSCRIBERS)
    schedules.SCHEDULES.clear()
    registry.SUBSCRIBERS.clear()
    yield
    schedules.SCHEDULES.clear()
    schedules.SCHEDULES.update(kept)
    registry.SUBSCRIBERS.clear()
    registry.SUBSCRIBERS.update(listening)
