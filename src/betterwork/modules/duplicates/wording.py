"""Figures in sentences, for the command and the bench."""

from __future__ import annotations

from collections.abc import Iterator

from betterwork.core.matching.records import Record
from betterwork.modules.duplicates.measuring import Measured


def measured_lines(reached: Measured, *, most: int) -> Iterator[str]:
    """What was reached on one half, with its errors, at most so many of each sort."""
    yield f"half: {reached.half} (SIMULATED pairs: {reached.pairs}, of one factory {reached.same}, hard {reached.hard})"
    yield f"precision {reached.precision:.4f} ({reached.right} of {reached.found} pairs shown)"
    yield f"recall    {reached.recall:.4f} ({reached.right} of {reached.same} pairs of one factory)"
    for way, found, count in reached.by_way:
        yield f"  {way:<22} {found:>4} of {count:>4} shown"
    for title, errors in (("shown and not one factory", reached.wrong), ("one factory and not shown", reached.missed)):
        yield f"{title}: {len(errors)}"
        for how, left, right in errors[:most]:
            yield f"  [{how}] {_record(left)}  <>  {_record(right)}"


def _record(record: Record) -> str:
    parts = (
        " / ".join(record.names),
        " / ".join(record.addresses) or "no address",
        " / ".join(record.owners) or "no owner",
    )
    return "; ".join(parts)
