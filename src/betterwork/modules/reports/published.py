"""What the programme itself published, by country and period: shipped data, read once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from betterwork.core.countries import Country
from betterwork.core.instrument import Catalogue
from betterwork.modules.countries.queries import country_named
from betterwork.modules.reports.values import Published
from betterwork.modules.reports.words import whole_months


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = files("betterwork.modules.reports").joinpath("data", "published_rates.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def published_for(country: Country, start: date, end: date, catalogue: Catalogue) -> tuple[Published, ...]:
    """The figures published for exactly this country and these whole months, under today's labels.

    A figure without a period is never among them: nobody can say what it speaks of.
    """
    if not whole_months(start, end):
        return ()
    months = (f"{start:%Y-%m}", f"{end:%Y-%m}")
    found = []
    for row in _rows():
        if country_named(row["country"]) != country or (row["period_start"], row["period_end"]) != months:
            continue
        cluster, point = catalogue.harmonised(row["cluster"], row["compliance_point"])
        found.append(
            Published(
                level=row["level"],
                cluster=cluster,
                point=point,
                topic=row["question_topic"],
                share=float(row["noncompliant_share"]),
                factories=int(row["factories_assessed"]) if row["factories_assessed"] else None,
                report=row["report"],
                source=row["source"],
            )
        )
    return tuple(found)
