"""What happens on visits, told to other rooms: opaque ids alone, and nothing before arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class VisitArrived:
    """Arrival was recorded: the secrecy ended."""

    NAME: ClassVar[str] = "visits.visit.arrived"
    visit: str
    factory: int


@dataclass(frozen=True, slots=True)
class VisitDone:
    """A visit is done."""

    NAME: ClassVar[str] = "visits.visit.done"
    visit: str
    factory: int
