"""A finished table with what it means: rows, definition, notes, the snapshot and rules that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from betterwork.core.evidence.choice import By, Choice

LEVEL_COLUMNS: Mapping[By, tuple[str, ...]] = {
    By.CLUSTER: ("cluster",),
    By.POINT: ("cluster", "compliance_point"),
    By.QUESTION: ("cluster", "compliance_point", "question_code", "question"),
    By.FACTORY: ("factory_id", "factory"),
}
RATE_COLUMNS = ("assessments", "noncompliant", "rate", "rate_low", "rate_high")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What names a set of sealed documents: the same stamp and rules give the same table.

    ``digest`` is that of the set of documents, ``taken_at`` when the latest of them was sealed
    (ISO 8601, UTC), never the clock; ``code_version`` the platform that computed.
    """

    name: str
    digest: str
    taken_at: str
    documents: int
    code_version: str


@dataclass(frozen=True)
class Table:
    """Rows under ``columns``: shares are fractions 0 to 1, not rounded; counts are whole numbers."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    definition: str
    notes: tuple[str, ...]
    snapshot: Stamp
    rules: dict[str, object]

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def rules_of(choice: Choice) -> dict[str, object]:
    """The choice in the words of the command line, for a table's head and a report's manifest."""
    start, end = choice.window()
    return {
        "country": choice.country,
        "from": start.isoformat() if start else None,
        "to": end.isoformat() if end else None,
        "cycle": choice.cycle,
        "manual_rules": choice.manual_rules,
        "comparable_only": choice.comparable_only,
        "level": "all" if choice.manual_rules else choice.level,
    }
