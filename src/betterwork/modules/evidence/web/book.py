"""A country's figures as its pages ask for them: which part, which table, which rows, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betterwork.core.evidence.tables import Table
from betterwork.modules.evidence.figures.reading import LATEST, TREND, Part
from betterwork.modules.evidence.web import drawing, files, shown
from betterwork.modules.evidence.web.shown import Record, Shown, number, points, share

RATES, TRENDS, IMPROVEMENT, YEARS, HEADLINE = "rates", "trend", "improvement", "years", "headline"
HALF = 0.5
YEARS_WORDS = {"0": "0", "1": "1", "2": "2", "3": "3", "4+": "4+"}


@dataclass(frozen=True)
class Book:
    """What a set of pages is about: where its parts are, how they are called, where its tabs lie."""

    country: str
    name: str
    part: Callable[[str], Part | None]
    url: Callable[[str], str]
    tabs: tuple[str, ...]
    periods: tuple[str, ...] = ()
    panels: tuple[int, ...] = ()
    by_year: bool = True
    few: int = 0
    staff: bool = True
    fixed: str = ""
    """The one part that all tabs read, where there is no choice of period."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list, and whether it is the one in use."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose from, above the sheet."""

    name: str
    title: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One large figure with its base and its definition."""

    value: str
    definition: str
    base: str = ""


@dataclass
class Page:
    """All that the template of a tab is given."""

    heading: str
    lead: str
    tabs: list[dict[str, Any]]
    selects: list[Select]
    title: str = ""
    shown: Shown | None = None
    kpis: list[Kpi] = field(default_factory=list)
    definition: str = ""
    computed: str = ""
    """The page of help with the formula of what is shown."""
    notes: tuple[str, ...] = ()
    snapshot: str = ""
    downloads: list[dict[str, str]] = field(default_factory=list)
    up: str = ""
    facts: list[dict[str, Any]] = field(default_factory=list)
    thin: bool = False


def tab_titles() -> Mapping[str, str]:
    """What the tabs are called."""
    return {
        RATES: _("Rates"),
        TRENDS: _("Trend"),
        IMPROVEMENT: _("Improvement"),
        YEARS: _("Years in the programme"),
        HEADLINE: _("Headline facts"),
    }


def page_of(request: HttpRequest, book: Book, tab: str) -> Page | HttpResponse:
    """A tab as its page, or the download that the address asks for. An answer to nonsense is the whole list."""
    asked = request.GET
    period = asked.get("period", "") if asked.get("period", "") in book.periods else ""
    series, last = _series(book, asked.get("series", ""))
    part = book.part(book.fixed or (TREND if tab == TRENDS else period or LATEST))
    page = Page(book.name, "", tabs_of(book, tab), [])
    if part is None:
        return page
    of, point = asked.get("of", ""), asked.get("point", "")
    prefix = {RATES: "rates", IMPROVEMENT: "effort", YEARS: "tenure", TRENDS: series}[tab]
    clusters = part.table(f"{prefix}-cluster")
    listed = clusters or part.table(f"{prefix}-point")
    names = list(dict.fromkeys(row["cluster"] for row in listed.records())) if listed else []
    of = of if of in names else ""
    level = "cluster" if clusters and not of else "point"
    if tab == RATES and of and point:
        questions = part.table("rates-question")
        known = {row["compliance_point"] for row in shown.records_of(questions, of)} if questions else set()
        point, level = (point, "question") if point in known else ("", level)
    table = part.table(f"{prefix}-{level}")
    if table is None:
        return page
    rows = shown.records_of(table, of, point if level == "question" else "")
    keep = {"period": period, "series": series if tab == TRENDS else ""}
    link = _link(book.url(tab), keep, tab, level)
    page.shown = _shown(tab, table, rows, link, book, last)
    page.title, page.thin = _title(tab, of, point, last), tab == IMPROVEMENT
    page.heading = (point if level == "question" else of) or book.name
    page.lead = _lead(book, part, tab, period)
    page.selects = _selects(book, tab, names, of, period, series)
    page.kpis = _kpis(tab, part, of, point if level == "question" else "")
    page.definition, page.snapshot = definition_words(tab, level), snapshot_words(table)
    page.computed = formula_of(prefix, level)
    care = (_("Compare with care: not all versions of the tool ask the same there."),) if page.shown.differs else ()
    page.notes = (*care, *(table.notes if book.staff else ()), *counted_words(tab))
    page.up = _up(book.url(tab), keep, of, point if level == "question" else "", book.name)
    form = asked.get("format", "")
    if form in files.FORMS:
        return download(form, table, page, f"{book.country}-{tab}-{level}".lower())
    query = {
        key: value for key, value in {**keep, "of": of, "point": point if level == "question" else ""}.items() if value
    }
    page.downloads = [
        {"title": form.upper(), "url": f"?{urlencode({**query, 'format': form})}"} for form in files.FORMS
    ]
    return page


def download(form: str, table: Table, page: Page, name: str) -> HttpResponse:
    """The whole table as CSV or workbook (what the command gives), or the page's own chart."""
    if form == "csv":
        return files.csv_answer(table, name)
    if form == "xlsx":
        return files.xlsx_answer(table, name)
    found = page.shown
    assert found is not None
    foot = [f"{page.heading}. {page.lead}", page.snapshot]
    if found.series:
        lines = [(one.label, one.value, one.line) for one in found.series]
        return files.svg_answer(drawing.lines_svg(page.title, lines, foot), name)
    bars = [
        drawing.DrawnBar(one.label, one.now / 100, one.value, one.base, one.before / 100 if one.was else None)
        for one in found.bars
    ]
    return files.svg_answer(drawing.bars_svg(page.title, bars, foot), name)


def definition_words(tab: str, level: str) -> str:
    """What the figures of a tab mean, for a reader; the exact definition stands in the workbook."""
    counted = {
        "cluster": _(
            "A factory is counted as not in compliance with a cluster when at least one question of any of its "
            "compliance points is a finding."
        ),
        "point": _(
            "A factory is counted as not in compliance with a point when at least one of the point’s questions is a "
            "finding. Points that were not asked are left out of the count."
        ),
        "question": _("A factory is counted as not in compliance with a question when it is a finding."),
    }[level]
    more = {
        RATES: _("Of each factory its latest assessment counts. The interval says how far the rate would carry beyond "
                 "these factories; as a count of all of them it is exact."),
        TRENDS: _("One assessment of each factory in each year or cycle."),
        IMPROVEMENT: _("Of each factory its latest assessment and the one before it, on what was asked in both. "
                       "Improvement is before less now: positive is better."),
        YEARS: _("Years in the programme: whole years from a factory’s first assessment to the one that counts; 4+ is "
                 "four and more."),
    }[tab]  # fmt: skip
    return f"{counted} {more}"


def counted_words(tab: str) -> tuple[str, ...]:
    """What is counted and what is not, for a reader. The exact words, with the columns' names, stand in the files."""
    latest = _(
        "Of each factory one assessment counts: the latest of the period. Of two that begin on one day, that of the "
        "higher cycle counts."
    )
    return (
        *((latest,) if tab != TRENDS else ()),
        _("Left out: factory records that were retired as obsolete, and questions on the country’s law and practice."),
        _("The exact definition stands in the workbook (XLSX)."),
    )


def formula_of(prefix: str, level: str) -> str:
    """The page of help that says how a table is computed, with a worked example."""
    of_a_kind = {
        "effort": "improvement-and-mcnemar",
        "tenure": "years-in-the-programme",
        "rates": f"{level}-rate",
        "year": f"{level}-rate",
    }
    return f"algorithms/{of_a_kind.get(prefix, 'balanced-panel')}"


def snapshot_words(table: Table) -> str:
    """From which documents a table was made, in words."""
    stamp = table.snapshot
    which = _("the newest build") if stamp.name == "current" else stamp.name
    return _("Snapshot: %(which)s, %(count)s documents, latest sealed %(day)s, digest %(digest)s…") % {
        "which": which,
        "count": number(stamp.documents),
        "day": shown.day(stamp.taken_at[:10]),
        "digest": stamp.digest[:12],
    }


def _shown(tab: str, table: Table, rows: list[Record], link: shown.Link, book: Book, last: int) -> Shown:
    if tab == RATES:
        return shown.rates_shown(table, rows, link, book.few)
    if tab == IMPROVEMENT:
        return shown.improvement_shown(table, rows, link, book.few)
    if tab == YEARS:
        return shown.over_time_shown(table, rows, "years", lambda value: YEARS_WORDS.get(value, str(value)), book.few)
    part = "cycle" if last else "period"
    said = (lambda value: _("Cycle %(number)s") % {"number": value}) if last else str
    return shown.over_time_shown(table, rows, part, said, book.few)


def _series(book: Book, asked: str) -> tuple[str, int]:
    """(what tables of the trend are called by, the panel's last cycle or 0 for years)."""
    for last in book.panels:
        if asked == f"panel-{last}" or not book.by_year:
            return f"panel-{last}", last
    return "year", 0


def _link(url: str, keep: Mapping[str, str], tab: str, level: str) -> shown.Link:
    """Where a row leads: from a cluster to its points, from a point's rate to its questions."""

    def to(row: Record) -> str:
        if level == "cluster":
            query = {**keep, "of": row["cluster"]}
        elif level == "point" and tab == RATES:
            query = {**keep, "of": row["cluster"], "point": row["compliance_point"]}
        else:
            return ""
        return f"{url}?{urlencode({key: value for key, value in query.items() if value})}"

    return to


def _up(url: str, keep: Mapping[str, str], of: str, point: str, name: str) -> str:
    if not of:
        return ""
    query = {key: value for key, value in {**keep, "of": of if point else ""}.items() if value}
    return f"{url}?{urlencode(query)}" if query else url


def _title(tab: str, of: str, point: str, last: int) -> str:
    if tab == RATES:
        return _("Factories not in compliance")
    if tab == IMPROVEMENT:
        return _("Improvement since the assessment before")
    if tab == YEARS:
        return _("Factories not in compliance, by whole years in the programme")
    if last:
        return _("Factories not in compliance, the same factories from cycle 1 to %(last)s") % {"last": last}
    return _("Factories not in compliance, by year")


def _lead(book: Book, part: Part, tab: str, period: str) -> str:
    counts = part.counts
    if tab == TRENDS or not counts:
        return _("Counted from sealed assessments. Each figure stands with its base; the table is below the chart.")
    many = ngettext("%(count)s factory", "%(count)s factories", counts["assessments"]) % {
        "count": number(counts["assessments"])
    }
    when = _("in %(year)s") % {"year": period} if period else _("over all time")
    return _("%(many)s, each with its latest assessment %(when)s (%(first)s to %(last)s).") % {
        "many": many,
        "when": when,
        "first": shown.day(counts.get("first", "")),
        "last": shown.day(counts.get("last", "")),
    }


def tabs_of(book: Book, tab: str) -> list[dict[str, Any]]:
    """The parts of a book, each a page of its own."""
    titles = tab_titles()
    return [{"title": titles[one], "url": book.url(one), "active": one == tab} for one in book.tabs]


def _selects(book: Book, tab: str, names: list[str], of: str, period: str, series: str) -> list[Select]:
    found = []
    if tab == TRENDS and (book.panels or book.by_year):
        options = [Option("", _("Calendar years"), series == "year")] if book.by_year else []
        words = _("The same factories, cycle 1 to %(last)s")
        options += [Option(f"panel-{k}", words % {"last": k}, series == f"panel-{k}") for k in book.panels]
        found.append(Select("series", _("Period"), options))
    elif book.periods:
        options = [Option("", _("Latest of each factory"), not period)]
        options += [Option(one, one, one == period) for one in book.periods]
        found.append(Select("period", _("Period"), options))
    options = [Option("", _("All clusters"), not of), *(Option(one, one, one == of) for one in sorted(names))]
    found.append(Select("of", _("Cluster"), options))
    return found


def _kpis(tab: str, part: Part, of: str, point: str) -> list[Kpi]:
    """The large figures over rates: of what is counted, or of one cluster."""
    if tab != RATES or point:
        return []
    table = part.table("rates-point")
    rates = [row["rate"] for row in shown.records_of(table, of) if row["rate"] is not None] if table else []
    above = Kpi(
        _("%(part)s of %(whole)s") % {"part": number(sum(one > HALF for one in rates)), "whole": number(len(rates))},
        _("compliance points that more than half of the factories do not meet"),
    )
    counts = part.counts
    if not of:
        found = [Kpi(number(counts["assessments"]), _("factories counted, each once"))] if counts else []
        if counts:
            found.append(Kpi(number(counts["paired"]), _("of them assessed before: improvement is counted on these")))
        return [*found, above]
    found = []
    clusters, effort = part.table("rates-cluster"), part.table("effort-cluster")
    for row in shown.records_of(clusters, of) if clusters else ():
        if row["mean_point_rate"] is not None:
            words = _("of factories do not meet a point, mean of %(points)s points") % {"points": number(row["points"])}
            found.append(Kpi(share(row["mean_point_rate"]), words))
    for row in shown.records_of(effort, of) if effort else ():
        if row["improvement"] is not None:
            seen = _("improvement since the assessment before, %(count)s factories seen twice")
            found.append(Kpi(points(row["improvement"]), seen % {"count": number(row["factories"])}))
            both = f"{number(row['fixed'])} / {number(row['relapsed'])}"
            found.append(Kpi(both, _("factories that fixed / relapsed on any point of the cluster")))
    return [*found, above]
