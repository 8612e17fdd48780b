"""What this room asks the room of visits: the only place that knows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from betterwork.core.errors import WrongUse
from betterwork.modules.visits.queries import VisitFacts as Visit
from betterwork.modules.visits.queries import assesses, visit_called, visits_with
from betterwork.modules.visits.queries import visits_to_take as to_take
from betterwork.modules.visits.rules import ASSESSMENT

__all__ = ["Visit", "is_on_team", "visit_of", "visits_of", "visits_to_take"]


def visit_of(key: str) -> Visit | None:
    """A visit by its key; None where there is none."""
    try:
        return visit_called(key)
    except WrongUse:
        return None


def visits_of(person: str) -> Any:
    """The keys of the visits on whose team a person is, for ``visit__in``."""
    return visits_with(person)


def is_on_team(person: str, visit: str) -> bool:
    """Whether a person assesses a visit now. One query."""
    return assesses(person, visit)


def visits_to_take(person: str, on: date) -> list[Visit]:
    """The assessments of a person that may be taken onto a device on a day, the next first."""
    return [one for one in to_take(person, on) if one.kind == ASSESSMENT]
