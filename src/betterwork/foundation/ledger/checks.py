"""What else ``betterwork ledger verify`` looks at: rooms above add the checks that they can make."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Check = Callable[[], Iterator[str]]
"""Yields one line for each fault, in bounded memory."""

CHECKS: dict[str, Check] = {}


def check_add(name: str, check: Check) -> None:
    """Let ``ledger verify`` run ``check`` too, under a name that its lines begin with."""
    CHECKS[name] = check
