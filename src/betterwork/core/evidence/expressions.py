"""What the engine counts, as Ibis expressions: the same on DuckDB and on Spark.

Only counting happens here; shares, intervals and tests are computed on the small results in
Python, so that engines agree to the last digit. Tables that come in and go out are named by
their columns:

*assessments*  as stored, see ``docs/reference/evidence-tables.md``
*history*      each assessment with what its factory's other assessments say about it
*chosen*       the assessments that count, each in a *cell* (country and year, cycle or years)
*marks*        one row per assessment and item asked: ``found`` is the number of findings
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import ibis
from ibis import _
from ibis.expr.types import IntegerColumn, Table

from betterwork.core.evidence.choice import By, Choice
from betterwork.core.evidence.keys import CELL_BITS

MOST_YEARS = 4
NEVER_REACHED, GAP, MEMBER = 0, 1, 2


class Cell(StrEnum):
    """What the columns of a table tell apart inside a country."""

    YEARS = "years"  # whole years since the factory's first assessment, 4 for 4 and more
    YEAR = "year"  # calendar year of the start
    CYCLE = "cycle"


def history(assessments: Table) -> Table:
    """Each assessment with its factory's first and previous ones, and whether the factory is obsolete.

    ``previous`` is the key of the factory's assessment before it by (start, cycle, number),
    ``previous_by_number`` by number alone as the manual has it; null for the first. ``years`` are
    whole years since the factory's first start: anniversaries passed; one that began on 29 February
    has its anniversary on 1 March in other years.
    """
    factory = ibis.window(group_by="factory_key")
    by_date = ibis.window(group_by="factory_key", order_by=["start", "cycle", "assessment"])
    by_number = ibis.window(group_by="factory_key", order_by=["assessment"])
    day = (_.start.year().cast("int64") * 100 + _.start.month().cast("int64")) * 100 + _.start.day().cast("int64")
    with_day = assessments.mutate(day=day, marked=_.obsolete.cast("int8"))
    return with_day.select(
        "country_number", "assessment_key", "assessment", "factory_key", "factory", "start", "cycle", "version",
        "incomplete",
        year=(_.day // 10_000).cast("int64"),
        years=((_.day - _.day.min().over(factory)) // 10_000).cast("int64"),
        obsolete=_.marked.max().over(factory) > 0,
        first=_.assessment_key.first().over(by_date),
        previous=_.assessment_key.lag().over(by_date),
        previous_by_number=_.assessment_key.lag().over(by_number),
    )  # fmt: skip


def eligible(history: Table, choice: Choice) -> Table:
    """The assessments a table may use: inside the window and cycle, and of no obsolete factory.

    The manual keeps obsolete factories.
    """
    found = in_window(history, choice)
    return found if choice.manual_rules else found.filter(~found.obsolete)


def in_window(history: Table, choice: Choice) -> Table:
    """As :func:`eligible`, obsolete factories included."""
    start, end = choice.window()
    found = history
    if choice.country is not None:
        from betterwork.core.evidence.keys import country_number

        found = found.filter(found.country_number == country_number(choice.country))
    if start:
        found = found.filter(found.start >= ibis.date(start.isoformat()))
    if end:
        found = found.filter(found.start <= ibis.date(end.isoformat()))
    if choice.cycle is not None:
        found = found.filter(found.cycle == choice.cycle)
    return found


def cell_value(table: Table, cell: Cell) -> IntegerColumn:
    """The value of a cell as a whole number."""
    if cell is Cell.YEARS:
        return ibis.least(table.years, ibis.literal(MOST_YEARS, "int64"))
    return table.year if cell is Cell.YEAR else table.cycle.cast("int64")


def in_cells(table: Table, cell: Cell) -> Table:
    """Assessments with their ``cell``."""
    number = table.country_number.cast("int64") * (1 << CELL_BITS) + cell_value(table, cell)
    return table.mutate(cell=number)


def chosen(eligible: Table, choice: Choice, cell: Cell, *, one_per_cell: bool = False) -> Table:
    """The assessment that counts of each factory, or of each factory and cell.

    Latest by start date, ties by higher cycle, then larger number; by the manual the largest number.
    ``tied`` says that another assessment of the same factory (and cell) starts on the same day.
    """
    found = in_cells(eligible, cell)
    order = ("assessment",) if choice.manual_rules else ("start", "cycle", "assessment")
    keys = ["factory_key", "cell"] if one_per_cell else ["factory_key"]
    latest = ibis.window(group_by=keys, order_by=[ibis.desc(column) for column in order])
    placed = found.mutate(place=ibis.row_number().over(latest), next_start=_.start.lead().over(latest))
    first = placed.filter(placed.place == 0)
    tied = ibis.literal(False) if choice.manual_rules else (first.next_start == first.start).fill_null(False)
    return first.mutate(tied=tied).drop("place", "next_start")


def panel(eligible: Table, last: int, choice: Choice) -> Table:
    """For each factory whether it stays in a balanced panel up to cycle ``last``: ``state`` 0, 1 or 2.

    It stays (2) when it has every cycle from 1 to ``last``; otherwise it never reached the last
    one (0) or one in between is missing (1). By the manual it stays when its largest cycle,
    compared as text, is at least ``last``.
    """
    by_factory = eligible.group_by(["factory_key", "country_number"])
    if choice.manual_rules:
        largest = by_factory.agg(largest=_.cycle.cast("string").max())
        return largest.select(
            "factory_key",
            "country_number",
            state=ibis.ifelse(_.largest >= str(last), MEMBER, NEVER_REACHED).cast("int64"),
        )
    state = ibis.ifelse(_.unbroken >= last, MEMBER, ibis.ifelse(_.reached < last, NEVER_REACHED, GAP))
    return cycle_reach(eligible).select("factory_key", "country_number", state=state.cast("int64"))


def cycle_reach(eligible: Table) -> Table:
    """For each factory its highest cycle (``reached``) and the one up to which none is missing (``unbroken``)."""
    keys = ["factory_key", "country_number"]
    cycles = eligible.select(*keys, cycle=eligible.cycle.cast("int64")).distinct()
    # The n-th of a factory's cycles is cycle n exactly as long as none before it is missing.
    ordered = cycles.mutate(nth=ibis.row_number().over(ibis.window(group_by=keys, order_by="cycle")) + 1)
    unbroken = ibis.ifelse(_.nth == _.cycle, _.cycle, ibis.literal(0, "int64")).max()
    return ordered.group_by(keys).agg(reached=_.cycle.max(), unbroken=unbroken)


def chosen_panel(eligible: Table, panel: Table, last: int, choice: Choice) -> Table:
    """The panel's assessments up to cycle ``last``: one per factory and cycle, by the manual all of them."""
    members = panel.filter(panel.state == MEMBER)
    kept = eligible.filter(eligible.cycle <= last).semi_join(members, "factory_key")
    if choice.manual_rules:
        return in_cells(kept, Cell.CYCLE).mutate(tied=ibis.literal(False))
    return chosen(kept, choice, Cell.CYCLE, one_per_cell=True)


def selection_counts(chosen: Table, choice: Choice) -> Table:
    """Per cell and tool version: assessments, first and last start, and how many are incomplete, have an earlier
    assessment of the same factory, or are tied."""
    earlier = "previous_by_number" if choice.manual_rules else "previous"
    return chosen.group_by(["cell", "version"]).agg(
        n=_.count(),
        first_start=_.start.min(),
        last_start=_.start.max(),
        incomplete=_.incomplete.cast("int64").sum(),
        with_earlier=_[earlier].count(),
        tied=_.tied.cast("int64").sum(),
    )


def ties(eligible: Table, chosen: Table, *, by_cell: Cell | None = None) -> Table:
    """Assessments that start on the same day as the one that counts of the same factory (and cell), with it."""
    if by_cell is None:
        days = chosen.select("factory_key", "start")
        same = eligible.join(days, ["factory_key", "start"])
        keys = ["factory_key", "start"]
    else:
        days = chosen.select("factory_key", "start", "cell")
        same = in_cells(eligible, by_cell).join(days, ["factory_key", "start", "cell"])
        keys = ["factory_key", "start", "cell"]
    groups = same.group_by(keys).agg(n=_.count()).filter(_.n > 1).drop("n")
    return same.semi_join(groups, keys).select("country_number", "factory", "start", "cycle", "assessment")


# --- marks: what was asked and found in each assessment ------------------------------------------


def item_columns(by: By, choice: Choice) -> tuple[str, ...]:
    """The columns that name an item: an index, or by the manual the labels as written."""
    if not choice.manual_rules:
        return (by.value,)
    return {
        By.QUESTION: ("written_cluster", "written_point", "written_question"),
        By.POINT: ("written_cluster", "written_point"),
        By.CLUSTER: ("written_cluster",),
    }[by]


def marks(answers: Table, points: Table, by: By, choice: Choice) -> Table:
    """One row per assessment and item asked, with its number of findings.

    A question is asked when it was determined compliant or not; a point when one of its questions
    is, and non-compliant when one is; a cluster likewise by its points. By the manual a dropped
    exact duplicate counts again in a question's findings.
    """
    items = item_columns(by, choice)
    if by is By.QUESTION or choice.manual_rules:
        determined = answers.filter(answers.answer <= 1)
        once = (determined.answer == 1).cast("int64")
        found = once * (determined.repeats.cast("int64") + 1) if choice.manual_rules else once
        each = determined.select("assessment_key", *items, found=found)
        if by is By.QUESTION:
            return each
        return each.group_by(["assessment_key", *items]).agg(found=(_.found.max() > 0).cast("int64"))
    suffix = "_comparable" if choice.comparable_only else ""
    asked = points.filter(points[f"asked{suffix}"] > 0)
    each = asked.select("assessment_key", *items, found=(asked[f"found{suffix}"] > 0).cast("int64"))
    if by is By.CLUSTER:
        return each.group_by(["assessment_key", *items]).agg(found=_.found.max())
    return each


def counts(marks: Table, chosen: Table, items: Sequence[str]) -> Table:
    """Per cell and item: ``asked`` assessments and ``found`` findings (assessments non-compliant)."""
    joined = marks.join(chosen.select("assessment_key", "cell"), "assessment_key")
    return joined.group_by(["cell", *items]).agg(asked=_.count(), found=_.found.sum())


def factory_counts(marks: Table, chosen: Table) -> Table:
    """Per assessment: ``asked`` points and ``found`` points non-compliant."""
    joined = marks.semi_join(chosen, "assessment_key")
    return joined.group_by("assessment_key").agg(asked=_.count(), found=_.found.sum())


# --- pairs: the same factory at two assessments --------------------------------------------------


def sides(chosen: Table, earlier: str) -> Table:
    """Both assessments of each factory that has two: ``now`` 1 for the one that counts, 0 for the ``earlier`` one.

    ``earlier`` is a column of the history: ``previous``, ``previous_by_number`` or ``first``.
    """
    paired = chosen.filter(chosen[earlier].notnull() & (chosen[earlier] != chosen.assessment_key))
    now = paired.select("assessment_key", "country_number", pair="factory_key", now=ibis.literal(1, "int64"))
    before = paired.select(
        "country_number", assessment_key=_[earlier], pair=_.factory_key, now=ibis.literal(0, "int64")
    )
    return now.union(before.select(*now.columns))


def paired_counts(marks: Table, sides: Table, items: Sequence[str]) -> Table:
    """Per country and item over the factories asked at both ends: non-compliant before, now, fixed, relapsed."""
    ends = marks.join(sides, "assessment_key")
    ends = ends.mutate(bad=(ends.found > 0).cast("int64"))
    now = ends.filter(ends.now == 1).select("pair", "country_number", *items, now_bad="bad")
    before = ends.filter(ends.now == 0).select("pair", *items, before_bad="bad")
    # Joining the two ends is twice as fast as grouping both by pair and item, which makes as many groups as answers.
    both = now.join(before, ["pair", *items])
    return both.group_by(["country_number", *items]).agg(
        factories=_.count(),
        before=_.before_bad.sum(),
        now=_.now_bad.sum(),
        fixed=(_.before_bad * (1 - _.now_bad)).sum(),
        relapsed=((1 - _.before_bad) * _.now_bad).sum(),
    )
