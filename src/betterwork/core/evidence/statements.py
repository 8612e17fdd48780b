"""Whole statements over named inputs: what a store asks its engine, written once for any store and choice.

Each function gives an Ibis expression over *inputs* (``in_points``, ``in_chosen`` ...), tables that
exist by name and columns only. An engine translates a statement to its SQL once per process and
then puts the names of real tables in the place of the inputs: translating takes longer than
counting on a store of a few million answers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import ibis
from ibis import _
from ibis.expr.types import Table

from betterwork.core.evidence import expressions as ex
from betterwork.core.evidence.choice import By, Choice

INPUTS = ("in_assessments", "in_points", "in_answers", "in_facts", "in_history", "in_chosen", "in_sides")
BY_YEAR = "year"
LATEST = "latest"


class Statement(NamedTuple):
    """A function of this module with its arguments: two that are equal have the same SQL."""

    build: Callable[..., Table]
    arguments: tuple[Any, ...]

    def expression(self) -> Table:
        """The Ibis expression over the inputs."""
        return self.build(*self.arguments)


@cache
def _stored(name: str) -> Table:
    columns = {
        "in_assessments": {
            "country_number": "int16", "assessment_key": "int64", "assessment": "int64", "factory_key": "int64",
            "factory": "string", "factory_name": "string", "start": "date", "cycle": "int32", "version": "string",
            "obsolete": "boolean", "incomplete": "boolean",
        },
        "in_points": {
            "assessment_key": "int64", "point": "int16", "cluster": "int16", "asked": "int16", "found": "int16",
            "asked_comparable": "int16", "found_comparable": "int16",
        },
        "in_answers": {
            "assessment_key": "int64", "question": "int16", "answer": "int8", "repeats": "int16",
            "written_question": "string", "written_cluster": "string", "written_point": "string",
        },
        "in_facts": {"assessment_key": "int64", "code": "string", "value": "string"},
    }[name]  # fmt: skip
    return ibis.table(columns, name=name)


@cache
def _derived(name: str) -> Table:
    if name == "in_history":
        made = history()
    elif name == "in_chosen":
        made = chosen(Choice(), LATEST)
    else:
        made = sides("previous")
    return ibis.table(made.schema(), name=name)


def _choice(manual: bool, comparable: bool = False) -> Choice:
    return Choice(manual_rules=manual, comparable_only=comparable)


def _marks(by: By, manual: bool, comparable: bool) -> Table:
    return ex.marks(_stored("in_answers"), _stored("in_points"), by, _choice(manual, comparable))


def history() -> Table:
    """Assessments with what their factory's others say."""
    return ex.history(_stored("in_assessments"))


def cell_of(kind: str | int) -> ex.Cell | None:
    """The cell that tells one assessment of a factory from the next, None where a factory has only one."""
    return ex.Cell.CYCLE if isinstance(kind, int) else ex.Cell.YEAR if kind == BY_YEAR else None


def chosen(choice: Choice, kind: str | int) -> Table:
    """The assessments that count: the latest of each factory, of each factory and year, or the panel up to a cycle."""
    eligible = ex.eligible(_derived("in_history"), choice)
    if isinstance(kind, int):
        return ex.chosen_panel(eligible, ex.panel(eligible, kind, choice), kind, choice)
    if kind == BY_YEAR:
        return ex.chosen(eligible, choice, ex.Cell.YEAR, one_per_cell=True)
    return ex.chosen(eligible, choice, ex.Cell.YEARS)


def selection(manual: bool) -> Table:
    """See :func:`expressions.selection_counts`."""
    return ex.selection_counts(_derived("in_chosen"), _choice(manual))


def ties(choice: Choice, kind: str | int) -> Table:
    """See :func:`expressions.ties`."""
    return ex.ties(ex.eligible(_derived("in_history"), choice), _derived("in_chosen"), by_cell=cell_of(kind))


def obsolete(choice: Choice) -> Table:
    """Obsolete ``factories`` and their ``assessments`` that the choice would else have used."""
    left = ex.in_window(_derived("in_history"), choice).filter(_.obsolete)
    return left.agg(factories=left.factory_key.nunique(), assessments=left.count())


def reach(choice: Choice) -> Table:
    """How many factories reached which cycle, and without a gap up to which."""
    return (
        ex.cycle_reach(ex.eligible(_derived("in_history"), choice)).group_by(["reached", "unbroken"]).agg(n=_.count())
    )


def panel_states(choice: Choice, last: int) -> Table:
    """How many factories are in which state of a panel."""
    return ex.panel(ex.eligible(_derived("in_history"), choice), last, choice).group_by("state").agg(n=_.count())


def counts(by: By, manual: bool, comparable: bool) -> Table:
    """See :func:`expressions.counts`."""
    items = ex.item_columns(by, _choice(manual))
    return ex.counts(_marks(by, manual, comparable), _derived("in_chosen"), items)


def factories(manual: bool, comparable: bool, points: tuple[int, ...]) -> Table:
    """Per counted assessment its factory, and points asked and non-compliant (of ``points``, by the manual of all)."""
    marks = _marks(By.POINT, manual, comparable)
    counted = ex.factory_counts(marks if manual else marks.filter(marks.point.isin(points)), _derived("in_chosen"))
    named = _stored("in_assessments").select("assessment_key", "country_number", "factory", "factory_name")
    joined = counted.join(named, "assessment_key")
    return joined.select("country_number", "factory", "factory_name", "asked", "found")


def sides(earlier: str) -> Table:
    """See :func:`expressions.sides`."""
    return ex.sides(_derived("in_chosen"), earlier)


def sides_span() -> Table:
    """First and last year of start of both ends, and the number of pairs."""
    ends = _derived("in_sides").select("assessment_key", "now")
    joined = _derived("in_history").select("assessment_key", "year").join(ends, "assessment_key")
    return joined.agg(first=joined.year.min(), last=joined.year.max(), pairs=joined.now.sum())


def paired(by: By, manual: bool, comparable: bool, country: int | None) -> Table:
    """See :func:`expressions.paired_counts`; of one country by number, or of all."""
    ends = _derived("in_sides")
    if country is not None:
        ends = ends.filter(ends.country_number == country)
    return ex.paired_counts(_marks(by, manual, comparable), ends, ex.item_columns(by, _choice(manual)))


def fact_values(code: str) -> Table:
    """The values of a declared fact over the counted assessments, and how many gave each."""
    stored = _stored("in_facts")
    counted = stored.filter(stored.code == code).semi_join(_derived("in_chosen"), "assessment_key")
    return counted.group_by("value").agg(n=_.count())


def clean_on(points: tuple[int, ...], years: int) -> Table:
    """Counted assessments of factories with so many whole years that were asked all the points: n by whether found."""
    marks = _marks(By.POINT, False, False)
    counted = _derived("in_chosen")
    joined = marks.filter(marks.point.isin(points)).semi_join(counted.filter(counted.years >= years), "assessment_key")
    each = joined.group_by("assessment_key").agg(asked=_.count(), found=_.found.max())
    return each.filter(_.asked == len(points)).group_by("found").agg(n=_.count())


def cases(choice: Choice, questions: tuple[int, ...]) -> Table:
    """Assessments up to the window's end asked any of the questions: n by whether they count and one was found."""
    answers = _stored("in_answers")
    few = answers.filter(answers.question.isin(questions) & (answers.answer <= 1))
    each = few.group_by("assessment_key").agg(found=(few.answer == 1).cast("int64").max())
    up_to = ex.eligible(_derived("in_history"), choice)
    counted = _derived("in_chosen").select(counted_key="assessment_key")
    joined = each.semi_join(up_to, "assessment_key").left_join(counted, _.assessment_key == counted.counted_key)
    told = joined.select("found", counted=joined.counted_key.notnull())
    return told.group_by(["counted", "found"]).agg(n=_.count())
