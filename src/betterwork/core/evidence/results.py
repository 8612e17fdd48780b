"""From counts to rows: rates with Wilson intervals, improvement with McNemar's exact test. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from betterwork.core.statistics import mcnemar_exact, wilson_interval

Item = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Assessments asked, and findings among them."""

    asked: int
    found: int

    def __add__(self, other: Count) -> Count:
        return Count(self.asked + other.asked, self.found + other.found)

    @property
    def rate(self) -> float:
        """Findings per assessment asked."""
        return self.found / self.asked

    @property
    def row(self) -> tuple[int, int, float, float, float]:
        """assessments, noncompliant, rate, rate_low, rate_high.

        By the manual's rules a repeated row can make more findings than assessments; the interval
        is then that of all of them.
        """
        low, high = wilson_interval(min(self.found, self.asked), self.asked)
        return self.asked, self.found, self.rate, low, high


@dataclass(frozen=True, slots=True)
class PairedCount:
    """Factories asked at both ends; how many were non-compliant before and now, and who changed."""

    factories: int
    before: int
    now: int
    fixed: int
    relapsed: int

    @property
    def row(self) -> tuple[Any, ...]:
        """The columns of an effort table after its level columns."""
        before, now = self.before / self.factories, self.now / self.factories
        stayed_bad = self.before - self.fixed
        stayed_good = self.factories - self.before - self.relapsed
        # The difference of the counts is exact; that of two rounded shares need not be.
        improvement = (self.before - self.now) / self.factories
        p_value = mcnemar_exact(self.fixed, self.relapsed)
        return (
            self.factories, before, now, improvement, self.fixed, self.relapsed, stayed_bad, stayed_good, p_value,
        )  # fmt: skip


def totals(counts: Mapping[tuple[int, Item], Count]) -> dict[tuple[int, Item], Count]:
    """Counts by (country number, item) from counts by (cell, item)."""
    from betterwork.core.evidence.keys import cell_parts

    found: dict[tuple[int, Item], Count] = {}
    for (cell, item), count in counts.items():
        key = (cell_parts(cell)[0], item)
        found[key] = found[key] + count if key in found else count
    return found


def mean_rates(
    points: Mapping[tuple[int, Item], Count], cluster_of: Mapping[Item, Item]
) -> dict[tuple[int, Item], tuple[int, float]]:
    """Per (cell or country, cluster item): how many points were asked, and the mean of their rates.

    Points weigh the same, however many assessments asked them. Summed in the order of the items,
    so that the last digit does not depend on the engine.
    """
    rates: dict[tuple[int, Item], list[float]] = {}
    for (place, item), count in sorted(points.items()):
        rates.setdefault((place, cluster_of[item]), []).append(count.rate)
    return {key: (len(each), sum(each) / len(each)) for key, each in rates.items()}
