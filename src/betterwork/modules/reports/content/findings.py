"""Findings by cluster and point, publicly reported questions, questions at national level."""

from __future__ import annotations

from collections.abc import Sequence

from betterwork.modules.reports import words
from betterwork.modules.reports.content import charts, tables, texts
from betterwork.modules.reports.content.blocks import Block, Chart, Group, Section, Table, Text
from betterwork.modules.reports.values import Row, SafeReport, SafeTable

MOST_NAMES = 3


def _mark(row: Row, name: str) -> charts.Mark:
    if row["withheld"] and row["rate"] is None:
        return charts.Mark(tables.label(row, name), None, str(row["withheld"]))
    rate = tables.share(row)
    base = words.of(tables.whole(row, "noncompliant"), tables.whole(row, "assessments"))
    return charts.Mark(tables.label(row, name), rate, words.share(rate), base)


def section(report: SafeReport) -> Section:
    """Clusters, then all points, then each cluster by itself."""
    blocks: list[Block] = [
        Text(texts.READING_A_SHARE),
        clusters_chart(report),
        *(points_chart(report, kind, clusters) for kind, clusters in kinds(report) if clusters),
    ]
    shown = {str(row["cluster"]) for row in report.tables["rates_by_cluster"].rows}
    parts = tuple(
        _cluster(report, cluster, number) for number, cluster in enumerate(report.tool.clusters, 1) if cluster in shown
    )
    return Section("findings", "Findings by cluster and point", tuple(blocks), parts)


def clusters_chart(report: SafeReport) -> Chart:
    """Factories with a finding on any point of a cluster."""
    table = report.tables["rates_by_cluster"]
    rows = tables.by_cluster(report, table.rows)
    shown = [row for row in rows if row["rate"] is not None]
    title = "Factories with at least one point not met, by cluster"
    sentence = "Every cluster is withheld: too few factories were assessed."
    if shown:
        most, least = max(map(_rate, shown)), min(map(_rate, shown))
        largest, smallest = _with_rate(shown, most, "cluster"), _with_rate(shown, least, "cluster")
        sentence = (
            f"The share of factories that missed at least one point is largest in {largest} ({words.share(most)}) and "
            f"smallest in {smallest} ({words.share(least)})."
            if most > least
            else f"The share of factories that missed at least one point is the same in every cluster "
            f"({words.share(most)})."
        )
    drawing = charts.bars(
        "clusters",
        title,
        sentence,
        (charts.Block("", tuple(_mark(row, "cluster") for row in rows)),),
        simulated=report.frame.simulated,
    )
    return Chart(
        "clusters", title, "", sentence, "table-annex-cluster", tables.csv_of(table), drawing.wide, drawing.small
    )


def _rate(row: Row) -> float:
    return tables.number(row, "rate")


def _with_rate(rows: Sequence[Row], rate: float, level: str) -> str:
    """The rows that have exactly this rate, in words: all of them, since a sentence must not prefer one of two."""
    names = [tables.label(row, level) for row in rows if _rate(row) == rate]
    return words.joined(names) if len(names) <= MOST_NAMES else f"{len(names)} of them"


def kinds(report: SafeReport) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The two halves of the tool, with their clusters: a chart of each fits a page."""
    core = tuple(cluster for cluster in report.tool.clusters if cluster in report.tool.core)
    return ("core", core), ("national", tuple(cluster for cluster in report.tool.clusters if cluster not in core))


KINDS = {"core": "Core labour standards", "national": "National labour law"}


def points_chart(report: SafeReport, kind: str, clusters: tuple[str, ...]) -> Chart:
    """The chart people know: every point, grouped by cluster."""
    table = report.tables["rates_by_point"]
    blocks = tuple(
        charts.Block(cluster, tuple(_mark(row, "compliance_point") for row in rows))
        for cluster in clusters
        if (rows := tables.by_point(report, table.where(cluster=cluster)))
    )
    shown = [row for row in table.shown() if row["cluster"] in clusters]
    name, title = f"points_{kind}", f"{KINDS[kind]}: factories not in compliance, by point"
    sentence = "Every point is withheld: too few factories were assessed."
    if shown:
        half = sum(1 for row in shown if _rate(row) >= 0.5)
        most = max(map(_rate, shown))
        sentence = (
            f"{_by_half(half, len(shown))} by half of the factories or more; the largest share is on "
            f"{_with_rate(shown, most, 'compliance_point')} ({words.share(most)})."
            if most
            else f"No factory was found out of compliance on {_any_of(len(shown))} shown."
        )
    drawing = charts.bars(name, title, sentence, blocks, simulated=report.frame.simulated)
    return Chart(name, title, "", sentence, "table-annex-point", tables.csv_of(table), drawing.wide, drawing.small)


def _by_half(half: int, shown: int) -> str:
    """How many points half of the factories missed, with words of their own for none, one and all."""
    if shown == 1:
        return "The one point shown was missed" if half else "The one point shown was not missed"
    if half == 0:
        return f"None of the {shown} points shown was missed"
    if half == shown:
        return f"All {shown} points shown were missed"
    return f"{half} of the {shown} points shown {'was' if half == 1 else 'were'} missed"


def _any_of(points: int) -> str:
    return "the one point" if points == 1 else f"any of the {points} points"


def _missed(row: Row) -> str:
    """How many factories missed a point of the cluster, with words of their own for none, one and all."""
    found, asked = tables.whole(row, "noncompliant"), tables.whole(row, "assessments")
    what = "at least one point of this cluster."
    if asked == 1:
        return f"The one factory asked missed {what if found else 'no point of this cluster.'}"
    if not found:
        return f"None of {words.factories(asked)} missed {what}"
    if found == asked:
        return f"All {words.factories(asked)} missed {what}"
    return f"{words.count(found)} of {words.factories(asked)} ({words.share(tables.share(row))}) missed {what}"


def _no_drivers(report: SafeReport, cluster: str) -> str:
    """Why no question is listed: none has a finding, or something is withheld."""
    rows = (row for level in ("point", "question") for row in report.tables[f"rates_by_{level}"].where(cluster=cluster))
    if any(row["withheld"] for row in rows):
        return "No question of this cluster has a finding that can be shown."
    return "No question of this cluster has a finding."


def _cluster(report: SafeReport, cluster: str, number: int) -> Section:
    row = report.tables["rates_by_cluster"].where(cluster=cluster)[0]
    kind = "core labour standard" if cluster in report.tool.core else "national labour law"
    if row["rate"] is None:
        text = f"{tables.said(row)}."
    else:
        text = _missed(row)
        mean = tables.share(row, "mean_point_rate")
        if mean:
            text += f" The mean over its points is {words.share(mean)}."
    blocks: list[Block] = [
        Text(f"{text} Judged by: {kind}."),
        tables.points_of_cluster(report, cluster, f"table-cluster-{number}"),
    ]
    drivers = tables.drivers(report, cluster, f"table-drivers-{number}")
    blocks.append(drivers or Text(_no_drivers(report, cluster)))
    return Section(f"cluster-{number}", cluster, tuple(blocks))


def public(report: SafeReport) -> Section:
    """Publicly reported questions."""
    table = report.tables["public_issues"]
    title = "Publicly reported issues"
    if not table.rows:
        return Section("public-issues", title, (Text("The tool marks no question as publicly reported."),))
    text = (
        f"The programme shows {words.plural(len(table.rows), 'question')} of the tool on its public portal, by "
        f"factory. {_in_this_period(table)}"
    )
    return Section("public-issues", title, (Text(text), tables.public_issues(report)))


def _in_this_period(table: SafeTable) -> str:
    """On how many of the questions something was found, without the parts that are none."""
    shown = table.shown()
    found = sum(1 for row in shown if tables.whole(row, "noncompliant"))
    them = "of them" if len(shown) == len(table.rows) else f"of the {len(shown)} that can be shown"
    if not shown:
        return "In this period the results of all of them are withheld."
    if not found:
        return f"In this period no factory was found out of compliance on any {them}."
    if found == len(shown):
        return f"In this period each {them} has at least one factory not in compliance."
    return (
        f"In this period {found} {them} {'has' if found == 1 else 'have'} at least one factory not in compliance; on "
        f"{len(shown) - found} no factory was found out of compliance (the annex lists them)."
    )


def national(report: SafeReport) -> Section:
    """Questions about the country's law and practice: apart, and in no factory's score."""
    table = report.tables.get("national_questions")
    title = "Questions at national level"
    if table is None or not table.rows:
        text = "The tool had no question at national level in this period: every finding speaks of a factory's conduct."
        return Section("national", title, (Text(text),))
    rows = tuple(tables.question_cells(row) for row in tables.by_point(report, table.rows))
    shown = Table(
        id="table-national",
        caption="Questions about law and practice of the country",
        columns=tables.QUESTION_COLUMNS,
        groups=(Group("", rows),),
        definition="Findings that law or national practice causes. They are in no rate of factories above.",
        csv=tables.csv_of(table),
    )
    text = "These findings come from the country's law or practice, not from a factory's conduct. They are shown apart."
    return Section("national", title, (Text(text), shown))
