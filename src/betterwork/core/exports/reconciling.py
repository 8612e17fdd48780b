"""The reconciliation of an import: rows read = taken + duplicates + refused, per file and in total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from betterwork.core.exports.assembling import Assembled
from betterwork.core.exports.judging import Reason, Refusal
from betterwork.core.instrument import Determination

SCHEMA = "betterwork.reconciliation/1"


class Outcome(StrEnum):
    """What became of an assessment of a file."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"  # refused: the platform holds other content under the same number
    SUPERSEDED = "superseded"  # sealed as a successor of what was held
    REFUSED = "refused"  # no row of it could be taken


@dataclass(slots=True)
class Counts:
    """Rows and assessments, counted."""

    rows_read: int = 0
    taken: int = 0
    duplicates: int = 0
    restated: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    not_asked: Counter[Determination] = field(default_factory=Counter)
    blank_facts: int = 0
    undeclared_facts: int = 0
    other_labels: int = 0
    blank_lines: int = 0
    assessments: Counter[Outcome] = field(default_factory=Counter)
    incomplete: int = 0

    @property
    def refused_total(self) -> int:
        """How many rows were refused, for any reason."""
        return sum(self.refused.values())

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read is accounted for."""
        return self.rows_read == self.taken + self.duplicates + self.refused_total

    def count_refused(self, refusal: Refusal, rows: int = 1) -> None:
        """Count rows refused outside any assessment."""
        self.refused[refusal.reason] += rows

    def count_assessment(self, assembled: Assembled, outcome: Outcome) -> None:
        """Count the rows of one assessment and what became of it."""
        self.taken += len(assembled.taken)
        self.duplicates += assembled.duplicates
        self.restated += assembled.restated
        self.refused.update(refusal.reason for _, refusal in assembled.refused)
        self.not_asked.update(assembled.not_asked)
        self.blank_facts += assembled.blank_facts
        self.undeclared_facts += assembled.undeclared_facts
        self.other_labels += assembled.other_labels
        self.assessments[outcome] += 1
        self.incomplete += bool(assembled.content and assembled.content["incomplete"])

    def add(self, other: Counts) -> None:
        """Add the counts of another file."""
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, mine + theirs)

    def as_json(self) -> dict[str, Any]:
        """The counts as a JSON object; the names are stable."""
        return {
            "rows_read": self.rows_read,
            "taken": self.taken,
            "duplicates": self.duplicates,
            "restated": self.restated,
            "refused": {reason.value: self.refused[reason] for reason in Reason if self.refused[reason]},
            "refused_total": self.refused_total,
            "adds_up": self.adds_up,
            "not_asked_blank": self.not_asked[Determination.BLANK] + self.blank_facts,
            "not_asked_not_applicable": self.not_asked[Determination.NOT_APPLICABLE],
            "not_asked_not_assessed": self.not_asked[Determination.NOT_ASSESSED],
            "blank_facts": self.blank_facts,
            "undeclared_facts": self.undeclared_facts,
            "other_labels": self.other_labels,
            "blank_lines": self.blank_lines,
            "assessments": {outcome.value: self.assessments[outcome] for outcome in Outcome},
            "incomplete": self.incomplete,
        }


@dataclass(slots=True)
class FileReconciliation:
    """What became of one file. ``assessments`` has one JSON object for each assessment in it."""

    file: str
    sha256: str = ""
    counts: Counts = field(default_factory=Counts)
    notes: list[str] = field(default_factory=list)
    quarantine: str | None = None
    assessments: list[dict[str, Any]] = field(default_factory=list)

    def count_assessment(self, assembled: Assembled, outcome: Outcome) -> None:
        """Count one assessment and note it by itself."""
        self.counts.count_assessment(assembled, outcome)
        content = assembled.content or {}
        country, number = assembled.rows.key
        self.assessments.append(
            {
                "country": country,
                "assessment": number,
                "outcome": outcome.value,
                "taken": len(assembled.taken),
                "duplicates": assembled.duplicates,
                "refused": len(assembled.refused),
                "missing": len(content.get("missing", ())),
                "incomplete": bool(content.get("incomplete", False)),
            }
        )

    def as_json(self) -> dict[str, Any]:
        """The file's part of the report."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            **self.counts.as_json(),
            "notes": self.notes,
            "quarantine": self.quarantine,
            "by_assessment": sorted(self.assessments, key=lambda one: (one["country"], one["assessment"])),
        }


@dataclass(slots=True)
class Reconciliation:
    """What became of all files of one run."""

    dry_run: bool = False
    files: list[FileReconciliation] = field(default_factory=list)

    @property
    def total(self) -> Counts:
        """The sum over the files."""
        return counts_total(one.counts for one in self.files)

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        return {
            "schema": SCHEMA,
            "dry_run": self.dry_run,
            **self.total.as_json(),
            "files": [one.as_json() for one in self.files],
        }


def counts_total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    total = Counts()
    for one in counts:
        total.add(one)
    return total
