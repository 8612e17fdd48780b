"""Reading figures for pages: tables as the commands give them, without an engine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from betterwork.core.evidence.tables import Stamp, Table
from betterwork.modules.evidence.figures.files import file_read
from betterwork.modules.evidence.freshness import newest_document
from betterwork.modules.evidence.models import Asked, Figures

LATEST, TREND, GLANCE, SAFE = "latest", "trend", "glance", "aggregates"
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a country's figures, with the stamp under its tables."""

    content: dict[str, Any]
    stamp: Stamp

    @property
    def counts(self) -> dict[str, Any]:
        """What is counted in the part's tables."""
        found: dict[str, Any] = self.content.get("counts", {})
        return found

    def table(self, name: str) -> Table | None:
        """A table of the part; None where it has none of this name."""
        held = self.content.get("tables", {}).get(name)
        if held is None:
            return None
        return Table(
            held["name"],
            tuple(held["columns"]),
            held["rows"],
            held["definition"],
            tuple(held.get("notes", ())),
            self.stamp,
            held.get("rules", {}),
        )


def part_of(figures: Figures, name: str) -> Part | None:
    """A part of a country's figures; None where there is none, or its file is gone and must be made again."""
    digest = figures.parts.get(name) if isinstance(figures.parts, dict) else None
    content = file_read(digest) if isinstance(digest, str) else None
    if not isinstance(content, dict):
        return None
    stamp = Stamp(
        figures.snapshot or CURRENT, figures.set_digest, figures.taken_at, figures.documents, figures.code_version
    )
    return Part(content, stamp)


def part_asked(asked: Asked) -> Part | None:
    """The tables of a window that was asked for; None while they are not there."""
    content = file_read(asked.file) if asked.file else None
    if not isinstance(content, dict):
        return None
    return Part(content, Stamp(CURRENT, asked.set_digest, asked.taken_at, asked.documents, asked.code_version))


def periods_of(figures: Figures) -> list[str]:
    """The calendar years that have assessments of their own, the newest first."""
    parts = figures.parts if isinstance(figures.parts, dict) else {}
    return sorted((name for name in parts if name.isdigit()), reverse=True)


def is_old(figures: Figures) -> bool:
    """Whether assessments were sealed after these figures were made; a snapshot's figures never are. One query."""
    return not figures.snapshot and figures.newest != newest_document()


def figures_current(country: str) -> Figures | None:
    """A country's figures from the newest build."""
    return Figures.objects.filter(key=country).first()


def factory_figures(figures: Figures, factory: str) -> dict[str, Any] | None:
    """A factory's own figures, by its number in its country; None where it was never assessed."""

    part = part_of(figures, f"factories-{hashlib.sha256(factory.encode()).hexdigest()[0]}")
    if part is None:
        return None
    found: dict[str, Any] | None = part.content.get("factories", {}).get(factory)
    return found


def figures_digests(set_digest: str) -> dict[str, str]:
    """Country → the digest of its figures made from a set of documents; for the snapshot that names the set."""
    rows = Figures.objects.filter(set_digest=set_digest).order_by("snapshot")
    return dict(rows.values_list("country", "digest"))
