"""The report, section by section: one order for page and PDF."""

from __future__ import annotations

from dataclasses import replace

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
from betterwork.modules.reports.values import FactoriesInReport, SafeReport, SafeTable


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
    few = f" Results of fewer than {frame.minimum_group} factories are withheld." if frame.minimum_group > 1 else ""
    return (
        f"What assessments of working conditions found in the factories of the Better Work programme in "
        f"{frame.country}, {period}. Each factory is counted once, with its latest assessment in that time.",
        f"The report names no factory.{few}",
    )


def _cover(report: SafeReport, period: str) -> tuple[tuple[str, str], ...]:
    facts = report.factories
    found = [("Country", report.frame.country), ("Period", period), ("Factories assessed", words.count(facts.counted))]
    if facts.workers:
        found.append(("Workers in them", f"{words.count(facts.workers)} ({_known(report)})"))
    return tuple(found)


def _known(report: SafeReport) -> str:
    facts = report.factories
    if facts.counted == facts.workers_known == 1:
        return "the factory gave the number"
    if facts.workers_known == facts.counted:
        return "all factories gave the number"
    return f"{words.count(facts.workers_known)} of {words.factories(facts.counted)} gave the number"


def _factories(report: SafeReport) -> Section:
    facts = report.factories
    said = (f"{_counts(facts)} {_first(facts)}".strip(), _began(facts))
    blocks: list[Block] = [
        Text(" ".join(sentence for sentence in said if sentence)),
        _by_years(report),
        Bullets(_who_counts(report)),
    ]
    return Section("factories", "The factories in this report", tuple(blocks))


def _counts(facts: FactoriesInReport) -> str:
    if facts.counted == 1:
        return "The report counts one assessment, of one factory."
    return f"The report counts {words.count(facts.counted)} assessments, one of each factory."


def _first(facts: FactoriesInReport) -> str:
    """For how many it was the first assessment: sentences of their own for none, one and all."""
    number = facts.first_assessments
    if number is None:
        return ""
    if facts.counted == 1:
        return "It was the factory's first." if number else "It was not the factory's first."
    if number == 0:
        return "None of them was assessed for the first time."
    if number == facts.counted:
        return "All of them were assessed for the first time."
    return f"For {'one of them' if number == 1 else words.factories(number)} it was the first assessment."


def _began(facts: FactoriesInReport) -> str:
    """When the assessments began, by month: the day of a single assessment is nobody's business."""
    if not facts.first_start or not facts.last_start:
        return ""
    first, last = words.month(facts.first_start), words.month(facts.last_start)
    subject = "It" if facts.counted == 1 else "The assessments"
    return f"{subject} began in {first}." if first == last else f"{subject} began between {first} and {last}."


def _by_years(report: SafeReport) -> Table | Text:
    table = report.tables["factories_by_years"]
    if not table.shown():
        reason = str(table.rows[0]["withheld"]) if table.rows else "not known"
        return Text(f"Factories by years in the programme are {reason}.")
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
    shown = replace(tables.published(report), notes=_sources(table))
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
