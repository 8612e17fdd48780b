"""Tables that the report adds to those of the evidence: all from what is already safe."""

from __future__ import annotations

from dataclasses import replace

from betterwork.modules.reports.headlines import rests_on
from betterwork.modules.reports.rules import fewer_than, public_issues
from betterwork.modules.reports.values import Published, Row, SafeReport, SafeTable, Value


def with_derived(report: SafeReport) -> SafeReport:
    """The report with its tables of public issues, factories, headline facts and published figures."""
    tables = dict(report.tables)
    issues = public_issues(tables["rates_by_question"], report.tool.public)
    tables["public_issues"] = replace(
        issues,
        definition=f"{issues.definition} Only questions that the tool marks as publicly reported; most frequent first.",
    )
    for series, part in (("trend", "cycle"), ("tenure", "years")):
        if f"{series}_by_point" in tables:
            means = means_by_cluster(report, tables[f"{series}_by_point"], series, part)
            tables[means.name] = means
    tables["factories_by_years"] = factories_by_years(report)
    tables["headline_facts"] = headline_facts(report)
    tables["published_figures"] = published_figures(report)
    return replace(report, tables=tables)


def means_by_cluster(report: SafeReport, points: SafeTable, series: str, part: str) -> SafeTable:
    """The plain mean of the shown point rates of each cluster, over the points shown in every part compared.

    Made from shown rows alone, so it can give nothing away. A part of which less than half of the
    cluster's points are shown is withheld rather than narrowing the comparison of the others.
    """
    rows: list[Row] = []
    for cluster in report.tool.clusters:
        shown: dict[str | int, dict[str, float]] = {}
        names = {str(row["compliance_point"]) for row in points.where(cluster=cluster)}
        for row in points.where(cluster=cluster):
            place = row[part]
            assert isinstance(place, str | int)
            cells = shown.setdefault(place, {})
            if not row["withheld"] and isinstance(row["rate"], float | int):
                cells[str(row["compliance_point"])] = float(row["rate"])
        whole = [cells for cells in shown.values() if 2 * len(cells) >= len(names)]
        common = set(names).intersection(*whole) if whole else set()
        for place in sorted(shown, key=str):
            usable = common if 2 * len(shown[place]) >= len(names) else set()
            mean = sum(shown[place][name] for name in sorted(usable)) / len(usable) if usable else None
            row_of: dict[str, Value] = {
                "country": report.frame.country,
                "cluster": cluster,
                part: place,
                "points": len(usable) if usable else None,
                "mean_point_rate": mean,
                "withheld": "" if usable else "withheld: too few of its points can be shown",
            }
            rows.append(row_of)
    title = {"trend": "Balanced panel: mean of point rates", "tenure": "Years in the programme: mean of point rates"}
    return SafeTable(
        f"{series}_mean_by_cluster",
        f"{title[series]}, by cluster",
        ("country", "cluster", part, "points", "mean_point_rate", "withheld"),
        tuple(rows),
        f"mean_point_rate: the plain mean of the rates of the cluster's compliance points that are shown for every "
        f"{part} compared; points: how many. Each point weighs the same, however many factories were asked.",
    )


def factories_by_years(report: SafeReport) -> SafeTable:
    """How many of the counted factories have been how long in the programme."""
    total = report.factories.counted
    rows: list[Row] = [
        {
            "country": report.frame.country,
            "years": years,
            "factories": number,
            "share": number / total if total else None,
            "withheld": "",
        }
        for years, number in report.factories.by_years
    ]
    if total < report.frame.minimum_group:
        reason = fewer_than(report.frame.minimum_group)
        rows = [{"country": report.frame.country, "years": None, "factories": None, "share": None, "withheld": reason}]
    return SafeTable(
        "factories_by_years",
        "Factories by years in the programme",
        ("country", "years", "factories", "share", "withheld"),
        tuple(rows),
        "Counted factories by whole years from their first assessment to the counted one. "
        "share: of all counted factories, as a fraction.",
    )


def headline_facts(report: SafeReport) -> SafeTable:
    """The paper's headline facts, one row per value each rests on."""
    rows: list[Row] = []
    for fact in report.headlines:
        for measure, value in fact.values or (("", None),):
            row: dict[str, Value] = {
                "country": report.frame.country,
                "fact": fact.name,
                "statement": fact.statement,
                "holds": fact.holds,
                "base": rests_on(fact),
                "factories": fact.size if fact.size else None,
                "measure": measure,
                "value": value,
                "withheld": fact.withheld,
            }
            rows.append(row)
    definition = "\n".join(f"{fact.title}: {fact.definition}" for fact in report.headlines)
    return SafeTable(
        "headline_facts",
        "Headline facts of the programme's paper of 2014, computed for this country",
        ("country", "fact", "statement", "holds", "base", "factories", "measure", "value", "withheld"),
        tuple(rows),
        f"holds: true, false, or empty where it cannot be said.\n{definition}",
    )


def _computed(report: SafeReport, figure: Published) -> Row | None:
    if figure.level == "compliance_point":
        found = report.tables["rates_by_point"].where(cluster=figure.cluster, compliance_point=figure.point)
    elif figure.level == "cluster":
        found = report.tables["rates_by_cluster"].where(cluster=figure.cluster)
    else:
        found = []
    return found[0] if found else None


def published_figures(report: SafeReport) -> SafeTable:
    """What the programme published for this country and period beside what is computed here, never in one column."""
    rows: list[Row] = []
    for figure in report.published:
        computed = _computed(report, figure)
        row: dict[str, Value] = {
            "country": report.frame.country,
            "level": figure.level,
            "cluster": figure.cluster,
            "compliance_point": figure.point,
            "question_topic": figure.topic,
            "reported_by_the_programme": figure.share,
            "reported_factories": figure.factories,
            "computed_here": computed["rate"] if computed else None,
            "computed_noncompliant": computed["noncompliant"] if computed else None,
            "computed_assessments": computed["assessments"] if computed else None,
            "report": figure.report,
            "source": figure.source,
            "withheld": computed["withheld"] if computed else "",
        }
        rows.append(row)
    columns = (
        *("country", "level", "cluster", "compliance_point", "question_topic", "reported_by_the_programme"),
        *("reported_factories", "computed_here", "computed_noncompliant", "computed_assessments"),
        *("report", "source", "withheld"),
    )
    return SafeTable(
        "published_figures",
        "Figures the programme published for this country and period",
        columns,
        tuple(rows),
        "reported_by_the_programme: the share as the cited report states it. computed_here: the share of this report, "
        "where the cluster or point has the same name; empty for single questions, because a published topic names no "
        "question of the tool exactly.",
    )
