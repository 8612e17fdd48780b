"""The report, section by section: one order for page and PDF."""

from __future__ import annotations

from betterwork.modules.reports import words
from betterwork.modules.reports.content import change, findings, glance, tables, texts
from betterwork.modules.reports.content.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Content,
    Group,
    Section,
    Table,
    Terms,
    Text,
)
from betterwork.modules.reports.values import SafeReport, SafeTable

LEVELS = {"compliance_point": "Point", "cluster": "Cluster", "question": "Question"}


def content_of(report: SafeReport) -> Content:
    """Everything the report says, ready to be set as a page or as a PDF."""
    frame = report.frame
    period = words.period(frame.start, frame.end)
    return Content(
        title=f"{frame.country}: compliance synthesis report",
        subtitle="Better Work factory assessments",
        period=period,
        about=_about(report, period),
        cover=_cover(report, period),
        notice=texts.SIMULATED_NOTICE if frame.simulated else "",
        sections=(
            glance.section(report),
            _factories(report),
            findings.section(report),
            findings.public(report),
            findings.national(report),
            change.since_last(report),
            change.trend(report),
            change.tenure(report),
            _published(report),
            _method(report),
            _annex(report),
        ),
        colophon=f"Snapshot {frame.snapshot.name or 'current'}, digest {frame.snapshot.digest[:12]}…, "
        f"code version {frame.snapshot.code_version}.",
    )


def _about(report: SafeReport, period: str) -> tuple[str, ...]:
    frame = report.frame
    return (
        f"What assessments of working conditions found in the factories of the Better Work programme in "
        f"{frame.country}, {period}. Each factory is counted once, with its latest assessment in that time.",
        f"The report names no factory. Results of fewer than {frame.minimum_group} factories are withheld.",
    )


def _cover(report: SafeReport, period: str) -> tuple[tuple[str, str], ...]:
    facts = report.factories
    found = [("Country", report.frame.country), ("Period", period), ("Factories assessed", words.count(facts.counted))]
    if facts.workers:
        found.append(("Workers in them", f"{words.count(facts.workers)} ({_known(report)})"))
    return tuple(found)


def _known(report: SafeReport) -> str:
    facts = report.factories
    if facts.workers_known == facts.counted:
        return "all factories gave the number"
    return f"{words.count(facts.workers_known)} of {words.factories(facts.counted)} gave the number"


def _factories(report: SafeReport) -> Section:
    facts = report.factories
    began = ""
    if facts.first_start and facts.last_start:
        began = f" They began between {words.day(facts.first_start)} and {words.day(facts.last_start)}."
    blocks: list[Block] = [
        Text(
            f"The report counts {words.plural(facts.counted, 'assessment')}, one of each factory.{began} "
            f"For {words.factories(facts.first_assessments)} it was the first assessment."
        ),
        _by_years(report),
        Bullets(_who_counts(report)),
    ]
    return Section("factories", "The factories in this report", tuple(blocks))


def _by_years(report: SafeReport) -> Table:
    table = report.tables["factories_by_years"]
    rows = tuple(
        (
            Cell(words.years(str(row["years"]))),
            Cell(words.count(tables.whole(row, "factories"))),
            Cell(words.share(tables.share(row, "share")), bar=tables.share(row, "share")),
        )
        for row in table.rows
    )
    return Table(
        id="table-factories",
        caption="Factories by years in the programme",
        columns=(
            Column("Years in the programme", weight=3),
            Column("Factories", "number", 1),
            Column("Share of factories", "number", 2),
        ),
        groups=(Group("", rows),),
        definition="Whole years from a factory's first assessment to the one counted here.",
        csv=tables.csv_of(table),
    )


def _who_counts(report: SafeReport) -> tuple[str, ...]:
    facts = report.factories
    lines = []
    if facts.workers:
        lines.append(f"Workers: {words.count(facts.workers)}; {_known(report)}.")
    versions = [f"{version} ({words.plural(number, 'assessment')})" for version, number in facts.versions]
    if versions:
        lines.append(f"Version of the assessment tool: {words.joined(versions)}.")
    if facts.obsolete_factories:
        gone = words.plural(facts.obsolete_factories, "factory record", "factory records")
        lines.append(
            f"Left out: {gone} marked obsolete, with {words.plural(facts.obsolete_assessments, 'assessment')}."
        )
    else:
        lines.append("Left out: nothing. No factory record is marked obsolete.")
    if facts.incomplete:
        lines.append(
            f"Incomplete: {words.plural(facts.incomplete, 'counted assessment')} "
            f"{'lacks' if facts.incomplete == 1 else 'lack'} some questions of the tool; those count as not asked."
        )
    if facts.ties:
        lines.append(
            f"Same day: {words.factories(facts.ties)} had two assessments that began on one day; the higher "
            "cycle counts."
        )
    return tuple(lines)


def _published(report: SafeReport) -> Section:
    table = report.tables["published_figures"]
    if not table.rows:
        return Section(
            "published",
            "Figures the programme published",
            (Text("None published for this country and period, as far as the list of published figures goes."),),
        )
    columns = (
        Column("Reported as", weight=1.6),
        Column("Cluster, point or topic", weight=4),
        Column("Reported by the programme", "number", 1.7),
        Column("Computed here", "number", 1.6),
    )
    rows = []
    for row in table.rows:
        name = str(row["question_topic"] or row["compliance_point"] or row["cluster"])
        computed = tables.share(row, "computed_here")
        counts = f" ({row['computed_noncompliant']}/{row['computed_assessments']})" if computed is not None else ""
        rows.append(
            (
                Cell(
                    {"compliance_point": "Point", "cluster": "Cluster"}.get(str(row["level"]), "Question"), muted=True
                ),
                Cell(f"{row['cluster']}: {name}" if row["level"] != "cluster" else name),
                Cell(words.share(tables.share(row, "reported_by_the_programme"))),
                Cell(
                    f"{words.share(computed)}{counts}"
                    if computed is not None
                    else str(row["withheld"]) or "not matched",
                    muted=computed is None,
                ),
            )
        )
    shown = Table(
        id="table-published",
        caption="Reported by the programme, and computed here",
        columns=columns,
        groups=(Group("", tuple(rows)),),
        definition="The two columns come from different data and are not to be added, averaged or put in one series. "
        "A published question is worded as a topic and matches no question of the tool exactly: it stands alone.",
        notes=_sources(table),
        csv=tables.csv_of(table),
    )
    return Section(
        "published",
        "Figures the programme published",
        (
            Text(
                "For this country and period the programme published the figures below. They stand beside what is "
                "computed here."
            ),
            shown,
        ),
    )


def _sources(table: SafeTable) -> tuple[str, ...]:
    """Where published figures were read: each report once, with what is said of single figures only."""
    notes = []
    for report in sorted({str(row["report"]) for row in table.rows}):
        rows = [row for row in table.rows if row["report"] == report]
        common = min((str(row["source"]) for row in rows), key=len)
        notes.append(f"{report}. {common}")
        for row in rows:
            more = str(row["source"]).removeprefix(common).lstrip("; ")
            if more:
                notes.append(f"{row['question_topic'] or row['compliance_point'] or row['cluster']}: {more}")
    return tuple(notes)


def _method(report: SafeReport) -> Section:
    return Section(
        "method",
        "Method, definitions and limits",
        (Terms(texts.definitions(report)),),
        (
            Section("limits", "What this report does not say", (Bullets(texts.LIMITS),)),
            Section("provenance", "Where the numbers come from", (Terms(texts.provenance(report)),)),
        ),
    )


def _annex(report: SafeReport) -> Section:
    intro = Text(
        "Every rate of the report with its base and interval. Trends and years in the programme by point, with all "
        "columns, are in tables.xlsx and the CSV files."
    )
    parts = tuple(
        Section(f"annex-{level}", title, (tables.annex(report, level),))
        for level, title in (("cluster", "Clusters"), ("point", "Compliance points"), ("question", "Questions"))
    )
    return Section("annex", "Annex: all rates", (intro,), parts)
