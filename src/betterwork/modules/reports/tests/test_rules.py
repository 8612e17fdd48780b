"""What may leave: checked against somebody who knows how to subtract."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from betterwork.modules.reports import rules
from betterwork.modules.reports.tests import world
from betterwork.modules.reports.values import RawTable, Row

MINIMUM = 5
POINT = {"country": "X", "cluster": "C", "compliance_point": "P"}


def rate(n: int, found: int, **more: str) -> Row:
    return {**POINT, **more, "assessments": n, "noncompliant": found, "rate": found / n if n else None}


def table(name: str, rows: list[Row], size: str = "assessments") -> RawTable:
    return RawTable(name, name, tuple(rows[0]), tuple(rows), "", (), size)


def world_of(first_twice: int, first_once: int, older: list[int]) -> dict[str, RawTable]:
    """One point: factories of the first year assessed twice or once, and those of one to four years."""
    young = first_twice + first_once
    groups = {"0": young, **dict(zip(("1", "2", "3", "4+"), older, strict=True))}
    total, pairs = young + sum(older), first_twice + sum(older)
    tenure = [rate(n, n // 2, years=years) for years, n in groups.items() if n]
    change: Row = {
        **POINT, "factories": pairs, "before_rate": 0.5, "now_rate": 0.5, "improvement": 0.0, "fixed": 1,
        "relapsed": 1, "unchanged_noncompliant": 1, "unchanged_compliant": 1, "p_value": 1.0,
    }  # fmt: skip
    question = {**rate(total, total // 2), "question_code": "Q", "question": "?"}
    cluster = {**rate(total, total // 2), "points": 1, "mean_point_rate": 0.5}
    del cluster["compliance_point"]
    by_cluster = [{k: v for k, v in row.items() if k != "compliance_point"} for row in tenure]
    return {
        "rates_by_question": table("rates_by_question", [question]),
        "rates_by_point": table("rates_by_point", [rate(total, total // 2)]),
        "rates_by_cluster": table("rates_by_cluster", [cluster]),
        "tenure_by_point": table("tenure_by_point", tenure),
        "tenure_by_cluster": table("tenure_by_cluster", by_cluster),
        "effort_by_point": table("effort_by_point", [change], "factories"),
    }


sizes = st.integers(0, 14)


@pytest.mark.capability("I3")
@given(first_twice=sizes, first_once=sizes, older=st.lists(sizes, min_size=4, max_size=4))
@example(first_twice=0, first_once=5, older=[0, 0, 1, 6])
def test_nobody_who_adds_and_subtracts_what_is_shown_learns_of_fewer_factories_than_the_minimum(
    first_twice: int, first_once: int, older: list[int]
) -> None:
    assume(first_twice + first_once + sum(older) > 0)
    tables = world_of(first_twice, first_once, older)
    safe = rules.rates_safe(tables, MINIMUM)
    safe |= rules.groups_safe(tables, safe, "tenure", "years", MINIMUM, partition=True)
    safe["effort_by_point"] = rules.effort_safe(tables, safe, MINIMUM)
    atoms = [first_twice, first_once, *older]
    known = []
    if safe["rates_by_point"].rows[0]["rate"] is not None:
        known.append([1, 1, 1, 1, 1, 1])
    if safe["effort_by_point"].rows[0]["now_rate"] is not None:
        known.append([1, 0, 1, 1, 1, 1])
    for row in safe["tenure_by_point"].shown():
        place = ("0", "1", "2", "3", "4+").index(str(row["years"]))
        known.append([1, 1, 0, 0, 0, 0] if place == 0 else [int(i == place + 1) for i in range(6)])
    present = [i for i, size in enumerate(atoms) if size]
    told = np.array([[row[i] for i in present] for row in known]) if known else np.zeros((1, len(present)))
    rank = np.linalg.matrix_rank(told)
    for length in range(1, len(present) + 1):
        for some in combinations(range(len(present)), length):
            if sum(atoms[present[i]] for i in some) < MINIMUM:
                wanted = [1 if i in some else 0 for i in range(len(present))]
                assert np.linalg.matrix_rank(np.vstack([told, wanted])) > rank, (atoms, some, known)


def test_a_row_of_too_few_factories_loses_its_values_and_says_why() -> None:
    safe = rules.table_safe(table("t", [rate(4, 3), rate(5, 3)]), minimum=5)
    assert safe.rows[0]["withheld"] == "withheld: fewer than 5 factories"
    assert [safe.rows[0][name] for name in ("assessments", "noncompliant", "rate")] == [None, None, None]
    assert safe.rows[1]["rate"] == 0.6
    assert safe.rows[1]["withheld"] == ""


def test_a_point_that_only_a_withheld_question_explains_is_withheld_with_it() -> None:
    questions = table("q", [rate(100, 0, question_code="A"), rate(3, 2, question_code="B")])
    points = table("p", [rate(100, 2)])
    safe = rules.table_safe(questions, minimum=5)
    assert rules.rollup(points, questions, safe, ("cluster", "compliance_point")) == {0}
    explained = table("p", [rate(100, 0)])
    assert rules.rollup(explained, questions, safe, ("cluster", "compliance_point")) == set()


def test_the_mean_of_a_cluster_goes_when_one_of_its_points_is_withheld() -> None:
    safe = rules.rates_safe(world.data().tables, 5)
    osh = safe["rates_by_cluster"].where(cluster="Occupational Safety and Health")[0]
    assert osh["mean_point_rate"] is None
    assert osh["rate"] is not None
    assert safe["rates_by_cluster"].where(cluster="Working Time")[0]["mean_point_rate"] is not None


def test_few_newcomers_take_the_levels_of_change_but_not_the_improvement() -> None:
    tables = world_of(0, 3, [10, 10, 10, 10])
    safe = rules.rates_safe(tables, 5)
    safe |= rules.groups_safe(tables, safe, "tenure", "years", 5, partition=True)
    row = rules.effort_safe(tables, safe, 5).rows[0]
    assert row["now_rate"] is None and row["before_rate"] is None and row["unchanged_noncompliant"] is None
    assert row["improvement"] == 0.0 and row["fixed"] == 1


@pytest.mark.parametrize(
    ("sizes", "counted", "paired", "cycles"),
    [
        ({1: 100, 2: 80, 3: 60, 4: 20}, 100, 85, 3),  # four cycles: less than half
        ({1: 100, 2: 97, 3: 60}, 100, 100, 3),
        ({1: 100, 2: 97}, 100, 100, None),  # all but three: the three could be read off
        ({1: 100, 2: 30}, 100, 40, 2),  # less than half, but nothing longer
        ({1: 100}, 100, 0, None),
        ({1: 8, 2: 3}, 8, 3, None),
    ],
)
def test_the_panel_is_the_longest_that_half_the_factories_have_and_none_can_be_read_off(
    sizes: dict[int, int], counted: int, paired: int, cycles: int | None
) -> None:
    found, reason = rules.panel_cycles(sizes, counted=counted, paired=paired, minimum=5)
    assert found == cycles
    assert bool(reason) == (cycles is None)


def test_headline_values_go_with_the_factories_they_speak_of() -> None:
    data = world.data()
    report = rules.report_safe(data)
    by_name = {one.name: one for one in report.headlines}
    assert by_name["contracts_changed"].values == () and by_name["contracts_changed"].holds is None
    assert by_name["safety_halved"].values == () and by_name["safety_halved"].holds is False
    assert by_name["no_case_left"].values and by_name["no_case_left"].holds is True
    shown = rules.report_safe(replace(data, frame=replace(data.frame, minimum_group=1)))
    assert all(one.values for one in shown.headlines)
