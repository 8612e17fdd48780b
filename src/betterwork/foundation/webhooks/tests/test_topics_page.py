"""The page for receivers names every topic that rooms declare."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from betterwork.foundation.webhooks.topics import TEST, TOPICS, UNSAID

PAGE = Path(__file__).parents[5] / "docs" / "how-to" / "receive-webhooks.md"
pytestmark = pytest.mark.capability("P1")


def of_rooms() -> set[str]:
    """The topics that rooms declare at the start; what tests add for a while speaks of their own events."""
    return {name for name, one in TOPICS.items() if not one.event.startswith(("tested.", "trial."))}


def test_the_page_for_receivers_names_every_topic_and_no_other() -> None:
    listed = re.findall(r"^\| `([a-z.-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(of_rooms()) and len(listed) == len(set(listed)) > 8
    assert TEST in PAGE.read_text(encoding="utf-8")


def test_every_topic_says_who_may_be_told() -> None:
    assert [name for name in of_rooms() if TOPICS[name].policy is UNSAID] == []
