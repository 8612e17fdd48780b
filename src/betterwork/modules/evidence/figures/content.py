"""What the files of figures hold: the very tables that the commands give, counted by the same queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from betterwork.core.evidence.tables import Table
from betterwork.modules.evidence import queries
from betterwork.modules.evidence.figures.factories import factory_parts
from betterwork.modules.evidence.queries import Choice, Store

SCHEMA = "betterwork.evidence-figures/1"
LATEST, TREND, GLANCE = "latest", "trend", "glance"
MOST_CYCLES = 8
"""The longest panel that the pages offer."""


def figures_parts(store: Store, country: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a country's figures, one after the other: (name, content)."""
    choice = Choice(country=country)
    latest = period_part(store, choice)
    yield LATEST, latest
    years = sorted({one.year for one in store.build.partitions if one.country == country})
    kept = [str(year) for year in years if store.selection(year_choice(country, year))]
    for year in kept:
        yield year, period_part(store, year_choice(country, int(year)))
    yield TREND, trend_part(store, choice)
    yield (
        GLANCE,
        {
            "counts": latest["counts"],
            "tables": {"rates-cluster": latest["tables"]["rates-cluster"], "headline": _headline(store, choice)},
            "years": kept,
        },
    )
    yield from factory_parts(store, country)


def year_choice(country: str, year: int) -> Choice:
    """The window of a calendar year."""
    return Choice(country=country, start=date(year, 1, 1), end=date(year, 12, 31))


def period_part(store: Store, choice: Choice) -> dict[str, Any]:
    """The tables of one window: rates, improvement and years in the programme, and what is counted in them."""
    tables = {f"rates-{by}": queries.rates(store, by, choice) for by in ("cluster", "point", "question")}
    for by in ("cluster", "point"):
        tables[f"effort-{by}"] = queries.effort(store, by, choice)
        tables[f"tenure-{by}"] = queries.tenure(store, by, choice)
    national = queries.rates(store, "question", replace(choice, level="national"))
    if national.rows:
        tables["national-question"] = national
    counted = queries.overview(store, choice)
    return {
        "counts": {
            "assessments": counted.assessments,
            "first": counted.first_start.isoformat() if counted.first_start else "",
            "last": counted.last_start.isoformat() if counted.last_start else "",
            "obsolete": counted.obsolete_factories,
            "incomplete": counted.incomplete,
            "paired": counted.with_earlier,
            "ties": len(counted.ties),
            "workers": counted.workers,
            "workers_known": counted.workers_known,
            "panels": [[one.cycle, one.kept] for one in counted.panels],
        },
        "tables": {name: table_content(table) for name, table in tables.items()},
    }


def trend_part(store: Store, choice: Choice) -> dict[str, Any]:
    """Rates over calendar years, and over the cycles of each balanced panel that has a factory."""
    panels = [one for one in queries.overview(store, choice).panels if 2 <= one.cycle <= MOST_CYCLES and one.kept]
    tables = {}
    for by in ("cluster", "point"):
        tables[f"year-{by}"] = queries.trend(store, by, choice, period="year")
        for one in panels:
            tables[f"panel-{one.cycle}-{by}"] = queries.trend(store, by, choice, panel=one.cycle)
    return {
        "panels": [[one.cycle, one.kept, one.never_reached, one.missing_between] for one in panels],
        "tables": {name: table_content(table) for name, table in tables.items()},
    }


def _headline(store: Store, choice: Choice) -> dict[str, Any]:
    return table_content(queries.headline_table(store, choice))


def table_content(table: Table) -> dict[str, Any]:
    """A table as plain values, without its stamp: that is the row's, which outlives a build of other countries."""
    return {
        "name": table.name,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "definition": table.definition,
        "notes": list(table.notes),
        "rules": dict(table.rules),
    }
