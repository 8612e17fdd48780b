"""What other rooms tell this one: when a factory was last assessed, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

LastVisit = tuple[date, tuple[str, ...]]
"""(last day of the last assessment, opaque ids of those who assessed; empty where nobody knows)."""
Visited = Callable[[Collection[int]], Mapping[int, LastVisit]]

VISITED: dict[str, Visited] = {}


def visited_add(name: str, function: Visited) -> None:
    """Let ``function(factory_ids)`` tell when factories were last assessed, those it knows of.

    It is asked once for all factories of a country, so it takes few queries, however many they are. ``name`` is the
    room's; adding it again replaces it.
    """
    VISITED[name] = function


def visited_elsewhere(factories: Collection[int]) -> dict[int, list[LastVisit]]:
    """What all rooms know, the latest first."""
    found: dict[int, list[LastVisit]] = {}
    for name in sorted(VISITED):
        for factory, last in VISITED[name](factories).items():
            found.setdefault(factory, []).append(last)
    return {factory: sorted(known, reverse=True) for factory, known in found.items()}
