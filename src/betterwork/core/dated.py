"""Values that hold from a day to a day: settings, law, names, prices, tools in force.

Days are whole and both ends are inside. A value without an end still holds. A gap between two
values is allowed and means that nothing held; two values on the same day are refused, because
then nobody could say which one held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from betterwork.core.errors import BetterWorkError

T = TypeVar("T")


class BadDates(BetterWorkError):
    """Dated values that cannot stand: one ends before it starts, two hold on the same day, or one has no source."""


@dataclass(frozen=True, slots=True)
class DatedValue(Generic[T]):
    """A value, the days it holds (``start`` and ``end`` inside; ``end`` None: still) and where it is written.

    Raises :class:`BadDates` when it ends before it starts or names no source.
    """

    value: T
    start: date
    end: date | None
    source: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise BadDates(f"{self.value!r} ends on {self.end} before it starts on {self.start}: mend one of the dates")
        if not self.source.strip():
            raise BadDates(f"{self.value!r} from {self.start} names no source: say where the rule is written")

    def holds_on(self, on: date) -> bool:
        """Whether the value holds on that day."""
        return self.start <= on and (self.end is None or on <= self.end)


def dated_in_order(values: Iterable[DatedValue[T]]) -> tuple[DatedValue[T], ...]:
    """The values from earliest to latest.

    Raises :class:`BadDates` naming the first two that hold on the same day.
    """
    ordered = tuple(sorted(values, key=lambda one: one.start))
    for earlier, later in pairwise(ordered):
        if earlier.end is None or later.start <= earlier.end:
            until = f"until {earlier.end}" if earlier.end else "without an end"
            raise BadDates(
                f"{earlier.value!r} (from {earlier.start} {until}) and {later.value!r} (from {later.start}) "
                "hold on the same day: end the first one earlier"
            )
    return ordered


def value_on(values: Sequence[DatedValue[T]], on: date) -> DatedValue[T] | None:
    """The value that held on that day with its source, or None in a gap, before the first or after the last.

    Raises :class:`BadDates` when any two of the values hold on the same day, also on another day than ``on``:
    a wrong table is wrong before somebody asks about the wrong day.
    """
    for one in dated_in_order(values):
        if one.holds_on(on):
            return one
    return None
