"""A table of evidence as a page shows it: bars and small lines beside a table of words. Plain values only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from betterwork.core.evidence.tables import Table
from betterwork.foundation.languages import formats
from betterwork.foundation.languages.known import language_of
from betterwork.modules.evidence.web.drawing import Line

Record = dict[str, Any]
Link = Callable[[Record], str]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: per cent now, and where wanted before; the value and its base in words."""

    label: str
    now: float
    value: str
    base: str
    before: float = 0.0
    was: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One small line over time: its label, its last value in words, the line itself."""

    label: str
    value: str
    base: str
    line: Line


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words, and quiet words after them."""

    text: str
    note: str = ""
    number: bool = True


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row under its head."""

    head: str
    cells: list[Cell]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one sheet shows: the chart and the table beside it, from the same rows."""

    head: str
    columns: list[str]
    rows: list[RowShown]
    bars: list[Bar] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    few: int = 0
    """How many rows rest on few factories."""
    differs: bool = False
    """Whether not all versions of the tool ask the same of some row."""


def language() -> str:
    """The language numbers are written in."""
    return language_of(get_language()).code


def share(value: float | None) -> str:
    """A fraction as whole per cent; a dash for what is withheld or not there."""
    return "–" if value is None else formats.share(value, language=language())


def points(value: float | None) -> str:
    """A difference of shares in points."""
    return "–" if value is None else formats.points(value, language=language())


def number(value: float | None) -> str:
    """A whole number."""
    return "–" if value is None else formats.number(value, language=language())


def day(value: str) -> str:
    """A day that stands as text, in words; what is no day stays as it stands."""
    try:
        return formats.day(date.fromisoformat(value), language=language())
    except ValueError:
        return value


def base(part: float | None, whole: float | None) -> str:
    """A count with its base."""
    return "" if part is None or whole is None else f"{number(part)}/{number(whole)}"


def interval(row: Record) -> str:
    """The two ends of an interval."""
    if row.get("rate_low") is None:
        return "–"
    return f"{share(row['rate_low'])} – {share(row['rate_high'])}"


def label_of(row: Record) -> str:
    """How the item of a row is called."""
    if "question" in row:
        return f"{row['question_code']} {row['question']}"
    return str(row.get("compliance_point") or row["cluster"])


def records_of(table: Table, of: str = "", point: str = "") -> list[Record]:
    """The rows of a cluster, or of a point of it; all without one."""
    return [
        row
        for row in table.records()
        if (not of or row["cluster"] == of) and (not point or row.get("compliance_point") == point)
    ]


def level_title(table: Table) -> str:
    """What the rows of a table are, in words."""
    if "question" in table.columns:
        return _("Question")
    return _("Compliance point") if "compliance_point" in table.columns else _("Cluster")


def rates_shown(table: Table, rows: Sequence[Record], link: Link, few_below: int) -> Shown:
    """Rates, the worst first, each with n, base and interval."""
    ordered = sorted(rows, key=lambda row: (row["rate"] is None, -(row["rate"] or 0.0), label_of(row)))
    means = "mean_point_rate" in table.columns
    columns = [_("Not in compliance"), _("n/base"), _("95 % interval")]
    if means:
        columns += [_("Mean of its points"), _("Points")]
    shown = []
    for row in ordered:
        cells = [Cell(share(row["rate"])), Cell(base(row["noncompliant"], row["assessments"])), Cell(interval(row))]
        if means:
            cells += [Cell(share(row["mean_point_rate"])), Cell(number(row["points"]))]
        shown.append(RowShown(label_of(row), cells, link(row), _note(row, few_below)))
    bars = [
        Bar(
            label_of(row),
            100 * row["rate"],
            share(row["rate"]),
            base(row["noncompliant"], row["assessments"]),
            url=link(row),
        )
        for row in ordered
        if row["rate"] is not None
    ]
    return Shown(level_title(table), columns, shown, bars, few=_few(ordered, "assessments", few_below))


def improvement_shown(table: Table, rows: Sequence[Record], link: Link, few_below: int) -> Shown:
    """Improvement between each factory's last two assessments, what improved least first. Never as a change."""

    def order(row: Record) -> tuple[bool, float, str]:
        return (row["improvement"] is None, row["improvement"] or 0.0, label_of(row))

    ordered = sorted(rows, key=order)
    columns = [
        _("Before"), _("Now"), _("Improvement"), _("Factories"), _("Fixed"), _("Relapsed"), _("p-value"),
    ]  # fmt: skip
    shown = [
        RowShown(
            label_of(row),
            [
                Cell(share(row["before_rate"])),
                Cell(share(row["now_rate"])),
                Cell(points(row["improvement"])),
                Cell(number(row["factories"])),
                Cell(number(row["fixed"])),
                Cell(number(row["relapsed"])),
                Cell(p_value(row["p_value"])),
            ],
            link(row),
            _note(row, few_below, "factories"),
        )
        for row in ordered
    ]
    bars = [
        Bar(
            label_of(row),
            100 * row["now_rate"],
            points(row["improvement"]),
            _("of %(count)s") % {"count": number(row["factories"])},
            before=100 * row["before_rate"],
            was=share(row["before_rate"]),
            url=link(row),
        )
        for row in ordered
        if row["improvement"] is not None and row["before_rate"] is not None
    ]
    return Shown(level_title(table), columns, shown, bars, few=_few(ordered, "factories", few_below))


def over_time_shown(table: Table, rows: Sequence[Record], part: str, words: Callable[[Any], str], few: int) -> Shown:
    """Rates over years, cycles or years in the programme: a small line for each item, and all values in the table."""
    values = _parts_in_order({row[part] for row in rows})
    by_item: dict[str, dict[Any, Record]] = {}
    for row in rows:
        by_item.setdefault(label_of(row), {})[row[part]] = row
    shown, series, any_differs = [], [], False
    for label, found in by_item.items():
        cells = []
        for value in values:
            one = found.get(value)
            note = base(one["noncompliant"], one["assessments"]) if one else ""
            cells.append(Cell(share(one["rate"]) if one else "–", note))
        differs = any(row.get("comparable") is False for row in found.values())
        any_differs = any_differs or differs
        other = _("Compare with care") if differs else ""
        shown.append(RowShown(label, cells, note=other))
        known = [(value, found[value]) for value in values if value in found and found[value]["rate"] is not None]
        if known:
            last = known[-1][1]
            dots = [(words(value), row["rate"], share(row["rate"])) for value, row in known]
            places = [values.index(value) for value, _row in known]
            series.append(
                Series(
                    label,
                    share(last["rate"]),
                    base(last["noncompliant"], last["assessments"]),
                    Line.of(dots, places, len(values)),
                )
            )
    few_rows = _few(list(rows), "assessments", few)
    heads = [words(value) for value in values]
    return Shown(level_title(table), heads, shown, series=series, few=few_rows, differs=any_differs)


def _parts_in_order(values: set[Any]) -> list[Any]:
    return sorted(values, key=lambda value: (str(value) == "4+", value if isinstance(value, int) else 0, str(value)))


def p_value(value: float | None) -> str:
    """A p-value with two digits that matter, never nought."""
    if value is None:
        return "–"
    if value < 0.001:
        return f"< {formats.number(0.001, language=language(), decimals=3)}"
    return formats.number(value, language=language(), decimals=3 if value < 0.01 else 2)


def _note(row: Record, few_below: int, size: str = "assessments") -> str:
    if row.get("withheld"):
        return _("Withheld: too few factories, or it would give a small group away.")
    if few_below and isinstance(row[size], int) and row[size] < few_below:
        return _("Few factories: read with care.")
    return ""


def _few(rows: Sequence[Record], size: str, few_below: int) -> int:
    return sum(1 for row in rows if isinstance(row[size], int) and row[size] < few_below)
