"""All that a synthesis report of a country needs, read from the rooms below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from betterwork.core.countries import Country
from betterwork.core.errors import BetterWorkError
from betterwork.core.instrument import Catalogue
from betterwork.modules.countries.queries import setting
from betterwork.modules.instruments.queries import catalogue
from betterwork.modules.registry.queries import simulated
from betterwork.modules.reports.headlines import headlines
from betterwork.modules.reports.published import published_for
from betterwork.modules.reports.rules import panel_cycles
from betterwork.modules.reports.values import (
    FactoriesInReport,
    Frame,
    Headline,
    Panel,
    RawTable,
    ReportData,
    Snapshot,
    ToolOrder,
)
from betterwork.modules.reports.words import period

if TYPE_CHECKING:
    from betterwork.core.evidence.choice import Choice
    from betterwork.modules.evidence.queries import Overview, Store, Table

YEARS = ("0", "1", "2", "3", "4+")


def report_data(
    *, store: Store, country: Country, start: date, end: date, minimum_group: int | None = None
) -> ReportData:
    """Everything a report of a country and window is made from, nothing withheld yet.

    ``start`` and ``end`` are days, both inside. ``minimum_group`` overrides the country's setting.
    Raises :class:`BetterWorkError` when no assessment counts in the window.
    """
    from betterwork.modules.evidence import queries as evidence

    choice = evidence.Choice(country=country.code, start=start, end=end)
    counted = evidence.overview(store, choice)
    if not counted.assessments:
        raise BetterWorkError(
            f"no assessment of {country.name} that counts began in {period(start, end)}: "
            "choose another period, or import the assessments and run betterwork evidence build"
        )
    minimum, source = _minimum(country, end, minimum_group)
    tool = _tool(store)
    panel, reason = _panel(store, choice, counted, minimum)
    return ReportData(
        frame=Frame(country.name, start, end, simulated(), minimum, source, _snapshot(store), _rules(choice, panel)),
        factories=_factories(counted),
        tool=_order(tool),
        tables=_tables(store, choice, panel),
        panel=panel,
        panel_reason=reason,
        headlines=_headlines(store, choice, counted),
        published=published_for(country, start, end, tool),
    )


def _minimum(country: Country, on: date, override: int | None) -> tuple[int, str]:
    if override is not None:
        return override, "given with the command"
    found = setting(country.code, "minimum_group", on)
    return int(found.value), found.source


def _tool(store: Store) -> Catalogue:
    """The tool as far as the snapshot knows it: later versions do not change an earlier report."""
    whole = catalogue(store.build.dimensions.tool)
    known = set(store.build.dimensions.versions)
    return replace(whole, versions=tuple(version for version in whole.versions if version.version in known))


def _order(tool: Catalogue) -> ToolOrder:
    """The questions as the newest version orders them; withdrawn ones follow in the order they once had."""
    newest = tool.versions[-1].compliance_codes if tool.versions else ()
    older = [code for version in reversed(tool.versions) for code in version.compliance_codes]
    questions = [tool.newest[code] for code in dict.fromkeys((*newest, *older))]
    return ToolOrder(
        clusters=tuple(dict.fromkeys(question.cluster for question in questions)),
        points=tuple(dict.fromkeys((question.cluster, question.point) for question in questions)),
        questions=tuple(question.code for question in questions),
        core=frozenset(question.cluster for question in questions if question.standard_kind == "core"),
        public=frozenset(question.code for question in questions if question.publicly_reported),
    )


def _snapshot(store: Store) -> Snapshot:
    stamp = store.stamp
    return Snapshot(stamp.name, stamp.digest, stamp.taken_at, stamp.documents, stamp.code_version)


def _rules(choice: Choice, panel: Panel | None) -> dict[str, object]:
    from betterwork.core.evidence.choice import LATEST_BY
    from betterwork.core.evidence.tables import rules_of

    return {**rules_of(choice), "latest_by": LATEST_BY, "panel": panel.cycles if panel else None}


def _factories(counted: Overview) -> FactoriesInReport:
    return FactoriesInReport(
        counted=counted.factories,
        first_start=counted.first_start,
        last_start=counted.last_start,
        first_assessments=counted.assessments - counted.with_earlier,
        obsolete_factories=counted.obsolete_factories,
        obsolete_assessments=counted.obsolete_assessments,
        incomplete=counted.incomplete,
        ties=len(counted.ties),
        by_years=tuple((years, counted.by_years[years]) for years in YEARS if years in counted.by_years),
        versions=tuple(sorted(counted.by_version.items())),
        workers=counted.workers if counted.workers_known else None,
        workers_known=counted.workers_known,
    )


def _history(choice: Choice) -> Choice:
    """All cycles up to the end of the period, on questions that can be compared."""
    return replace(choice, start=None, comparable_only=True)


def _panel(store: Store, choice: Choice, counted: Overview, minimum: int) -> tuple[Panel | None, str]:
    from betterwork.modules.evidence import queries as evidence

    found = {one.cycle: one for one in evidence.overview(store, _history(choice)).panels}
    cycles, reason = panel_cycles(
        {cycle: one.kept for cycle, one in found.items()},
        counted=counted.factories,
        paired=counted.with_earlier,
        minimum=minimum,
    )
    if cycles is None:
        return None, reason
    one = found[cycles]
    left_out = (
        (f"which had not reached cycle {cycles}", one.never_reached),
        ("with a cycle missing in between", one.missing_between),
    )
    return Panel(cycles, one.kept, left_out), ""


def _raw(table: Table, name: str, title: str, size: str = "assessments") -> RawTable:
    """The evidence's table without its notes: those may name a factory."""
    return RawTable(name, title, table.columns, tuple(table.records()), table.definition, (), size)


def _tables(store: Store, choice: Choice, panel: Panel | None) -> dict[str, RawTable]:
    from betterwork.modules.evidence import queries as evidence

    found = [
        _raw(evidence.rates(store, "cluster", choice), "rates_by_cluster", "Rates by cluster"),
        _raw(evidence.rates(store, "point", choice), "rates_by_point", "Rates by compliance point"),
        _raw(evidence.rates(store, "question", choice), "rates_by_question", "Rates by question"),
        _raw(evidence.tenure(store, "cluster", choice), "tenure_by_cluster", "Years in the programme, by cluster"),
        _raw(evidence.tenure(store, "point", choice), "tenure_by_point", "Years in the programme, by compliance point"),
        _raw(
            evidence.effort(store, "point", choice),
            "effort_by_point",
            "Change since the assessment before, by compliance point",
            size="factories",
        ),
        _raw(
            evidence.rates(store, "question", replace(choice, level="national")),
            "national_questions",
            "Questions at national level",
        ),
    ]
    if panel:
        past = _history(choice)
        for level, title in (("cluster", "cluster"), ("point", "compliance point")):
            table = evidence.trend(store, level, past, panel=panel.cycles)
            found.append(_raw(table, f"trend_by_{level}", f"Balanced panel, by {title} and cycle"))
    return {table.name: table for table in found}


def _headlines(store: Store, choice: Choice, counted: Overview) -> tuple[Headline, ...]:
    from betterwork.modules.evidence import queries as evidence

    return headlines(
        safety=evidence.safety_halved(store, choice),
        full=evidence.full_compliance(store, choice),
        contracts=evidence.contracts_changed(store, choice),
        case=evidence.no_case_left(store, choice),
        two_years=sum(counted.by_years.get(years, 0) for years in YEARS[2:]),
    )
