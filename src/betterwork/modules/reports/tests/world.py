"""A small simulated country, counted in plain Python: what the report's tests are made from.

It knows nothing of the evidence room: the tables have the columns of the contract and numbers
that were counted one by one, so that a report can be checked against another way of counting.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files

from betterwork.core.statistics import mcnemar_exact, wilson_interval
from betterwork.modules.reports.values import (
    FactoriesInReport,
    Frame,
    Headline,
    Panel,
    Published,
    RawTable,
    ReportData,
    Row,
    Snapshot,
    ToolOrder,
)

START, END = date(2014, 2, 1), date(2015, 2, 28)
CORE = frozenset(
    ("Child Labour", "Discrimination", "Forced Labour", "Freedom of Association and Collective Bargaining")
)
LEVELS = {"CHL": 0.01, "DIS": 0.012, "FOL": 0.004, "FAC": 0.05, "CMP": 0.09, "CHR": 0.1, "OSH": 0.16, "WTM": 0.2}


def tool() -> list[dict[str, str]]:
    """The questions that the platform ships."""
    text = files("betterwork.modules.instruments").joinpath("data", "compliance_tool.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@dataclass
class Visit:
    """One assessment: its factory, cycle, start and answers (question code → found)."""

    factory: int
    cycle: int
    start: date
    answers: dict[str, bool] = field(default_factory=dict)


def visits(factories: int, seed: int = 7, accommodation: int = 4, housing: int = -1) -> list[Visit]:
    """Assessments of so many factories, most of them several times, ending in the window.

    The first ``accommodation`` factories house workers; ``housing`` 0 or 1 sets what is found there.
    Every factory with housing has a finding on another safety point, so that no other number hangs on it.
    """
    source = random.Random(seed)
    questions = tool()
    rates = {row["question_code"]: LEVELS[row["cluster_code"]] * source.uniform(0.1, 2.4) for row in questions}
    found = []
    for factory in range(factories):
        cycles = 1 + factory % 5
        last = START + timedelta(days=source.randrange((END - START).days))
        skill = source.uniform(0.6, 1.4)
        for cycle in range(1, cycles + 1):
            visit = Visit(factory, cycle, last - timedelta(days=370 * (cycles - cycle)))
            for row in questions:
                code = row["question_code"]
                if code.startswith("OSH-7") and factory >= accommodation:
                    continue
                chance = min(0.97, rates[code] * skill * (1.35 if cycle == 1 else 0.9) * 0.93**cycle)
                visit.answers[code] = source.random() < chance
                if housing >= 0 and factory < accommodation and code.startswith("OSH-7"):
                    visit.answers[code] = bool(housing)
            if housing >= 0 and factory < accommodation:
                visit.answers["OSH-8-01"] = True
            found.append(visit)
    return found


Keys = tuple[str, ...]
Level = Callable[[dict[str, str]], Keys]
LEVEL: dict[str, Level] = {
    "question": lambda row: (row["cluster"], row["compliance_point"], row["question_code"], row["topic"]),
    "point": lambda row: (row["cluster"], row["compliance_point"]),
    "cluster": lambda row: (row["cluster"],),
}
NAMES = {
    "question": ("cluster", "compliance_point", "question_code", "question"),
    "point": ("cluster", "compliance_point"),
    "cluster": ("cluster",),
}


def judged(visit: Visit, level: str) -> dict[Keys, bool]:
    """Each question, point or cluster that was asked in a visit → whether any question of it was found."""
    result: dict[Keys, bool] = {}
    for row in tool_rows():
        if row["question_code"] in visit.answers:
            key = LEVEL[level](row)
            result[key] = result.get(key, False) or visit.answers[row["question_code"]]
    return result


_TOOL: list[dict[str, str]] = []


def tool_rows() -> list[dict[str, str]]:
    """As :func:`tool`, read once."""
    if not _TOOL:
        _TOOL.extend(tool())
    return _TOOL


def counted(all_visits: Iterable[Visit]) -> list[Visit]:
    """The latest of each factory inside the window."""
    latest: dict[int, Visit] = {}
    for visit in sorted(all_visits, key=lambda one: (one.start, one.cycle)):
        if START <= visit.start <= END:
            latest[visit.factory] = visit
    return list(latest.values())


def rate_rows(groups: dict[tuple[str | int, ...], list[Visit]], level: str, part: str | None) -> list[Row]:
    rows: list[Row] = []
    for group, some in groups.items():
        asked: dict[Keys, list[bool]] = {}
        for visit in some:
            for key, found in judged(visit, level).items():
                asked.setdefault(key, []).append(found)
        for key in sorted(asked):
            n, hits = len(asked[key]), sum(asked[key])
            low, high = wilson_interval(hits, n)
            row: dict[str, str | int | float | bool | None] = {"country": "Viet Nam"}
            row |= dict(zip(NAMES[level], key, strict=True))
            if part:
                row[part] = group[0]
            row |= {"assessments": n, "noncompliant": hits, "rate": hits / n, "rate_low": low, "rate_high": high}
            if part == "cycle":
                row |= {"comparable": True, "note": ""}
            rows.append(row)
    return sorted(rows, key=lambda row: [str(row[name]) for name in (*NAMES[level], *([part] if part else []))])


def raw(name: str, title: str, rows: list[Row], definition: str, size: str = "assessments") -> RawTable:
    return RawTable(name, title, tuple(rows[0]) if rows else (), tuple(rows), definition, (), size)


def tables(all_visits: list[Visit], panel: int) -> dict[str, RawTable]:
    now = counted(all_visits)
    first = {visit.factory: visit.start for visit in all_visits if visit.cycle == 1}
    found: dict[str, RawTable] = {}
    for level in ("question", "point", "cluster"):
        rows = rate_rows({(): now}, level, None)
        if level == "cluster":
            rows = [with_mean(row, found["rates_by_point"]) for row in rows]
        found[f"rates_by_{level}"] = raw(f"rates_by_{level}", f"Rates by {level}", rows, f"Counted by {level}.")
    years: dict[tuple[str | int, ...], list[Visit]] = {}
    for visit in now:
        whole = (visit.start - first[visit.factory]).days // 365
        years.setdefault((str(whole) if whole < 4 else "4+",), []).append(visit)
    chosen = {visit.factory for visit in all_visits if visit.cycle == panel}
    cycles: dict[tuple[str | int, ...], list[Visit]] = {}
    for visit in all_visits:
        if visit.factory in chosen and visit.cycle <= panel:
            cycles.setdefault((visit.cycle,), []).append(visit)
    for level in ("point", "cluster"):
        rows = rate_rows(years, level, "years")
        found[f"tenure_by_{level}"] = raw(f"tenure_by_{level}", f"Years by {level}", rows, "By years.")
        if chosen:
            rows = rate_rows(cycles, level, "cycle")
            found[f"trend_by_{level}"] = raw(f"trend_by_{level}", f"Trend by {level}", rows, "By cycle.")
    found["effort_by_point"] = raw("effort_by_point", "Change", effort(all_visits, now), "Paired.", "factories")
    return found


def with_mean(row: Row, points: RawTable) -> Row:
    rates = [float(point["rate"] or 0) for point in points.rows if point["cluster"] == row["cluster"]]
    return {**row, "points": len(rates), "mean_point_rate": sum(rates) / len(rates)}


def effort(all_visits: list[Visit], now: list[Visit]) -> list[Row]:
    pairs: dict[Keys, list[tuple[bool, bool]]] = {}
    for visit in now:
        earlier = [one for one in all_visits if one.factory == visit.factory and one.start < visit.start]
        if earlier:
            was = judged(max(earlier, key=lambda one: one.start), "point")
            for key, found in judged(visit, "point").items():
                if key in was:
                    pairs.setdefault(key, []).append((was[key], found))
    rows: list[Row] = []
    for (cluster, point), some in sorted(pairs.items()):
        n, fixed = len(some), sum(a and not b for a, b in some)
        relapsed, both = sum(b and not a for a, b in some), sum(a and b for a, b in some)
        rows.append(
            {
                "country": "Viet Nam",
                "cluster": cluster,
                "compliance_point": point,
                "factories": n,
                "before_rate": (both + fixed) / n,
                "now_rate": (both + relapsed) / n,
                "improvement": (fixed - relapsed) / n,
                "fixed": fixed,
                "relapsed": relapsed,
                "unchanged_noncompliant": both,
                "unchanged_compliant": n - both - fixed - relapsed,
                "p_value": float(mcnemar_exact(fixed, relapsed)),
            }
        )
    return rows


def order() -> ToolOrder:
    rows = tool_rows()
    return ToolOrder(
        clusters=tuple(dict.fromkeys(row["cluster"] for row in rows)),
        points=tuple(dict.fromkeys((row["cluster"], row["compliance_point"]) for row in rows)),
        questions=tuple(row["question_code"] for row in rows),
        core=CORE,
        public=frozenset(row["question_code"] for row in rows if row["publicly_reported"] == "true"),
    )


def headlines() -> tuple[Headline, ...]:
    return (
        Headline(
            "safety_halved",
            "Safety and health",
            "Non-compliance in occupational safety and health has been cut in half since the programme began.",
            False,
            48,
            "48 factories with their first and latest assessment",
            (("mean share of points not met at first", 0.52), ("now", 0.38)),
            "Mean share of the cluster's points not met, first assessment and latest, same factories.",
            clusters=("Occupational Safety and Health",),
        ),
        Headline(
            "full_compliance_after_two_years",
            "Pay, leave and social security after two years",
            "Factories in the programme for more than two years fully comply on minimum wages, paid leave and social "
            "security.",
            False,
            36,
            "36 factories of more than two years",
            (("factories fully in compliance on all three", 12),),
            "Factories of two whole years and more with no finding on the three points.",
        ),
        Headline(
            "contracts_changed",
            "Contracts",
            "Factories changed employment contracts so that they are in line with the law.",
            None,
            3,
            "3 factories with contracts not in compliance at first",
            (("changed to compliant", 0.66789),),
            "Of the factories not in compliance on employment contracts at first, those in compliance now.",
        ),
        Headline(
            "no_case_left",
            "No case left",
            "There are no longer instances of discrimination on grounds of HIV/AIDS.",
            True,
            60,
            "60 factories asked, 4 of them with a case at first",
            (("factories with a case now", 0),),
            "Factories with a finding on the question, first and latest.",
        ),
    )


def data(factories: int = 120, *, seed: int = 7, minimum: int = 5, simulated: bool = True, **shape: int) -> ReportData:
    """All that a report of the simulated country is made from."""
    all_visits = visits(factories, seed, **shape)
    now = counted(all_visits)
    followed = len({visit.factory for visit in all_visits if visit.cycle == 2})
    return ReportData(
        frame=Frame(
            country="Viet Nam",
            start=START,
            end=END,
            simulated=simulated,
            minimum_group=minimum,
            minimum_source="design choice: no published minimum was found",
            snapshot=Snapshot("test", "9f3c" * 16, "2015-03-01T10:00:00+00:00", len(all_visits), "0.1.0"),
            rules={"latest_by": "start date"},
        ),
        factories=FactoriesInReport(
            counted=len(now),
            first_start=min(visit.start for visit in now),
            last_start=max(visit.start for visit in now),
            first_assessments=sum(visit.cycle == 1 for visit in now),
            obsolete_factories=2,
            obsolete_assessments=5,
            incomplete=3,
            ties=1,
            by_years=tuple(
                (str(row["years"]), int(row["assessments"] or 0))
                for row in tables(all_visits, 2)["tenure_by_cluster"].rows
                if row["cluster"] == "Child Labour"
            ),
            versions=(("2009", 3), ("2014", len(now) - 3)),
            workers=len(now) * 1234,
            workers_known=len(now) - 2,
        ),
        tool=order(),
        tables=tables(all_visits, 2),
        panel=Panel(2, followed, (("they have not reached cycle 2", factories - followed),)) if followed else None,
        panel_reason="",
        headlines=headlines(),
        published=(),
    )


def published() -> tuple[Published, ...]:
    """Two figures as the programme might have published them."""
    return (
        Published("compliance_point", "Compensation", "Paid Leave", "", 0.82, 55, "A report", "https://example.org/a"),
        Published(
            "question",
            "Working Time",
            "Overtime",
            "annual limit exceeded",
            0.93,
            55,
            "A report",
            "https://example.org/a",
        ),
    )
