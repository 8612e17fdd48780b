"""What higher rooms tell this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

History = Callable[[int, date], Iterable[tuple[str, str, date]]]
"""(key of a factory, before which day) → (code of a question, determination in words, day), the latest first."""
HISTORIES: dict[str, History] = {}


def history_add(name: str, function: History) -> None:
    """Let ``function(factory_id, before)`` tell what was determined at a factory before a visit."""
    HISTORIES[name] = function


def history_of(factory_id: int, before: date) -> list[tuple[str, str, date]]:
    """What every room knows of a factory before a day: of each question the latest determination, in code order."""
    latest: dict[str, tuple[str, date]] = {}
    for name in sorted(HISTORIES):
        for code, determination, on in HISTORIES[name](factory_id, before):
            if code not in latest or on > latest[code][1]:
                latest[code] = (determination, on)
    return [(code, *latest[code]) for code in sorted(latest)]
