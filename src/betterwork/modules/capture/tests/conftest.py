"""What the tests of capture share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from betterwork.foundation.vault.kinds import KINDS
from betterwork.modules.capture import policy
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.tests import making
from betterwork.modules.capture.tests.browser import Room, serving


@pytest.fixture(autouse=True)
def kinds_stand() -> None:
    """Other rooms' tests take kinds of the vault away when they are done."""
    for one in (policy.INTERVIEW_KIND, policy.INTERVIEWS_KIND):
        KINDS[one.name] = one


@pytest.fixture
def capture(db: None) -> Capture:
    """A visit of two advisors, taken by the first."""
    return making.taken(making.visit_made())


@pytest.fixture
def room() -> Room:
    """What the server holds."""
    return Room()


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    """Where the server is."""
    with serving(room) as found:
        yield found
