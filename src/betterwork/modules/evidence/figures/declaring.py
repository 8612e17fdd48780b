"""What a higher room says of what may leave a country's staff: it knows the rules of publication, this one does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """A country's rule for small groups: the fewest factories that a figure may speak of outside, and its source."""

    minimum: int
    source: str


Aggregates = Callable[[Any, str, Rule], Mapping[str, Any] | None]
_AGGREGATES: list[Aggregates] = []


def aggregates_add(make: Aggregates) -> None:
    """Let ``make(store, country, rule)`` give the aggregates that a country's constituents may read, as plain values.

    ``{"counts": …, "panels": […], "tables": {name: content}}`` with everything withheld that speaks of fewer
    factories than the rule says; None where nothing can be said. Adding again replaces it.
    """
    _AGGREGATES[:] = [make]


def aggregates_of(store: Any, country: str, rule: Rule) -> Mapping[str, Any] | None:
    """The aggregates of a country; None where no room makes them."""
    return _AGGREGATES[0](store, country, rule) if _AGGREGATES else None
