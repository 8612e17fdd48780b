"""Rows from counts, and the headline facts as formulas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.evidence.headline import (
    contracts_changed_of,
    full_compliance_of,
    no_case_left_of,
    safety_halved_of,
)
from betterwork.core.evidence.results import Count, PairedCount, mean_rates, totals


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_an_effort_row_adds_up(changes: list[tuple[bool, bool]]) -> None:
    before, now = sum(b for b, _ in changes), sum(n for _, n in changes)
    fixed, relapsed = sum(b and not n for b, n in changes), sum(n and not b for b, n in changes)
    row = PairedCount(len(changes), before, now, fixed, relapsed).row
    factories, before_rate, now_rate, improvement, *four, p_value = row
    assert factories == len(changes) == sum(four)
    assert improvement == pytest.approx(before_rate - now_rate, abs=1e-12)
    assert 0 < p_value <= 1 and (fixed + relapsed > 0 or p_value == 1)


@given(st.integers(1, 500), st.data())
def test_a_rate_lies_inside_its_interval(asked: int, data: st.DataObject) -> None:
    found = data.draw(st.integers(0, asked))
    n, x, rate, low, high = Count(asked, found).row
    assert (n, x) == (asked, found) and 0 <= low <= rate <= high <= 1


def test_more_findings_than_assessments_by_the_manual_still_make_a_row() -> None:
    assert Count(2, 3).row[:3] == (2, 3, 1.5)


def test_totals_add_up_the_cells_of_a_country() -> None:
    kh, vn = 10 << 32, 20 << 32
    counts = {(kh + 1, (7,)): Count(3, 1), (kh + 2, (7,)): Count(2, 2), (vn, (7,)): Count(1, 0)}
    assert totals(counts) == {(10, (7,)): Count(5, 3), (20, (7,)): Count(1, 0)}


def test_points_of_a_cluster_weigh_the_same_however_often_they_were_asked() -> None:
    points = {(1, (0,)): Count(100, 100), (1, (1,)): Count(2, 0), (1, (2,)): Count(4, 1)}
    clusters = {(0,): (0,), (1,): (0,), (2,): (1,)}
    assert mean_rates(points, clusters) == {(1, (0,)): (2, 0.5), (1, (1,)): (1, 0.25)}


@pytest.mark.capability("I4")
def test_safety_is_halved_when_the_mean_of_point_rates_is_at_most_half() -> None:
    halved = safety_halved_of([PairedCount(10, 8, 4, 4, 0), PairedCount(5, 2, 1, 1, 0)], 10)
    assert halved.holds and halved.value == pytest.approx(0.5) and (halved.n, halved.base) == (2, 10)
    assert not safety_halved_of([PairedCount(10, 8, 5, 3, 0)], 10).holds
    nobody = safety_halved_of([], 0)
    assert nobody.holds is None and nobody.value is None
    never_any = safety_halved_of([PairedCount(10, 0, 0, 0, 0)], 10)
    assert never_any.holds is None and never_any.value is None


@pytest.mark.capability("I4")
def test_full_compliance_means_every_factory() -> None:
    assert full_compliance_of(12, 12).holds
    assert full_compliance_of(11, 12).holds is False
    assert full_compliance_of(0, 0).holds is None


@pytest.mark.capability("I4")
def test_contracts_changed_is_of_those_that_were_not_compliant() -> None:
    fact = contracts_changed_of(PairedCount(100, 50, 5, 46, 1))
    assert (fact.n, fact.base, fact.holds) == (46, 50, True) and fact.value == pytest.approx(0.92)
    assert not contracts_changed_of(PairedCount(100, 50, 6, 45, 1)).holds
    assert contracts_changed_of(None).value is None


@pytest.mark.capability("I4")
def test_no_case_is_left_only_where_there_was_one() -> None:
    assert no_case_left_of(3, 0, 40, issue="x", codes=("A",)).holds
    assert no_case_left_of(0, 0, 40, issue="x", codes=("A",)).holds is None
    assert no_case_left_of(3, 1, 40, issue="x", codes=("A",)).holds is False
    assert no_case_left_of(3, 0, 0, issue="x", codes=("A",)).holds is None


@pytest.mark.capability("I4")
def test_a_definition_holds_no_result() -> None:
    one, other = (no_case_left_of(earlier, 0, 40, issue="x", codes=("A",)) for earlier in (28, 31))
    assert one.definition == other.definition
    assert (one.earlier, other.earlier) == (28, 31)
    assert safety_halved_of([PairedCount(9, 4, 2, 2, 0)], 9).definition == safety_halved_of([], 0).definition
    assert full_compliance_of(1, 2).definition == full_compliance_of(0, 0).definition
    assert contracts_changed_of(PairedCount(9, 4, 2, 2, 0)).definition == contracts_changed_of(None).definition
    assert (contracts_changed_of(PairedCount(9, 4, 2, 2, 0)).asked, contracts_changed_of(None).asked) == (9, 0)
