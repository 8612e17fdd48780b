"""What may leave in a report: the minimum group, and what would give a smaller group away.

A value is withheld when it speaks of fewer factories than the country's minimum group, and when
it could be worked out from what is shown beside it:

* *groups of one total* (years in the programme): the groups withheld together must hold at least
  the minimum, else the smallest group still shown is withheld too;
* *a part beside the groups* (factories assessed before, and those of one year and more): where they
  differ by a smaller group, further years are withheld until what is left over is no small group;
* *the whole less a part* (all factories, those assessed before): where the rest is a smaller
  group, the part shows its change but not its levels;
* *the mean of points*: withheld when one of the points is;
* *any of several* (a point over its questions, a cluster over its points): withheld when what is
  shown below does not account for what is shown above, so that the rest is a withheld row's.

What this does not guard against is said in ``docs/explanation/synthesis-report.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from betterwork.modules.reports.values import (
    FactoriesInReport,
    Headline,
    RawTable,
    ReportData,
    Row,
    SafeReport,
    SafeTable,
    Value,
)

LABELS = frozenset(
    (
        *("country", "cluster", "compliance_point", "question_code", "question", "cycle", "period", "years", "points"),
        *("comparable", "note"),
    )
)
LEVELS = ("before_rate", "now_rate", "unchanged_noncompliant", "unchanged_compliant")
ALSO = "withheld: would give away a smaller group"
LEVELS_ONLY = "levels withheld: would give away a smaller group"

Key = tuple[Value, ...]


def fewer_than(minimum: int) -> str:
    """The words that stand in place of a value of too small a group."""
    return f"withheld: fewer than {minimum} factories"


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _key(row: Row, names: Sequence[str]) -> Key:
    return tuple(row[name] for name in names)


def _blank(row: Row, reason: str, *, only: Iterable[str] | None = None) -> dict[str, Value]:
    """The row with its values taken out: all but its labels, or only the named columns."""
    gone = set(only) if only is not None else {name for name in row if name not in LABELS}
    return {**{name: None if name in gone else value for name, value in row.items()}, "withheld": reason}


def table_safe(table: RawTable, *, minimum: int, also: Iterable[int] = ()) -> SafeTable:
    """A raw table with the rows of small groups withheld, and the rows numbered in ``also`` with them."""
    extra = set(also)
    rows: list[Row] = []
    for number, row in enumerate(table.rows):
        if _whole(row[table.size]) < minimum:
            rows.append(_blank(row, fewer_than(minimum)))
        elif number in extra:
            rows.append(_blank(row, ALSO))
        else:
            rows.append({**row, "withheld": ""})
    return SafeTable(table.name, table.title, (*table.columns, "withheld"), tuple(rows), table.definition, table.notes)


def unexplained(
    parents: RawTable, children: RawTable, shown: Sequence[Row], names: Sequence[str], hidden: set[Key]
) -> set[int]:
    """Numbers of parent rows whose findings the children still shown do not account for.

    A parent counts a factory when any child does, so it never exceeds the sum over its children.
    Where it exceeds the sum over those shown, the rest can only be a withheld child's.
    ``hidden`` holds the keys that have a withheld child.
    """
    sums: dict[Key, int] = {}
    for row in shown:
        key = _key(row, names)
        sums[key] = sums.get(key, 0) + _whole(row["noncompliant"])
    return {
        number
        for number, row in enumerate(parents.rows)
        if _key(row, names) in hidden and _whole(row["noncompliant"]) > sums.get(_key(row, names), 0)
    }


def rollup(parents: RawTable, children: RawTable, safe: SafeTable, names: Sequence[str]) -> set[int]:
    """As :func:`unexplained`, with the children as they were made safe."""
    hidden = {_key(row, names) for row in safe.rows if row["withheld"]}
    return unexplained(parents, children, safe.shown(), names, hidden)


def complement(
    table: RawTable, names: Sequence[str], *, minimum: int, also: set[int], paired: Mapping[Key, int] | None = None
) -> set[int]:
    """Further rows to withhold so that no small group is the difference of a total and the rows shown.

    Rows with the same ``names`` are the groups of one total. As long as the groups withheld hold
    fewer than ``minimum`` factories together, the smallest group still shown is withheld as well.
    ``paired`` are factories assessed before, counted in another table: see :func:`_left_over`.
    """
    groups: dict[Key, list[int]] = {}
    for number, row in enumerate(table.rows):
        groups.setdefault(_key(row, names), []).append(number)
    further = set(also)
    for key, numbers in groups.items():
        sizes = {number: _whole(table.rows[number][table.size]) for number in numbers}
        hidden = {number for number in numbers if sizes[number] < minimum or number in also}
        young = {number for number in numbers if str(table.rows[number].get("years")) == "0"}
        beside = (paired or {}).get(key)
        while len(hidden) < len(numbers):
            alone = hidden and (len(hidden) == 1 or sum(sizes[number] for number in hidden) < minimum)
            if not alone and (beside is None or not _left_over(sizes, young, hidden, beside, minimum)):
                break
            shown = (number for number in numbers if number not in hidden)
            first = beside is not None and not alone and bool(young - hidden)
            hidden.add(min(young) if first else min(shown, key=lambda n: (sizes[n], -n)))
        further |= hidden
    return further


def _left_over(sizes: Mapping[int, int], young: set[int], hidden: set[int], paired: int, minimum: int) -> bool:
    """Whether factories assessed before, less the groups of one year and more, leave a small group to be read off.

    Factories in their first year may already have been assessed twice, and a point may not have been asked
    before: then the two differ. The sum of one year and more is known when no group is withheld but some of it
    (the total less the first year), so the first year has to go as well. Once it is gone, what is left over are the
    withheld older groups together with the difference: also where the two do not differ at all.
    """
    older = sum(size for number, size in sizes.items() if number not in young)
    difference = paired - older
    if young and not young & hidden:
        return 0 < abs(difference) < minimum
    rest = difference + sum(sizes[number] for number in hidden - young)
    return 0 < abs(rest) < minimum


def _of_withheld_totals(table: RawTable, totals: SafeTable, names: Sequence[str]) -> set[int]:
    """Rows whose total is withheld: their sum would give it back."""
    hidden = {_key(row, names) for row in totals.rows if row["withheld"]}
    return {number for number, row in enumerate(table.rows) if _key(row, names) in hidden}


def rates_safe(tables: Mapping[str, RawTable], minimum: int) -> dict[str, SafeTable]:
    """The rates by question, point and cluster."""
    questions, points, clusters = (tables[f"rates_by_{level}"] for level in ("question", "point", "cluster"))
    safe_questions = table_safe(questions, minimum=minimum)
    safe_points = table_safe(
        points,
        minimum=minimum,
        also=rollup(points, questions, safe_questions, ("cluster", "compliance_point")),
    )
    safe_clusters = table_safe(clusters, minimum=minimum, also=rollup(clusters, points, safe_points, ("cluster",)))
    short = {row["cluster"] for row in safe_points.rows if row["withheld"]}
    rows = tuple(
        _blank(row, "mean of points withheld: one of its points is", only=("mean_point_rate",))
        if row["cluster"] in short and not row["withheld"]
        else row
        for row in safe_clusters.rows
    )
    return {
        questions.name: safe_questions,
        points.name: safe_points,
        clusters.name: replace(safe_clusters, rows=rows),
    }


def groups_safe(
    tables: Mapping[str, RawTable], safe: Mapping[str, SafeTable], series: str, part: str, minimum: int, partition: bool
) -> dict[str, SafeTable]:
    """Rates by point and cluster within parts: years in the programme (a partition) or cycles (not one)."""
    points, clusters = tables[f"{series}_by_point"], tables[f"{series}_by_cluster"]
    point_names, cluster_names = ("cluster", "compliance_point"), ("cluster",)
    also = _of_withheld_totals(points, safe["rates_by_point"], point_names)
    if partition:
        paired = _pairs_with_levels(tables, minimum)
        also = complement(points, point_names, minimum=minimum, also=also, paired=paired)
    safe_points = table_safe(points, minimum=minimum, also=also)
    above = rollup(clusters, points, safe_points, ("cluster", part))
    above |= _of_withheld_totals_of_clusters(clusters, safe["rates_by_cluster"])
    if partition:
        above = complement(clusters, cluster_names, minimum=minimum, also=above)
    return {points.name: safe_points, clusters.name: table_safe(clusters, minimum=minimum, also=above)}


def _counted(tables: Mapping[str, RawTable]) -> dict[Key, int]:
    return {
        _key(row, ("cluster", "compliance_point")): _whole(row["assessments"]) for row in tables["rates_by_point"].rows
    }


def _newcomers_are_few(counted: int, paired: int, minimum: int) -> bool:
    return 0 < abs(counted - paired) < minimum


def _pairs_with_levels(tables: Mapping[str, RawTable], minimum: int) -> dict[Key, int]:
    """Factories assessed before, by point, where the table of change shows levels to subtract from."""
    counted = _counted(tables)
    pairs = {
        _key(row, ("cluster", "compliance_point")): _whole(row["factories"]) for row in tables["effort_by_point"].rows
    }
    return {
        key: number
        for key, number in pairs.items()
        if number >= minimum and not _newcomers_are_few(counted.get(key, 0), number, minimum)
    }


def _of_withheld_totals_of_clusters(table: RawTable, totals: SafeTable) -> set[int]:
    hidden = {row["cluster"] for row in totals.rows if row["withheld"] and row["rate"] is None}
    return {number for number, row in enumerate(table.rows) if row["cluster"] in hidden}


def effort_safe(tables: Mapping[str, RawTable], safe: Mapping[str, SafeTable], minimum: int) -> SafeTable:
    """Change since the assessment before. Levels go where a remainder would be a small group.

    The counted assessments of a point less those with an assessment before leave the factories seen
    for the first time: they may be none, but not few.
    """
    table = tables["effort_by_point"]
    names = ("cluster", "compliance_point")
    counted = _counted(tables)
    first = table_safe(table, minimum=minimum, also=_of_withheld_totals(table, safe["rates_by_point"], names))
    rows: list[Row] = []
    for raw, row in zip(table.rows, first.rows, strict=True):
        small = _newcomers_are_few(counted.get(_key(raw, names), 0), _whole(raw["factories"]), minimum)
        rows.append(_blank(row, LEVELS_ONLY, only=LEVELS) if small and not row["withheld"] else row)
    return replace(first, rows=tuple(rows))


def headline_safe(headline: Headline, safe: Mapping[str, SafeTable], minimum: int, *, paired: int) -> Headline:
    """A headline fact without its values where they speak of too few factories.

    The text of its base holds results, so it goes with the values. Values made from the rates of all
    points of a cluster go when one of those points is withheld; whether the fact holds may stay. A base
    of nobody hides nothing, unless that nobody was found is a finding of too few factories (``among``).
    ``paired`` are the counted factories assessed before.
    """
    bare = replace(headline, holds=None, values=(), size=0, base="", earlier=None)
    if headline.size == 0:
        few = headline.among is not None and 0 < headline.among < minimum
        return replace(bare, withheld=fewer_than(minimum)) if few else replace(bare, base=headline.nobody)
    if headline.size < minimum:
        return replace(bare, withheld=fewer_than(minimum))
    if headline.earlier is not None and paired < minimum:
        headline = _without_earlier(headline, paired, minimum)
    rows = (*safe["rates_by_point"].rows, *safe["effort_by_point"].rows)
    gone = {row["cluster"] for row in rows if row["withheld"] and row["compliance_point"] and _none_shown(row)}
    if gone & set(headline.clusters):
        return replace(headline, values=(), base="", earlier=None, withheld=ALSO)
    return headline


def _without_earlier(headline: Headline, paired: int, minimum: int) -> Headline:
    """What too few factories had before is withheld; whether the fact holds with it, where only that decides."""
    if headline.holds is False:
        return replace(headline, earlier=None)
    if paired:
        return replace(headline, holds=None, values=(), size=0, base="", earlier=None, withheld=fewer_than(minimum))
    return replace(headline, holds=None, earlier=None, base=f"{headline.base}; none of them was assessed before")


def factories_safe(factories: FactoriesInReport, minimum: int) -> FactoriesInReport:
    """Which assessments count, without the workers of too few factories, and without the years of too few."""
    if 0 < factories.workers_known < minimum:
        factories = replace(factories, workers=None, workers_known=0)
    if factories.counted < minimum:
        factories = replace(factories, first_assessments=None, by_years=())
    return factories


def _none_shown(row: Row) -> bool:
    return row.get("rate") is None and row.get("improvement") is None


def panel_cycles(
    sizes: Mapping[int, int], *, counted: int, paired: int, minimum: int, share: float = 0.5
) -> tuple[int | None, str]:
    """How many cycles the balanced panel follows, or None with the reason in words.

    The most cycles that at least ``share`` of the counted factories have (and the minimum group);
    two where no longer panel is that large. A panel whose factories differ from the counted ones, or from
    those assessed before, by fewer than the minimum is passed over: the difference would speak of them.
    """

    def safe_size(size: int) -> bool:
        return size >= minimum and all(not 0 < abs(whole - size) < minimum for whole in (counted, paired))

    large = [cycles for cycles, size in sizes.items() if cycles >= 2 and safe_size(size) and size >= share * counted]
    if large:
        return max(large), ""
    if safe_size(sizes.get(2, 0)):
        return 2, ""
    if sizes.get(2, 0) == 0:
        return None, "No factory in this report has been assessed in its first and second cycle."
    return None, "The factories that could be followed over cycles are too few, or too nearly all, to be shown apart."


def report_safe(data: ReportData) -> SafeReport:
    """The one door between raw and safe: everything that a report may say of this data."""
    minimum = data.frame.minimum_group
    safe = rates_safe(data.tables, minimum)
    safe |= groups_safe(data.tables, safe, "tenure", "years", minimum, partition=True)
    if "trend_by_point" in data.tables:
        safe |= groups_safe(data.tables, safe, "trend", "cycle", minimum, partition=False)
    safe["effort_by_point"] = effort_safe(data.tables, safe, minimum)
    if "national_questions" in data.tables:
        safe["national_questions"] = table_safe(data.tables["national_questions"], minimum=minimum)
    paired = data.factories.counted - (data.factories.first_assessments or 0)
    return SafeReport(
        frame=data.frame,
        factories=factories_safe(data.factories, minimum),
        tool=data.tool,
        tables=safe,
        panel=data.panel,
        panel_reason=data.panel_reason,
        headlines=tuple(headline_safe(headline, safe, minimum, paired=paired) for headline in data.headlines),
        published=data.published,
    )


def public_issues(questions: SafeTable, public: frozenset[str]) -> SafeTable:
    """The publicly reported questions, most often not met first; withheld ones last."""

    def order(row: Row) -> tuple[bool, float, str]:
        rate = row["rate"]
        return (bool(row["withheld"]), -rate if isinstance(rate, float | int) else 0.0, str(row["question_code"]))

    rows = sorted((row for row in questions.rows if row["question_code"] in public), key=order)
    return replace(questions, name="public_issues", title="Publicly reported questions", rows=tuple(rows))
