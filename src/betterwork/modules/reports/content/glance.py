"""At a glance: a handful of figures, what stands out, and the headline facts of the programme's paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from betterwork.modules.reports import words
from betterwork.modules.reports.content import tables
from betterwork.modules.reports.content.blocks import Block, Bullets, Fact, Facts, Figure, Figures, Section, Text
from betterwork.modules.reports.headlines import rests_on
from betterwork.modules.reports.values import Headline, Row, SafeReport

NAMED, MOST_NAMED = 3, 4
SAME = 0.005  # below half a percentage point the shares read the same


def section(report: SafeReport) -> Section:
    """The first page's worth of findings."""
    blocks: list[Block] = [Figures(_figures(report))]
    lines = _what_stands_out(report)
    if lines:
        blocks.append(Bullets(lines))
    parts = []
    if report.headlines:
        intro = Text(
            "The programme's paper to the ILO Governing Body (GB.320/POL/6, 2014) named four achievements, each in "
            "some countries. Here the same statements are computed for this country, whether they hold or not."
        )
        facts = Facts(tuple(_fact(headline) for headline in report.headlines))
        parts.append(Section("headline-facts", "Four statements, tested", (intro, facts)))
    return Section("at-a-glance", "At a glance", tuple(blocks), tuple(parts))


def _figures(report: SafeReport) -> tuple[Figure, ...]:
    facts = report.factories
    found = [Figure(words.count(facts.counted), "factories assessed", "each counted once, with its latest assessment")]
    if facts.workers:
        found.append(
            Figure(
                words.count(facts.workers),
                "workers in them",
                f"{words.count(facts.workers_known)} of {words.factories(facts.counted)} gave the number",
            )
        )
    shown = report.tables["rates_by_point"].shown()
    asked = sum(tables.whole(row, "assessments") for row in shown)
    if asked:
        missed = sum(tables.whole(row, "noncompliant") for row in shown)
        found.append(
            Figure(words.share(missed / asked), "of compliance points not met", f"{words.of(missed, asked)} asked")
        )
        half = sum(1 for row in shown if tables.number(row, "rate") >= 0.5)
        label = "points not met by half of the factories or more"
        found.append(Figure(f"{half} of {len(shown)}", label, "of the points that can be shown"))
    better, worse, pairs = directions(report.tables["effort_by_point"].rows)
    if better or worse:
        found.append(
            Figure(
                f"{better} / {worse}",
                "points better / worse than at the assessment before",
                f"up to {words.factories(pairs)}" if pairs > 1 else "one factory",
            )
        )
    return tuple(found)


def directions(effort: Iterable[Row]) -> tuple[int, int, int]:
    """Points that improved, points that got worse, and the most factories any of them compares."""
    rows = [row for row in effort if row["improvement"] is not None]
    better = sum(1 for row in rows if tables.number(row, "improvement") >= SAME)
    worse = sum(1 for row in rows if tables.number(row, "improvement") <= -SAME)
    return better, worse, max((tables.whole(row, "factories") for row in rows), default=0)


def _named(row: Row) -> str:
    return f"{tables.label(row, 'compliance_point')} ({words.share(tables.share(row))}, {tables.base(row)})"


def _improved(row: Row) -> str:
    return (
        f"{tables.label(row, 'compliance_point')} ({words.points(tables.share(row, 'improvement'))}, "
        f"{words.factories(tables.whole(row, 'factories'))})"
    )


def _what_stands_out(report: SafeReport) -> tuple[str, ...]:
    lines = []
    shown = sorted(
        report.tables["rates_by_point"].shown(),
        key=lambda row: (-tables.number(row, "rate"), tables.label(row, "compliance_point")),
    )
    found = [row for row in shown if tables.whole(row, "noncompliant")]
    if found:
        lines.append(f"Most often not met: {_foremost(found, 'rate', _named, 'with as large a share')}.")
    core = [row for row in found if row["cluster"] in report.tool.core]
    if core:
        first = [row for row in core if tables.number(row, "rate") == tables.number(core[0], "rate")]
        named = _foremost(first, "rate", _named, "with as large a share")
        lines.append(f"Of the core labour standards, most often not met: {named}.")
    clean = len(shown) - len(found)
    if clean:
        which = f"{clean} of the {len(shown)} points" if found else f"any of the {len(shown)} points"
        lines.append(
            f"No factory was found out of compliance on {'the one point' if len(shown) == 1 else which} shown."
        )
    moved = [row for row in report.tables["effort_by_point"].rows if row["improvement"] is not None]
    up = sorted((row for row in moved if tables.number(row, "improvement") >= SAME), key=_by_improvement, reverse=True)
    down = sorted((row for row in moved if tables.number(row, "improvement") <= -SAME), key=_by_improvement)
    if up:
        named = _foremost(up, "improvement", _improved, "that improved as much")
        lines.append(f"Improved most since the assessment before: {named}.")
    if down:
        lines.append(f"Got worse most: {_foremost(down, 'improvement', _improved, 'that got as much worse')}.")
    return tuple(lines)


def _foremost(rows: Sequence[Row], value: str, said: Callable[[Row], str], alike: str) -> str:
    """The first three rows in words, with those that tie with the third: named up to four, else counted."""
    tied = [row for row in rows[NAMED:] if row[value] == rows[NAMED - 1][value]]
    if NAMED + len(tied) <= MOST_NAMED or not tied:
        return words.joined([said(row) for row in (*rows[:NAMED], *tied)])
    return words.joined([*(said(row) for row in rows[:NAMED]), f"{len(tied)} others {alike}"])


def _by_improvement(row: Row) -> tuple[float, str]:
    return tables.number(row, "improvement"), tables.label(row, "compliance_point")


def _fact(headline: Headline) -> Fact:
    if headline.withheld and headline.holds is None:
        state, tone, detail = "Withheld", "open", headline.withheld.capitalize()
    else:
        state, tone = {True: ("Holds", "ok"), False: ("Does not hold", "wrong"), None: ("Cannot be said", "open")}[
            headline.holds
        ]
        said = [f"{name}: {_value(value)}" for name, value in headline.values]
        detail = "; ".join([*said, rests_on(headline)]) if said else headline.withheld or rests_on(headline)
    detail = f"{detail[:1].upper()}{detail[1:]}."
    return Fact(headline.title, headline.statement, state, tone, detail, headline.definition)


def _value(value: float | int) -> str:
    return words.count(value) if isinstance(value, int) else words.share(value)
