"""Sentences of the report: none, one and all have words of their own, and no sentence prefers one of two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from betterwork.modules.reports.content import findings, glance, sections
from betterwork.modules.reports.content.blocks import Table, Text
from betterwork.modules.reports.content.derived import with_derived
from betterwork.modules.reports.rules import report_safe
from betterwork.modules.reports.tests import world
from betterwork.modules.reports.values import FactoriesInReport, ReportData, Row, SafeReport

pytestmark = pytest.mark.capability("I3")


def factories_of(counted: int, first: int | None, start: date, end: date) -> FactoriesInReport:
    return FactoriesInReport(counted, start, end, first, 0, 0, 0, 0, (), (), None, 0)


def said_of(counted: int, first: int | None, start: date = date(2015, 1, 3), end: date = date(2015, 3, 9)) -> str:
    facts = factories_of(counted, first, start, end)
    return f"{sections._counts(facts)} {sections._first(facts)} {sections._began(facts)}"


@pytest.mark.parametrize(
    ("counted", "first", "said"),
    [
        (11, 0, "None of them was assessed for the first time."),
        (11, 11, "All of them were assessed for the first time."),
        (11, 1, "For one of them it was the first assessment."),
        (11, 4, "For 4 factories it was the first assessment."),
    ],
)
def test_first_assessments_are_told_in_a_sentence_of_their_own(counted: int, first: int, said: str) -> None:
    assert said_of(counted, first) == (
        f"The report counts 11 assessments, one of each factory. {said} "
        "The assessments began between January 2015 and March 2015."
    )


def test_one_factory_is_told_in_the_singular_and_by_month() -> None:
    day = date(2015, 1, 3)
    assert said_of(1, 0, day, day) == (
        "The report counts one assessment, of one factory. It was not the factory's first. It began in January 2015."
    )
    assert "It was the factory's first." in said_of(1, 1, day, day)


def test_a_minimum_group_of_one_withholds_nothing_and_does_not_say_so(raw: ReportData) -> None:
    def about(minimum: int) -> str:
        data = replace(raw, frame=replace(raw.frame, minimum_group=minimum))
        return sections._about(with_derived(report_safe(data)), "2015")[1]

    assert about(1) == "The report names no factory."
    assert about(5) == "The report names no factory. Results of fewer than 5 factories are withheld."


@pytest.mark.parametrize(
    ("found", "asked", "said"),
    [
        (0, 11, "None of 11 factories missed at least one point of this cluster."),
        (11, 11, "All 11 factories missed at least one point of this cluster."),
        (3, 12, "3 of 12 factories (25\u00a0%) missed at least one point of this cluster."),
        (0, 1, "The one factory asked missed no point of this cluster."),
        (1, 1, "The one factory asked missed at least one point of this cluster."),
    ],
)
def test_a_cluster_says_none_and_all_in_words(found: int, asked: int, said: str) -> None:
    assert findings._missed({"noncompliant": found, "assessments": asked, "rate": found / asked}) == said


@pytest.mark.parametrize(
    ("half", "shown", "said"),
    [
        (0, 9, "None of the 9 points shown was missed"),
        (1, 9, "1 of the 9 points shown was missed"),
        (4, 9, "4 of the 9 points shown were missed"),
        (9, 9, "All 9 points shown were missed"),
        (0, 1, "The one point shown was not missed"),
    ],
)
def test_points_missed_by_half_are_told_for_none_one_and_all(half: int, shown: int, said: str) -> None:
    assert findings._by_half(half, shown) == said


@pytest.mark.parametrize(
    ("found", "hidden", "said"),
    [
        ((0, 0), 0, "In this period no factory was found out of compliance on any of them."),
        ((2, 3), 0, "In this period each of them has at least one factory not in compliance."),
        ((0, 0), 1, "In this period no factory was found out of compliance on any of the 2 that can be shown."),
        ((), 1, "In this period the results of all of them are withheld."),
        (
            (0, 3),
            0,
            "In this period 1 of them has at least one factory not in compliance; on 1 no factory was found out of "
            "compliance (the annex lists them).",
        ),
    ],
)
def test_public_questions_leave_out_the_part_that_is_none(
    safe: SafeReport, found: tuple[int, ...], hidden: int, said: str
) -> None:
    rows: list[Row] = [{"noncompliant": n, "withheld": ""} for n in found]
    rows += [{"noncompliant": None, "withheld": "withheld"}] * hidden
    assert findings._in_this_period(replace(safe.tables["public_issues"], rows=tuple(rows))) == said


def points(*found: int) -> list[Row]:
    return [
        {"compliance_point": f"P{n}", "noncompliant": k, "assessments": 20, "rate": k / 20, "withheld": ""}
        for n, k in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("found", "named", "more"),
    [
        ((9, 8, 7, 6), 3, ""),
        ((9, 8, 7, 7, 6), 4, ""),
        ((9, 8, 7, 7, 7, 6), 3, " and 2 others with as large a share"),
        ((9, 9), 2, ""),
        ((5, 5, 5, 5, 5, 5), 3, " and 3 others with as large a share"),
    ],
)
def test_what_ties_with_the_third_is_named_or_counted_and_never_dropped(
    found: tuple[int, ...], named: int, more: str
) -> None:
    said = glance._foremost(points(*found), "rate", glance._named, "with as large a share")
    assert said.count("/20") == named
    assert said.endswith(more) and ("others" in said) == bool(more)


def with_questions(safe: SafeReport, cluster: str, *, withheld: str) -> SafeReport:
    """The report where no question of a cluster has a finding, one of them perhaps withheld."""
    tables = dict(safe.tables)
    for level in ("point", "question"):
        table = tables[f"rates_by_{level}"]
        rows = [
            {**row, "noncompliant": 0, "rate": 0.0, "withheld": ""} if row["cluster"] == cluster else row
            for row in table.rows
        ]
        if level == "question":
            first = next(number for number, row in enumerate(rows) if row["cluster"] == cluster)
            rows[first] = {**rows[first], "withheld": withheld}
        tables[table.name] = replace(table, rows=tuple(rows))
    return replace(safe, tables=tables)


@pytest.mark.parametrize(
    ("withheld", "said"),
    [
        ("", "No question of this cluster has a finding."),
        ("withheld: fewer than 5 factories", "No question of this cluster has a finding that can be shown."),
    ],
)
def test_no_finding_is_not_called_withheld_where_nothing_is(safe: SafeReport, withheld: str, said: str) -> None:
    part = findings._cluster(with_questions(safe, "Child Labour", withheld=withheld), "Child Labour", 1)
    assert [block.text for block in part.blocks if isinstance(block, Text)][1:] == [said]


def test_years_in_the_programme_are_withheld_where_fewer_factories_count_than_the_minimum() -> None:
    few = with_derived(report_safe(world.data(3)))
    assert few.factories.by_years == () and few.factories.first_assessments is None
    table = few.tables["factories_by_years"]
    assert [(row["years"], row["factories"], row["share"], row["withheld"]) for row in table.rows] == [
        (None, None, None, "withheld: fewer than 5 factories")
    ]
    assert sections._by_years(few) == Text("Factories by years in the programme are withheld: fewer than 5 factories.")
    enough = with_derived(report_safe(world.data(5)))
    assert isinstance(sections._by_years(enough), Table)
    assert sum(int(row["factories"] or 0) for row in enough.tables["factories_by_years"].rows) == 5
