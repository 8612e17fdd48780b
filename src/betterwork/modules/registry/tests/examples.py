"""Runs the worked example of docs/algorithms/coverage.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from betterwork.modules.registry.coverage import Method, Record, Sector, coverage_on


def check_coverage(content: dict[str, Any], folder: Path) -> None:
    """Reckon what the page says, for each of its days; fails where the page says something else."""
    numbers = {name: place for place, name in enumerate(content["records"], start=1)}
    records = [_record(numbers, name, one) for name, one in content["records"].items()]
    method = Method(Decimal(content["household"]), Decimal(content["earners"]))
    sector = Sector(content["sector"]["factories"], content["sector"]["workers"], "the example")
    for on, wanted in content["coverage"].items():
        day, years = date.fromisoformat(on), Decimal(content["years"])
        found = coverage_on(day, records, sector=sector, method=method, years=years)
        assert (found.factories, found.workers, found.counted, found.family) == tuple(
            wanted[name] for name in ("factories", "workers", "counted", "family")
        ), on
        assert found.share_of_factories == pytest.approx(wanted["share_of_factories"], abs=1e-12)
        assert found.share_of_workers == pytest.approx(wanted["share_of_workers"], abs=1e-12)


def _record(numbers: dict[str, int], name: str, one: dict[str, Any]) -> Record:
    joined = one.get("joined")
    return Record(
        factory=numbers[name],
        cycles=_spans(one.get("cycles", [])),
        counts=[(date.fromisoformat(on), workers) for on, workers in one.get("counts", [])],
        same_as=numbers[one["same_as"]] if "same_as" in one else None,
        joined=(numbers[joined[0]], date.fromisoformat(joined[1])) if joined else None,
        closed=_spans(one.get("closed", [])),
    )


def _spans(pairs: list[list[str | None]]) -> list[tuple[date, date | None]]:
    return [(date.fromisoformat(str(a)), date.fromisoformat(b) if b else None) for a, b in pairs]
