"""Runs the worked example of the quorum against the rules: for this room's tests and for tests/worked_examples.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from betterwork.modules.bodies.rules import Composition, Seat, Side, quorum_of

DAY = date(2026, 11, 22)


def check_quorum(content: dict[str, Any], folder: Path) -> None:
    """Hold the quorum of each meeting against what the page says of it."""
    found = content["quorum"]
    sides = tuple(Side(name, seats=9, least=least) for name, least in found["sides"].items())
    rules = Composition(sides, quorum_percent=found["share"], quorum_chair=True)
    seats = [Seat(one["id"], one["side"], one["id"], DAY, None, one.get("alternate_for", "")) for one in found["terms"]]
    for one in found["meetings"]:
        quorum = quorum_of(rules, seats, one["present"], DAY, chair=found["chair"])
        assert (quorum.heard, quorum.needed) == (one["heard"], one["needed"]), one
        assert list(quorum.missing) == one["missing"], one
