"""Captures written down by one person on one device, for tests that look at what stands and not at merging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from betterwork.core.capture.generators import MIDNIGHT
from betterwork.core.capture.merging import State, fold
from betterwork.core.capture.operations import Operation


def captured(things: Mapping[str, Mapping[str, Any]]) -> State:
    """The state in which these values stand: about → field → value."""
    rows = [(about, name, value) for about, values in things.items() for name, value in values.items()]
    return fold(
        Operation(f"{1_795_392_000_000:012x}7000800000000{at:07x}", *row, (), "d" * 32, MIDNIGHT)
        for at, row in enumerate(rows)
    )


def interview(number: int) -> str:
    """The about of an interview."""
    return f"interview:{number:012x}40008000000000000000"
