"""What a synthesis report is made from, as plain values: raw tables on one side, safe tables on the other.

A *raw* table holds every row that the evidence gives. A *safe* table has been through
:func:`betterwork.modules.reports.rules.report_safe`, which takes out what would speak of fewer
factories than the country's minimum group. What writes files accepts safe values only, so that
a withheld number has no way into a page, a chart, a sentence or a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Value = str | int | float | bool | None
Row = Mapping[str, Value]


@dataclass(frozen=True)
class RawTable:
    """A table as the evidence gives it. ``size`` names the column that counts the factories of a row."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    definition: str
    notes: tuple[str, ...] = ()
    size: str = "assessments"


@dataclass(frozen=True)
class SafeTable:
    """A table that may leave: withheld values are None and ``withheld`` says why, else it is empty."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    definition: str
    notes: tuple[str, ...] = ()

    def shown(self) -> list[Row]:
        """The rows of which nothing is withheld."""
        return [row for row in self.rows if not row["withheld"]]

    def where(self, **values: Value) -> list[Row]:
        """The rows whose columns have these values, in the table's order."""
        return [row for row in self.rows if all(row[key] == value for key, value in values.items())]


@dataclass(frozen=True)
class Snapshot:
    """The set of sealed documents a report is made from. ``taken_at`` is the latest time of sealing, UTC."""

    name: str
    digest: str
    taken_at: str
    documents: int
    code_version: str


@dataclass(frozen=True)
class Headline:
    """One headline fact of the programme's paper, computed for this country.

    ``holds`` is None when it cannot be said. ``size`` is the number of factories it speaks of.
    ``values`` are what it was judged on, each with its meaning; ``clusters`` names those whose rates
    its values are made from. ``base`` is a text that may hold results. ``nobody`` says why nothing can
    be said where ``size`` is 0; where that is itself a finding, ``among`` is the number of factories it
    speaks of. ``earlier`` counts earlier assessments with a finding, where the fact rests on them.
    """

    name: str
    title: str
    statement: str
    holds: bool | None
    size: int
    base: str
    values: tuple[tuple[str, float | int], ...]
    definition: str
    withheld: str = ""
    clusters: tuple[str, ...] = ()
    nobody: str = ""
    among: int | None = None
    earlier: int | None = None


@dataclass(frozen=True)
class FactoriesInReport:
    """Which assessments stand behind the report, and which do not.

    Where fewer factories are counted than the minimum group, a safe report has None for
    ``first_assessments`` and nothing in ``by_years``.
    """

    counted: int
    first_start: date | None
    last_start: date | None
    first_assessments: int | None
    obsolete_factories: int
    obsolete_assessments: int
    incomplete: int
    ties: int
    by_years: tuple[tuple[str, int], ...]
    versions: tuple[tuple[str, int], ...]
    workers: int | None
    workers_known: int


@dataclass(frozen=True)
class Panel:
    """Factories followed from their first to their ``cycles``-th assessment, and who is left out, by reason."""

    cycles: int
    factories: int
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Published:
    """One share the programme itself published for this country and period."""

    level: str
    cluster: str
    point: str
    topic: str
    share: float
    factories: int | None
    report: str
    source: str


@dataclass(frozen=True)
class ToolOrder:
    """The tool's own order and what it says of its questions: labels of today, in the order they are asked."""

    clusters: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    core: frozenset[str]
    public: frozenset[str]
    national: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Frame:
    """What every file of the report says of itself."""

    country: str
    start: date
    end: date
    simulated: bool
    minimum_group: int
    minimum_source: str
    snapshot: Snapshot
    rules: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportData:
    """All a report is made from, before anything is withheld. Never hand this to what writes files."""

    frame: Frame
    factories: FactoriesInReport
    tool: ToolOrder
    tables: Mapping[str, RawTable]
    panel: Panel | None
    panel_reason: str
    headlines: tuple[Headline, ...]
    published: tuple[Published, ...]


@dataclass(frozen=True)
class SafeReport:
    """The same after withholding: the only thing that the writers accept."""

    frame: Frame
    factories: FactoriesInReport
    tool: ToolOrder
    tables: Mapping[str, SafeTable]
    panel: Panel | None
    panel_reason: str
    headlines: tuple[Headline, ...]
    published: tuple[Published, ...]
