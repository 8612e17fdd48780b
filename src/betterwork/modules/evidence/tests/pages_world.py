"""A country for the tests of pages: a handful of factories over two years, enough for aggregates. SIMULATED."""

from __future__ import annotations

from typing import Any

from betterwork.modules.evidence.tests.sample import made_up

CODES = ("CMP-1-01", "CMP-1-02", "CMP-2-01", "OSH-1-01", "OSH-3-01", "OSH-7-01")
FACTORIES = 8


def few(country: str = "VN") -> list[dict[str, Any]]:
    """Two assessments of each of eight factories; accommodation (OSH-7) was asked in two of them only."""
    found = []
    for factory in range(1, FACTORIES + 1):
        for cycle in (1, 2):
            answers = {code: int((factory * 7 + place * 3 + cycle) % 5 < 3 - cycle) for place, code in enumerate(CODES)}
            if factory > 2:
                del answers["OSH-7-01"]
            number = 1000 * (country == "JO") + 10 * factory + cycle
            start = f"{2013 + cycle}-0{1 + factory % 8}-11"
            found.append(made_up(country, number, str(factory), start, cycle, "2014", answers))
    return found
