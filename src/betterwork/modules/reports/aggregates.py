"""What a country's constituents read on the pages of evidence: the tables of a report over all time, made safe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from betterwork.modules.reports.rules import report_safe

if TYPE_CHECKING:
    from betterwork.modules.evidence.figures.declaring import Rule
    from betterwork.modules.evidence.queries import Store
    from betterwork.modules.reports.values import SafeTable

NAMES = {
    "rates_by_cluster": "rates-cluster",
    "rates_by_point": "rates-point",
    "rates_by_question": "rates-question",
    "effort_by_point": "effort-point",
    "tenure_by_cluster": "tenure-cluster",
    "tenure_by_point": "tenure-point",
}


def aggregates(store: Store, country: str, rule: Rule) -> Mapping[str, Any] | None:
    """The tables of a synthesis report over the latest assessment of each factory, small groups withheld.

    None where the country has no assessments, or fewer factories than the rule allows to speak of.
    """
    from betterwork.modules.countries.queries import country_of_code
    from betterwork.modules.evidence import queries as evidence
    from betterwork.modules.reports.queries import report_data

    counted = evidence.overview(store, evidence.Choice(country=country))
    if counted.first_start is None or counted.last_start is None or counted.factories < rule.minimum:
        return None
    data = report_data(
        store=store,
        country=country_of_code(country),
        start=counted.first_start,
        end=counted.last_start,
        minimum_group=rule.minimum,
    )
    safe = report_safe(data)
    tables = {NAMES[name]: _content(table) for name, table in safe.tables.items() if name in NAMES}
    panels = []
    if safe.panel is not None:
        panels = [safe.panel.cycles]
        for level in ("cluster", "point"):
            tables[f"panel-{safe.panel.cycles}-{level}"] = _content(safe.tables[f"trend_by_{level}"])
    first = safe.factories.first_assessments
    paired = safe.factories.counted - first if first is not None else None
    return {
        "counts": {
            "assessments": safe.factories.counted,
            "paired": paired if paired is not None and (paired == 0 or paired >= rule.minimum) else None,
            "first": counted.first_start.isoformat(),
            "last": counted.last_start.isoformat(),
        },
        "panels": panels,
        "tables": tables,
    }


def _content(table: SafeTable) -> dict[str, Any]:
    return {
        "name": table.title,
        "columns": list(table.columns),
        "rows": [[row[column] for column in table.columns] for row in table.rows],
        "definition": table.definition,
        "notes": [],
        "rules": {},
    }
