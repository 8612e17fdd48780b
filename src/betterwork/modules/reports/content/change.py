"""What changed: since the assessment before, on the balanced panel, by years in the programme."""

from __future__ import annotations

from betterwork.modules.reports import words
from betterwork.modules.reports.content import charts, findings, glance, tables, texts
from betterwork.modules.reports.content.blocks import Block, Bullets, Chart, Column, Section, Table, Text
from betterwork.modules.reports.values import Panel, Row, SafeReport, SafeTable

YEARS = ("0", "1", "2", "3", "4+")


def since_last(report: SafeReport) -> Section:
    """Paired change between the counted assessment and the one before."""
    table = report.tables["effort_by_point"]
    title = "Change since the last assessment"
    if not table.rows:
        return Section("change", title, (Text("No factory in this report has an earlier assessment."),))
    text = (
        "Only factories with an earlier assessment are compared, each with itself, and only on points asked both "
        "times. Improvement is the share before less the share now: a plus is better."
    )
    drawn = [_change_chart(report, table, kind, clusters) for kind, clusters in findings.kinds(report) if clusters]
    return Section(
        "change", title, (Text(text), *drawn, Text(texts.ROUNDED_DIFFERENCES, "note"), tables.effort(report))
    )


def _change_mark(row: Row) -> charts.Mark:
    name = tables.label(row, "compliance_point")
    improvement = tables.share(row, "improvement")
    if improvement is None:
        return charts.Mark(name, None, str(row["withheld"]))
    now, before = tables.share(row, "now_rate"), tables.share(row, "before_rate")
    if now is None or before is None:
        return charts.Mark(name, None, "levels withheld", words.points(improvement))
    return charts.Mark(
        name, now, words.points(improvement), f"{words.share(before)} to {words.share(now)}", before=before
    )


def _improvement_mark(row: Row) -> charts.Mark:
    improvement = tables.share(row, "improvement")
    if improvement is None:
        return charts.Mark(tables.label(row, "compliance_point"), None, str(row["withheld"]))
    return charts.Mark(tables.label(row, "compliance_point"), improvement, words.points(improvement), _pairs(row))


def _pairs(row: Row) -> str:
    return words.factories(tables.whole(row, "factories"))


def _change_chart(report: SafeReport, table: SafeTable, kind: str, clusters: tuple[str, ...]) -> Chart:
    told = [row for row in table.rows if row["improvement"] is not None and row["cluster"] in clusters]
    hidden = 2 * sum(row["now_rate"] is None for row in told) > len(told)
    mark = _improvement_mark if hidden else _change_mark
    blocks = tuple(
        charts.Block(cluster, tuple(mark(row) for row in rows))
        for cluster in clusters
        if (rows := tables.by_point(report, table.where(cluster=cluster)))
    )
    rows = [row for row in table.rows if row["cluster"] in clusters]
    better, worse, pairs = glance.directions(rows)
    same = sum(1 for row in rows if row["improvement"] is not None) - better - worse
    name, title = f"change_{kind}", f"{findings.KINDS[kind]}: from the assessment before to the latest, by point"
    told_so = _told(
        "point", (better, "improved"), (worse, "got worse"), (same, "stayed within half a percentage point")
    )
    sentence = f"Among up to {words.factories(pairs)} assessed before, {told_so}."
    if not pairs:
        sentence = "Every point is withheld: too few factories have been assessed before."
    most = max((abs(tables.number(row, "improvement")) for row in table.rows), default=0)
    drawing = (
        charts.improvements(name, title, sentence, blocks, most=most, simulated=report.frame.simulated)
        if hidden
        else charts.change(name, title, sentence, blocks, simulated=report.frame.simulated)
    )
    key = "Pale ring: before. Dark dot: now. At the end: improvement in percentage points (a plus is better)."
    if hidden:
        key = (
            "Improvement in percentage points: to the right is better. Levels before and now are withheld, because "
            "with the other tables they would give away a group of few factories."
        )
    return Chart(name, title, key, sentence, "table-change", tables.csv_of(table), drawing.wide, drawing.small)


def trend(report: SafeReport) -> Section:
    """The same factories over their first cycles."""
    title = "Trend: the same factories over their cycles"
    if report.panel is None or "trend_by_point" not in report.tables:
        return Section("trend", title, (Text(report.panel_reason or "No panel of factories can be followed."),))
    panel, table = report.panel, report.tables["trend_mean_by_cluster"]
    blocks: list[Block] = [
        Text(
            f"Followed here: {words.factories(panel.factories)} that have every cycle from the first to the "
            f"{_ordinal(panel.cycles)}, up to the end of the period. A cycle is about a year. Only questions that "
            "every version of the tool asks are counted, so that cycles can be compared: the levels may differ from "
            "those of the findings above."
        ),
    ]
    out = tuple(f"Left out: {words.factories(number)}, {reason}." for reason, number in panel.left_out if number)
    if out:
        blocks.append(Bullets(out))
    blocks.append(Text(_whom_the_panel_sees(report, panel)))
    blocks += [_trend_chart(report, panel, table), _trend_table(report, panel, table)]
    return Section("trend", title, tuple(blocks))


def _told(noun: str, *parts: tuple[int, str]) -> str:
    """``3 points improved and 1 got worse``: parts of nothing are left out, one that has all says "all"."""
    some = [(number, verb) for number, verb in parts if number]
    if len(some) == 1:
        number, verb = some[0]
        return f"{'the one' if number == 1 else f'all {number}'} {noun if number == 1 else noun + 's'} {verb}"
    said = [f"{words.plural(number, noun) if not i else number} {verb}" for i, (number, verb) in enumerate(some)]
    return words.joined(said)


def _found(noun: str, *parts: tuple[int, str]) -> str:
    """``fell in 6 clusters and rose in 2``: the same for what is said of a noun's parts."""
    some = [(number, verb) for number, verb in parts if number]
    if len(some) == 1:
        number, verb = some[0]
        return f"{verb} in {'the one' if number == 1 else f'all {number}'} {noun if number == 1 else noun + 's'}"
    said = [f"{verb} in {words.plural(number, noun) if not i else number}" for i, (number, verb) in enumerate(some)]
    return words.joined(said)


def _whom_the_panel_sees(report: SafeReport, panel: Panel) -> str:
    """Why the factories of the panel and those left out are more than the report counts."""
    seen = panel.factories + sum(number for _, number in panel.left_out)
    more = seen - report.factories.counted
    if more >= report.frame.minimum_group:
        return (
            f"The panel looks at all assessments until the end of the period. Of the {words.factories(seen)} assessed "
            f"by then, {words.count(more)} had no assessment in this period and are not counted above."
        )
    return (
        "The panel looks at all assessments until the end of the period, so it may also have factories that are not "
        "counted above."
    )


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}.get(number, f"{number}th")


def _panel_blocks(
    report: SafeReport, table: SafeTable, part: str, keys: tuple[tuple[str, str], ...]
) -> tuple[charts.Block, ...]:
    blocks = []
    for cluster in report.tool.clusters:
        rows = {str(row[part]): row for row in table.where(cluster=cluster)}
        marks = []
        for key, name in keys:
            row = rows.get(key)
            if row is None:
                marks.append(charts.Mark(name, None, "none"))
            elif row["withheld"]:
                marks.append(charts.Mark(name, None, "withheld"))
            else:
                mean, last = tables.share(row, "mean_point_rate"), key == keys[-1][0]
                base = words.plural(tables.whole(row, "points"), "point")
                marks.append(charts.Mark(name, mean, words.share(mean), base, strong=last))
        if rows:
            blocks.append(charts.Block(cluster, tuple(marks)))
    return tuple(blocks)


def _first_to_last(table: SafeTable, part: str, first: str, last: str) -> tuple[int, int, int]:
    """Clusters whose mean fell, rose, stayed (within half a point) between two parts; withheld ones are in none."""
    fell = rose = same = 0
    for row in table.shown():
        if str(row[part]) != first:
            continue
        ends = [other for other in table.where(cluster=row["cluster"]) if str(other[part]) == last]
        if not ends or ends[0]["withheld"]:
            continue
        difference = tables.number(ends[0], "mean_point_rate") - tables.number(row, "mean_point_rate")
        fell += difference <= -glance.SAME
        rose += difference >= glance.SAME
        same += abs(difference) < glance.SAME
    return fell, rose, same


def _trend_chart(report: SafeReport, panel: Panel, table: SafeTable) -> Chart:
    keys = tuple((str(cycle), f"Cycle {cycle}") for cycle in range(1, panel.cycles + 1))
    fell, rose, same = _first_to_last(table, "cycle", "1", str(panel.cycles))
    title = f"Mean share of factories not in compliance, over the points of a cluster, cycles 1 to {panel.cycles}"
    sentence = (
        f"From cycle 1 to cycle {panel.cycles} the mean over the points "
        f"{_found('cluster', (fell, 'fell'), (rose, 'rose'), (same, 'stayed within half a percentage point'))}."
    )
    if not fell + rose + same:
        sentence = "No cluster can be compared between the first cycle and the last: all are withheld."
    blocks = _panel_blocks(report, table, "cycle", keys)
    drawing = charts.panels("trend", title, sentence, blocks, simulated=report.frame.simulated)
    return Chart(
        "trend", title, "The last cycle is darkest.", sentence, "table-trend", tables.csv_of(table), drawing.wide,
        drawing.small,
    )  # fmt: skip


def _trend_table(report: SafeReport, panel: Panel, table: SafeTable) -> Table:
    headings = tuple((str(cycle), f"Cycle {cycle}") for cycle in range(1, panel.cycles + 1))
    points = report.tables["trend_by_point"]
    return Table(
        id="table-trend",
        caption="Balanced panel: factories not in compliance, by point and cycle",
        columns=(Column("Compliance point", weight=3.2), *(Column(name, "number", 1.5) for _, name in headings)),
        groups=tables.matrix(report, points, "cycle", headings, points=True),
        definition="Share of the panel's factories not in compliance, among those asked, on comparable questions.",
        notes=points.notes,
        csv=tables.csv_of(points),
        small=True,
    )


def tenure(report: SafeReport) -> Section:
    """Different factories, by how long they have been in."""
    table = report.tables["tenure_mean_by_cluster"]
    title = "By years in the programme"
    if not table.rows:
        return Section("years", title, (Text("Nothing to show."),))
    text = (
        "The counted assessments, by how long each factory has been in the programme. The groups hold different "
        "factories: a difference between them is not a change in any of them."
    )
    return Section("years", title, (Text(text), _tenure_chart(report, table), _tenure_table(report)))


def _years(table: SafeTable) -> tuple[tuple[str, str], ...]:
    present = {str(row["years"]) for row in table.rows}
    return tuple((key, words.years(key)) for key in YEARS if key in present)


def _tenure_chart(report: SafeReport, table: SafeTable) -> Chart:
    keys = _years(table)
    told = {str(row["years"]) for row in table.shown()}
    compared = [key for key in keys if key[0] in told] or list(keys)
    first, last = compared[0], compared[-1]
    fell, rose, same = _first_to_last(table, "years", first[0], last[0])
    title = "Mean share of factories not in compliance, over the points of a cluster, by years"
    told_so = _found("cluster", (fell, "is smaller"), (rose, "is larger"), (same, "is within half a percentage point"))
    sentence = (
        f"The mean over the points of factories in the programme for {last[1].lower()}, beside that of factories in "
        f"it for {first[1].lower()}, {told_so}."
    )
    if first == last or not fell + rose + same:
        sentence = "No two lengths of time in the programme can be compared: all but one are withheld, or all."
    blocks = _panel_blocks(report, table, "years", keys)
    drawing = charts.panels("years", title, sentence, blocks, simulated=report.frame.simulated)
    return Chart(
        "years", title, "The longest time in the programme is darkest.", sentence, "table-years",
        tables.csv_of(table), drawing.wide, drawing.small,
    )  # fmt: skip


def _tenure_table(report: SafeReport) -> Table:
    points = report.tables["tenure_by_point"]
    headings = _years(points)
    return Table(
        id="table-years",
        caption="Factories not in compliance, by point and years in the programme",
        columns=(Column("Compliance point", weight=3.4), *(Column(name, "number", 1.5) for _, name in headings)),
        groups=tables.matrix(report, points, "years", headings, points=True),
        definition="Share of the factories of each group not in compliance, among those asked.",
        notes=points.notes,
        csv=tables.csv_of(points),
        small=True,
    )
