"""The tables of the report as they are shown: which columns, in whose order, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from betterwork.modules.reports import words
from betterwork.modules.reports.content import texts
from betterwork.modules.reports.content.blocks import Cell, Column, Group, Table
from betterwork.modules.reports.values import Row, SafeReport, SafeTable

POINT_COLUMNS = (
    Column("Compliance point", weight=4.4),
    Column("Factories asked", "number", 1.2),
    Column("Not in compliance", "number", 1.3),
    Column("Share", "number", 2),
)
QUESTION_COLUMNS = (
    Column("Question", weight=5.2),
    Column("Not in compliance", "number", 1.5),
    Column("Share", "number", 1.8),
)


def number(row: Row, name: str) -> float:
    """A shown value as a number; 0 for a withheld one."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def whole(row: Row, name: str) -> int:
    """A shown count; 0 for a withheld one."""
    return int(number(row, name))


def share(row: Row, name: str = "rate") -> float | None:
    """A shown share, or None."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else None


def label(row: Row, name: str) -> str:
    """A label of a row."""
    return str(row[name])


def base(row: Row) -> str:
    """``166/193``; nothing for a withheld row."""
    return "" if row["withheld"] else words.of(whole(row, "noncompliant"), whole(row, "assessments"))


def said(row: Row) -> str:
    """Why a row is withheld, with a capital, for a cell of its own."""
    return str(row["withheld"]).capitalize()


def by_point(report: SafeReport, rows: Iterable[Row]) -> list[Row]:
    """Rows in the order of the tool's points; what the tool does not know comes last."""
    place = {key: i for i, key in enumerate(report.tool.points)}
    return sorted(rows, key=lambda row: place.get((label(row, "cluster"), label(row, "compliance_point")), len(place)))


def by_cluster(report: SafeReport, rows: Iterable[Row]) -> list[Row]:
    """Rows in the order of the tool's clusters."""
    place = {name: i for i, name in enumerate(report.tool.clusters)}
    return sorted(rows, key=lambda row: place.get(label(row, "cluster"), len(place)))


def csv_of(table: SafeTable) -> str:
    """Where a table's file lies beside the page."""
    return f"tables/{table.name}.csv"


def rate_cells(row: Row) -> tuple[Cell, ...]:
    """Asked, not in compliance, share with its bar; or the words of a withheld row."""
    if row["withheld"]:
        return (Cell(said(row), muted=True, span=3),)
    rate = share(row)
    return (
        Cell(words.count(whole(row, "assessments"))),
        Cell(words.count(whole(row, "noncompliant"))),
        Cell(words.share(rate), bar=rate),
    )


def points_of_cluster(report: SafeReport, cluster: str, identity: str) -> Table:
    """The points of one cluster."""
    table = report.tables["rates_by_point"]
    rows = by_point(report, table.where(cluster=cluster))
    return Table(
        id=identity,
        caption=f"{cluster}: factories not in compliance, by point",
        columns=POINT_COLUMNS,
        groups=(Group("", tuple((Cell(label(row, "compliance_point")), *rate_cells(row)) for row in rows)),),
        definition="A factory is not in compliance with a point when at least one question of the point is a finding. "
        "Factories that were not asked about a point are left out of its base.",
        csv=csv_of(table),
    )


def question_cells(row: Row) -> tuple[Cell, ...]:
    """Question, counts with their base, share with its bar."""
    if row["withheld"]:
        return Cell(label(row, "question")), Cell(said(row), muted=True, span=2)
    return Cell(label(row, "question")), Cell(base(row)), Cell(words.share(share(row)), bar=share(row))


def drivers(report: SafeReport, cluster: str, identity: str, most: int = 3) -> Table | None:
    """The questions of each point with the largest share not in compliance; None when nothing was found."""
    questions = report.tables["rates_by_question"]
    groups = []
    for point in by_point(report, report.tables["rates_by_point"].where(cluster=cluster)):
        name = label(point, "compliance_point")
        if point["withheld"]:
            continue
        rows = [
            row
            for row in questions.where(cluster=cluster, compliance_point=name)
            if not row["withheld"] and whole(row, "noncompliant")
        ]
        rows.sort(key=lambda row: (-number(row, "rate"), label(row, "question_code")))
        if rows:
            heading = f"{name}: {words.share(share(point))} ({base(point)})"
            groups.append(Group(heading, tuple(question_cells(row) for row in rows[:most])))
    if not groups:
        return None
    return Table(
        id=identity,
        caption=f"{cluster}: the questions behind each point. {texts.SHARE_OF_A_QUESTION}",
        columns=QUESTION_COLUMNS,
        groups=tuple(groups),
        definition=f"Up to {words.NUMBERS[most]} questions of each point with the highest share of factories not in "
        "compliance, among the factories that were asked. All questions are in the annex.",
        csv=csv_of(questions),
    )


def public_issues(report: SafeReport) -> Table:
    """The publicly reported questions with at least one finding."""
    table = report.tables["public_issues"]
    rows = [row for row in table.rows if row["withheld"] or whole(row, "noncompliant")]
    columns = (Column("Question", weight=4.4), Column("Compliance point", weight=2.2), *QUESTION_COLUMNS[1:])
    cells = []
    for row in rows:
        question, *rest = question_cells(row)
        cells.append((question, Cell(label(row, "compliance_point"), muted=True), *rest))
    return Table(
        id="table-public-issues",
        caption=f"Publicly reported questions with a finding, most frequent first. {texts.SHARE_OF_A_QUESTION}",
        columns=columns,
        groups=(Group("", tuple(cells)),),
        definition="Questions that the tool marks as publicly reported. On the public portal they are shown by "
        "factory; here they are counted only.",
        csv=csv_of(table),
    )


def published(report: SafeReport) -> Table:
    """What the programme published beside what is computed here; simulated data say so in the column's name."""
    table, simulated = report.tables["published_figures"], report.frame.simulated
    kinds = {"compliance_point": "Point", "cluster": "Cluster"}
    rows = []
    for row in table.rows:
        name = str(row["question_topic"] or row["compliance_point"] or row["cluster"])
        kind = Cell(kinds.get(str(row["level"]), "Question"), muted=True)
        topic = Cell(name if row["level"] == "cluster" else f"{row['cluster']}: {name}")
        rows.append((kind, topic, Cell(words.share(share(row, "reported_by_the_programme"))), _computed_cell(row)))
    return Table(
        id="table-published",
        caption="Reported by the programme, and computed from simulated data"
        if simulated
        else "Reported by the programme, and computed here",
        columns=(
            Column("Reported as", weight=1.4),
            Column("Cluster, point or topic", weight=4),
            Column("Reported by the programme", "number", 1.7),
            Column("Computed from simulated data" if simulated else "Computed here", "number", 1.8),
        ),
        groups=(Group("", tuple(rows)),),
        definition=f"{f'{texts.PUBLISHED_BESIDE_SIMULATED} ' if simulated else ''}The two columns come from different "
        "data and are not to be added, averaged or put in one series. A published question is worded as a topic and "
        "matches no question of the tool exactly: it stands alone.",
        csv=csv_of(table),
    )


def _computed_cell(row: Row) -> Cell:
    computed = share(row, "computed_here")
    if computed is None:
        return Cell(str(row["withheld"]) or "not matched", muted=True)
    return Cell(
        f"{words.share(computed)} ({words.of(whole(row, 'computed_noncompliant'), whole(row, 'computed_assessments'))})"
    )


def effort(report: SafeReport) -> Table:
    """Before and now of the factories assessed twice, with the improvement."""
    table = report.tables["effort_by_point"]
    columns = (
        Column("Compliance point", weight=3.4),
        Column("Factories", "number", 1.1),
        Column("Before", "number", 1),
        Column("Now", "number", 1),
        Column("Improvement", "number", 1.5),
        Column("Fixed", "number", 0.9),
        Column("Relapsed", "number", 1.1),
        Column("p-value", "number", 1),
    )
    groups = []
    for cluster in report.tool.clusters:
        rows = tuple(effort_cells(row) for row in by_point(report, table.where(cluster=cluster)))
        if rows:
            groups.append(Group(cluster, rows))
    return Table(
        id="table-change",
        caption="Change since the assessment before, by point",
        columns=columns,
        groups=tuple(groups),
        definition="Before and now: share not in compliance among the factories asked about the point in both "
        "assessments. Improvement: before less now, in percentage points; a plus is better. Fixed: not in compliance "
        "before, in compliance now. Relapsed: the other way round. p-value: McNemar's exact test on fixed and "
        "relapsed; a small value says that chance alone would rarely give so uneven a pair. "
        f"{texts.ROUNDED_DIFFERENCES}",
        notes=table.notes,
        csv=csv_of(table),
        small=True,
    )


def effort_cells(row: Row) -> tuple[Cell, ...]:
    """One row of the table of change."""
    name = Cell(label(row, "compliance_point"))
    if row["withheld"] and row["improvement"] is None:
        return name, Cell(said(row), muted=True, span=7)
    levels = row["before_rate"] is not None
    return (
        name,
        Cell(words.count(whole(row, "factories"))),
        Cell(words.share(share(row, "before_rate")) if levels else "withheld", muted=not levels),
        Cell(words.share(share(row, "now_rate")) if levels else "withheld", muted=not levels),
        Cell(words.points(share(row, "improvement"))),
        Cell(words.count(whole(row, "fixed"))),
        Cell(words.count(whole(row, "relapsed"))),
        Cell(words.p_value(share(row, "p_value"))),
    )


def matrix(
    report: SafeReport, table: SafeTable, part: str, headings: Sequence[tuple[str, str]], *, points: bool
) -> tuple[Group, ...]:
    """Shares with their bases, one column per part (a cycle, a number of years)."""
    groups = []
    for cluster in report.tool.clusters:
        rows: dict[str, dict[str, Row]] = {}
        found = table.where(cluster=cluster)
        for row in by_point(report, found) if points else found:
            rows.setdefault(label(row, "compliance_point" if points else "cluster"), {})[str(row[part])] = row
        lines = tuple(
            (Cell(name), *(matrix_cell(cells.get(key)) for key, _ in headings)) for name, cells in rows.items()
        )
        if lines:
            groups.append(Group(cluster if points else "", lines))
    return tuple(groups) if points else (Group("", tuple(line for group in groups for line in group.rows)),)


def matrix_cell(row: Row | None) -> Cell:
    """``86 % (166/193)``, "withheld", or a dash where nothing was asked."""
    if row is None:
        return Cell("–", muted=True)
    if row["withheld"]:
        return Cell("withheld", muted=True)
    return Cell(f"{words.share(share(row))} ({base(row)})")


INTERVAL = "95 % interval: Wilson's; what it means, and does not, is said under Method."
ANNEX = {
    "cluster": "Asked: factories asked any question of the cluster. Not in compliance: those with a finding on any of "
    f"them. Mean of its points: the plain mean of the points' shares. {INTERVAL}",
    "point": "Asked: factories asked any question of the point. Not in compliance: those with a finding on any of "
    f"them. {INTERVAL}",
    "question": f"{texts.SHARE_OF_A_QUESTION}. Asked: factories asked the question. "
    f"Not in compliance: those where it is a finding. {INTERVAL}",
}


def annex(report: SafeReport, level: str) -> Table:
    """All rates of one level with their intervals."""
    table = report.tables[f"rates_by_{level}"]
    first = {"cluster": "Cluster", "point": "Compliance point", "question": "Question"}[level]
    columns = (
        *((Column("Code", weight=1.15),) if level == "question" else ()),
        Column(first, weight=4.6),
        Column("Asked", "number", 0.9),
        Column("Not in compliance", "number", 1.35),
        Column("Share", "number", 1),
        Column("95 % interval", "number", 1.5),
        *((Column("Mean of its points", "number", 1.3),) if level == "cluster" else ()),
    )
    return Table(
        id=f"table-annex-{level}",
        caption=f"All rates by {level}",
        columns=columns,
        groups=_annex_groups(report, table, level),
        definition=ANNEX[level],
        csv=csv_of(table),
        small=True,
    )


def _annex_groups(report: SafeReport, table: SafeTable, level: str) -> tuple[Group, ...]:
    if level == "cluster":
        return (Group("", tuple(_annex_cells(row, level) for row in by_cluster(report, table.rows))),)
    groups = []
    for cluster in report.tool.clusters:
        rows = by_point(report, table.where(cluster=cluster))
        if level == "point":
            groups.append(Group(cluster, tuple(_annex_cells(row, level) for row in rows)))
            continue
        points: dict[str, list[Row]] = {}
        for row in rows:
            points.setdefault(label(row, "compliance_point"), []).append(row)
        for point, lines in points.items():
            lines.sort(key=lambda row: label(row, "question_code"))
            groups.append(Group(f"{cluster}: {point}", tuple(_annex_cells(row, level) for row in lines)))
    return tuple(group for group in groups if group.rows)


def _annex_cells(row: Row, level: str) -> tuple[Cell, ...]:
    name = {"cluster": "cluster", "point": "compliance_point", "question": "question"}[level]
    code = (Cell(label(row, "question_code"), muted=True),) if level == "question" else ()
    if row["withheld"] and row["rate"] is None:
        return (*code, Cell(label(row, name)), Cell(said(row), muted=True, span=5 if level == "cluster" else 4))
    low, high = share(row, "rate_low"), share(row, "rate_high")
    cells = (
        *code,
        Cell(label(row, name)),
        Cell(words.count(whole(row, "assessments"))),
        Cell(words.count(whole(row, "noncompliant"))),
        Cell(words.share(share(row))),
        Cell(f"{words.share(low)} to {words.share(high)}"),
    )
    if level != "cluster":
        return cells
    mean = share(row, "mean_point_rate")
    return (*cells, Cell(words.share(mean) if mean is not None else "withheld", muted=mean is None))
