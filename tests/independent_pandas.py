"""The tables of evidence computed another way: pandas, straight from the export file, by the rules of the contracts.

Nothing here is shared with the product, on purpose: no keys, no store, no labels but those of the
file and the owner's reference tables. It is slow and plain. Tests compare the product with it.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Z = 1.959963984540054  # 97.5th percentile of the standard normal
LEVELS = {
    "question": ["cluster", "point", "code"],
    "point": ["cluster", "point"],
    "cluster": ["cluster"],
}


def wilson(x: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval by the textbook: centre and half-width."""
    p = x / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return centre - half, centre + half


def mcnemar(b: int, c: int) -> float:
    """Exact, two-sided."""
    from scipy.stats import binomtest

    return 1.0 if b + c == 0 else float(binomtest(min(b, c), b + c, 0.5).pvalue)


class Sample:
    """An export file read with pandas."""

    def __init__(self, file: Path, label_changes: Path) -> None:
        raw = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
        raw.columns = ["country", "factory", "name", "quest", "date", "cycle", "tool", "cluster", "point", "code",
                       "label", "type", "finding", "tags"]  # fmt: skip
        raw["quest_number"] = raw["quest"].astype(int)
        raw["start"] = pd.to_datetime(raw["date"], format="%d/%m/%Y")
        raw["cycle_number"] = raw["cycle"].astype(int)
        self.raw = raw[raw["type"] != "FGW"].reset_index(drop=True)
        with label_changes.open(encoding="utf-8") as changes:
            self.renamed = {(row["level"], row["old_label"]): row["new_label"] for row in csv.DictReader(changes)}

    def rows(self, manual: bool) -> pd.DataFrame:
        """One row per question and assessment; by the manual as the file has them."""
        if manual:
            return self.raw.assign(found=self.raw["finding"].astype(int))
        once = self.raw.drop_duplicates()
        obsolete = once.loc[once["name"].str.contains(r"\(obsolete\)", case=False), ["country", "factory"]]
        gone = set(map(tuple, obsolete.to_numpy()))
        kept = once[[(c, f) not in gone for c, f in zip(once["country"], once["factory"], strict=True)]].copy()
        kept["cluster"] = [self.renamed.get(("cluster", one), one) for one in kept["cluster"]]
        kept["point"] = [self.renamed.get(("point", one), one) for one in kept["point"]]
        return kept[kept["finding"].isin(["0", "1"])].assign(found=lambda one: one["finding"].astype(int))

    def heads(self, manual: bool) -> pd.DataFrame:
        """One row per assessment, with the whole years since its factory's first."""
        heads = self.rows(manual)[["country", "factory", "name", "quest_number", "start", "cycle_number", "cycle"]]
        heads = heads.drop_duplicates(["country", "quest_number"]).copy()
        first = heads.groupby(["country", "factory"])["start"].transform("min")
        passed = [
            (a.year - b.year) - ((a.month, a.day) < (b.month, b.day))
            for a, b in zip(heads["start"], first, strict=True)
        ]
        heads["years"] = [f"{n}" if n < 4 else "4+" for n in passed]
        heads["year"] = heads["start"].dt.year
        return heads

    @staticmethod
    def ordered(heads: pd.DataFrame, manual: bool) -> pd.DataFrame:
        """From earliest to latest in the sense of the rules."""
        return heads.sort_values(["quest_number"] if manual else ["start", "cycle_number", "quest_number"])

    def latest(
        self, manual: bool, start: str | None = None, end: str | None = None, cycle: int | None = None,
        country: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The assessment that counts of each factory."""
        heads = self.window(self.heads(manual), start, end)
        if cycle is not None:
            heads = heads[heads["cycle_number"] == cycle]
        if country is not None:
            heads = heads[heads["country"] == country]
        return self.ordered(heads, manual).groupby(["country", "factory"]).tail(1)

    @staticmethod
    def window(heads: pd.DataFrame, start: str | None, end: str | None) -> pd.DataFrame:
        """Days inside, both ends."""
        if start is not None:
            heads = heads[heads["start"] >= pd.Timestamp(start)]
        if end is not None:
            heads = heads[heads["start"] <= pd.Timestamp(end)]
        return heads

    def items(self, by: str, manual: bool) -> pd.DataFrame:
        """Per assessment and item: ``found`` (findings by question under the manual, else 0 or 1)."""
        rows = self.rows(manual)
        keys = ["country", "quest_number", *LEVELS[by]]
        found = rows.groupby(keys, as_index=False)["found"].sum()
        if not (manual and by == "question"):
            found["found"] = (found["found"] > 0).astype(int)
        return found

    def counted(self, by: str, manual: bool, heads: pd.DataFrame, cell: str | None = None) -> pd.DataFrame:
        """assessments and noncompliant per country, item and cell."""
        wanted = heads[["country", "quest_number", *([cell] if cell else [])]]
        joined = self.items(by, manual).merge(wanted, on=["country", "quest_number"])
        keys = ["country", *LEVELS[by], *([cell] if cell else [])]
        return joined.groupby(keys, as_index=False).agg(assessments=("found", "size"), noncompliant=("found", "sum"))

    def rates(self, by: str, manual: bool, **choice: Any) -> pd.DataFrame:
        """By question, point, cluster."""
        heads = self.latest(manual, **choice)
        table = self.with_rates(self.counted(by, manual, heads))
        if by == "cluster":
            points = self.with_rates(self.counted("point", manual, heads))
            means = points.groupby(["country", "cluster"], as_index=False).agg(
                points=("rate", "size"), mean_point_rate=("rate", "mean")
            )
            table = table.merge(means, on=["country", "cluster"])
        return table

    def factory_rates(self, manual: bool, **choice: Any) -> pd.DataFrame:
        """Points non-compliant over points asked, of each factory."""
        heads = self.latest(manual, **choice)
        joined = self.items("point", manual).merge(heads, on=["country", "quest_number"])
        table = joined.groupby(["country", "factory", "name"], as_index=False).agg(
            points=("found", "size"), noncompliant=("found", "sum")
        )
        table["rate"] = table["noncompliant"] / table["points"]
        return table

    @staticmethod
    def with_rates(table: pd.DataFrame) -> pd.DataFrame:
        """Shares and intervals."""
        table = table.copy()
        table["rate"] = table["noncompliant"] / table["assessments"]
        ends = [
            wilson(min(x, n), n) for x, n in zip(table["noncompliant"], table["assessments"], strict=True)
        ]  # fmt: skip
        table["rate_low"], table["rate_high"] = [low for low, _ in ends], [high for _, high in ends]
        return table

    def panel(self, last: int, manual: bool) -> pd.DataFrame:
        """The assessments of the balanced panel up to a cycle."""
        heads = self.heads(manual)
        groups = heads.groupby(["country", "factory"])
        if manual:
            members = groups["cycle"].max().loc[lambda largest: largest >= str(last)]
        else:
            every = set(range(1, last + 1))
            members = groups["cycle_number"].agg(set).loc[lambda cycles: cycles.map(lambda one: every <= one)]
        kept = heads.merge(members.index.to_frame(index=False), on=["country", "factory"])
        kept = kept[kept["cycle_number"] <= last]
        if manual:
            return kept
        return self.ordered(kept, manual).groupby(["country", "factory", "cycle_number"]).tail(1)

    def trend(self, by: str, manual: bool, *, panel: int | None = None) -> pd.DataFrame:
        """On the panel, or by calendar year."""
        if panel is not None:
            return self.with_rates(self.counted(by, manual, self.panel(panel, manual), "cycle_number"))
        heads = self.ordered(self.heads(manual), manual).groupby(["country", "factory", "year"]).tail(1)
        return self.with_rates(self.counted(by, manual, heads, "year"))

    def tenure(self, by: str, manual: bool) -> pd.DataFrame:
        """By whole years in the programme."""
        return self.with_rates(self.counted(by, manual, self.latest(manual), "years"))

    def effort(self, by: str, manual: bool) -> pd.DataFrame:
        """The last two assessments of each factory."""
        heads = self.ordered(self.heads(manual), manual)
        heads["place"] = heads.groupby(["country", "factory"]).cumcount(ascending=False)
        items = self.items(by, manual).merge(
            heads[["country", "quest_number", "factory", "place"]], on=["country", "quest_number"]
        )
        items["bad"] = (items["found"] > 0).astype(int)
        keys = ["country", "factory", *LEVELS[by]]
        both = items[items["place"] == 0].merge(items[items["place"] == 1], on=keys, suffixes=("_now", "_before"))
        rows = []
        for key, group in both.groupby(["country", *LEVELS[by]]):
            before, now = group["bad_before"], group["bad_now"]
            fixed, relapsed = int((before > now).sum()), int((before < now).sum())
            both_bad, both_good = int((before & now).sum()), int((1 - (before | now)).sum())
            shares = (before.mean(), now.mean(), before.mean() - now.mean())
            rows.append((*key, len(group), *shares, fixed, relapsed, both_bad, both_good, mcnemar(fixed, relapsed)))
        return pd.DataFrame(
            rows,
            columns=["country", *LEVELS[by], "factories", "before_rate", "now_rate", "improvement", "fixed",
                     "relapsed", "unchanged_noncompliant", "unchanged_compliant", "p_value"],
        )  # fmt: skip
