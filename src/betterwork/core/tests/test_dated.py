from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.dated import BadDates, DatedValue, dated_in_order, value_on

FIRST = date(2007, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def histories(draw: st.DrawFn) -> list[DatedValue[int]]:
    """Values that do not overlap, with gaps, the last one open or closed, in any order."""
    edges = sorted(draw(st.sets(st.integers(min_value=0, max_value=200), max_size=12)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    values = [DatedValue(n, day(a), day(b), "a rule") for n, (a, b) in enumerate(pairs)]
    if draw(st.booleans()):
        start = edges[-1] + 1 if edges else 0
        values.append(DatedValue(len(values), day(start), None, "a rule"))
    return draw(st.permutations(values))


@given(histories(), st.integers(min_value=-5, max_value=260))
def test_the_value_on_a_day_is_the_only_one_that_holds_then(values: list[DatedValue[int]], number: int) -> None:
    on = day(number)
    holding = [one for one in values if one.start <= on and (one.end is None or one.end >= on)]
    assert len(holding) <= 1
    assert value_on(values, on) == (holding[0] if holding else None)


@given(histories(), st.integers(min_value=0, max_value=200), st.integers(min_value=0, max_value=60))
def test_a_second_value_on_the_same_day_is_refused_wherever_it_stands(
    values: list[DatedValue[int]], start: int, length: int
) -> None:
    new = DatedValue(99, day(start), day(start + length), "another rule")
    overlaps = any(new.holds_on(day(n)) and old.holds_on(day(n)) for old in values for n in range(261))
    if overlaps:
        with pytest.raises(BadDates, match="hold on the same day"):
            value_on([*values, new], FIRST)
    else:
        assert set(dated_in_order([*values, new])) == {*values, new}


def test_both_ends_are_inside_and_the_days_around_them_are_not() -> None:
    values = [DatedValue("old", date(2010, 3, 1), date(2012, 2, 29), "Prakas 1")]
    assert [value_on(values, on) is not None for on in (date(2010, 2, 28), date(2010, 3, 1))] == [False, True]
    assert [value_on(values, on) is not None for on in (date(2012, 2, 29), date(2012, 3, 1))] == [True, False]


def test_a_day_that_belongs_to_two_values_is_refused() -> None:
    old = DatedValue(5, date(2010, 1, 1), date(2012, 1, 1), "rule")
    new = DatedValue(8, date(2012, 1, 1), None, "rule")
    with pytest.raises(BadDates, match="end the first one earlier"):
        dated_in_order([new, old])


def test_a_value_without_an_end_leaves_no_room_for_a_later_one() -> None:
    with pytest.raises(BadDates, match="without an end"):
        dated_in_order([DatedValue(5, date(2010, 1, 1), None, "rule"), DatedValue(8, date(2020, 1, 1), None, "rule")])


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(BadDates, match="before it starts"):
        DatedValue(5, date(2012, 1, 2), date(2012, 1, 1), "rule")


@pytest.mark.parametrize("source", ["", "  "])
def test_a_value_without_a_source_is_refused(source: str) -> None:
    with pytest.raises(BadDates, match="names no source"):
        DatedValue(5, date(2012, 1, 1), None, source)
