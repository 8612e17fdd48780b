"""What stands at the head of a report: who is counted, who is not, over which time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from betterwork.core.evidence.choice import Choice
from betterwork.core.evidence.keys import cell_parts
from betterwork.core.evidence.tables import Stamp
from betterwork.modules.evidence import notes
from betterwork.modules.evidence.notes import PanelCount, Tie
from betterwork.modules.evidence.store import Selection, Store

WORKERS = "F-01"
"""The declared fact that holds a factory's total number of workers."""


@dataclass(frozen=True)
class Overview:
    """Counts behind a choice's tables, one assessment of each factory.

    ``workers`` is the sum of fact F-01 over the ``workers_known`` assessments that tell it.
    ``by_years`` counts the assessments by whole years in the programme ("0" to "4+"), ``by_version``
    by tool version; ``with_earlier`` those whose factory has an earlier assessment; ``panels`` says
    for each cycle who is in a balanced panel up to it, and why the others are not.
    """

    assessments: int
    factories: int
    first_start: date | None
    last_start: date | None
    obsolete_factories: int
    obsolete_assessments: int
    incomplete: int
    with_earlier: int
    ties: tuple[Tie, ...]
    by_years: dict[str, int]
    by_version: dict[str, int]
    workers: int
    workers_known: int
    panels: tuple[PanelCount, ...]
    snapshot: Stamp


def overview(store: Store, choice: Choice) -> Overview:
    """The overview of what :func:`rates` of the same choice counts."""
    selection = store.selection(choice)
    left_factories, left_assessments = notes.obsolete(store, choice)
    by_years: dict[str, int] = {}
    by_version: dict[str, int] = {}
    for (cell, version), n in sorted(selection.cells.items()) if selection else ():
        years = notes.years(cell_parts(cell)[1])
        by_years[years] = by_years.get(years, 0) + n
        by_version[version] = by_version.get(version, 0) + n
    workers, known = _workers(store, selection) if selection else (0, 0)
    return Overview(
        assessments=selection.assessments if selection else 0,
        factories=selection.assessments if selection else 0,
        first_start=selection.starts[0] if selection else None,
        last_start=selection.starts[1] if selection else None,
        obsolete_factories=0 if choice.manual_rules else left_factories,
        obsolete_assessments=0 if choice.manual_rules else left_assessments,
        incomplete=selection.incomplete if selection else 0,
        with_earlier=selection.with_earlier if selection else 0,
        ties=notes.ties(store, selection) if selection else (),
        by_years=dict(sorted(by_years.items())),
        by_version=dict(sorted(by_version.items())),
        workers=workers,
        workers_known=known,
        panels=notes.panel_counts(store, choice),
        snapshot=store.stamp,
    )


def _workers(store: Store, selection: Selection) -> tuple[int, int]:
    from betterwork.core.evidence import statements as st

    facts = store.parquet("facts", selection.choice.country, selection.years)
    values = store.rows(st.fact_values, WORKERS, facts=facts, chosen=selection.table)
    numbers = [(int(text), n) for text, n in values if text.strip().isascii() and text.strip().isdigit()]
    return sum(number * n for number, n in numbers), sum(n for _, n in numbers)
