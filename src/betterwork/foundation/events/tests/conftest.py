"""Each test has a list of subscribers of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from betterwork.foundation.events import registry


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    kept, woken = dict(registry.SUBSCRIBERS), list(registry.WAKERS)
    registry.SUBSCRIBERS.clear()
    registry.WAKERS.clear()
    yield
    registry.SUBSCRIBERS.clear()
    registry.SUBSCRIBERS.update(kept)
    registry.WAKERS[:] = woken
