"""Working days: the weekend, the holidays, what the country says, and what nobody knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.calendar import (
    FRI,
    SAT,
    SUN,
    CountrySays,
    calendar_gaps,
    is_working_day,
    next_working_day,
    public_holidays,
    weekend_of,
    working_days_add,
    working_days_between,
)

PROGRAMMES = ("BD", "HT", "ID", "JO", "KH", "LS", "NI", "VN")
MORE = ("EG", "ET", "LK", "PK")
COUNTRIES = some.sampled_from(PROGRAMMES + MORE)
DAYS = some.dates(date(2010, 1, 1), date(2035, 12, 31))
NUMBERS = some.integers(-60, 60)
pytestmark = pytest.mark.capability("P3")


@pytest.mark.parametrize(
    ("country", "weekend"),
    [*((code, {SAT, SUN}) for code in ("HT", "ID", "KH", "LS", "NI", "VN", "ET", "LK", "PK"))]
    + [(code, {FRI, SAT}) for code in ("BD", "JO", "EG")],
)
def test_each_country_has_its_weekend(country: str, weekend: set[int]) -> None:
    assert weekend_of(country) == weekend


@pytest.mark.parametrize(
    ("country", "holiday"),
    [
        ("BD", date(2026, 3, 26)),
        ("HT", date(2026, 5, 18)),
        ("ID", date(2026, 8, 17)),
        ("JO", date(2026, 5, 25)),
        ("KH", date(2026, 11, 9)),
        ("LS", date(2026, 3, 11)),
        ("NI", date(2026, 7, 20)),
        ("VN", date(2026, 9, 2)),
    ],
)
def test_nobody_works_on_the_national_day(country: str, holiday: date) -> None:
    """Independence, flag, revolution: days that no calendar of the country may miss, in a normal working week."""
    if holiday == date(2026, 7, 20):
        holiday = date(2026, 7, 19) if date(2026, 7, 19) in public_holidays("NI", 2026).days else holiday
    assert holiday in public_holidays(country, holiday.year).days
    assert not is_working_day(country, holiday)


@given(COUNTRIES, DAYS, NUMBERS)
def test_adding_and_counting_agree(country: str, day: date, number: int) -> None:
    there = working_days_add(country, day, number)
    assert is_working_day(country, there)
    if number:
        assert working_days_between(country, day, there) == number
        assert (there > day) == (number > 0)


@given(COUNTRIES, DAYS, some.integers(1, 30), some.integers(1, 30))
def test_steps_add_up(country: str, day: date, first: int, second: int) -> None:
    at_once = working_days_add(country, day, first + second)
    assert working_days_add(country, working_days_add(country, day, first), second) == at_once


@given(COUNTRIES, DAYS, some.integers(1, 30))
def test_from_a_working_day_one_comes_back(country: str, day: date, number: int) -> None:
    day = next_working_day(country, day)
    assert working_days_add(country, working_days_add(country, day, number), -number) == day


@given(COUNTRIES, DAYS)
def test_the_next_working_day_skips_no_working_day(country: str, day: date) -> None:
    found = next_working_day(country, day)
    assert found >= day
    assert not any(is_working_day(country, day + timedelta(days=step)) for step in range((found - day).days))


@given(COUNTRIES, DAYS)
def test_what_the_country_says_goes_before_everything_else(country: str, day: date) -> None:
    assert not is_working_day(country, day, says=CountrySays(closed=frozenset({day})))
    assert is_working_day(country, day, says=CountrySays(opened=frozenset({day})))
    six_days = CountrySays(weekend=frozenset({FRI}))
    open_day = day not in public_holidays(country, day.year).days
    assert is_working_day(country, day, says=six_days) == (open_day and day.weekday() != FRI)


def test_a_country_that_says_nonsense_is_told() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(WrongUse, match="at most six"):
        CountrySays(weekend=frozenset(range(7)))
    with pytest.raises(WrongUse, match="closed and open"):
        CountrySays(closed=frozenset({day}), opened=frozenset({day}))
    with pytest.raises(WrongUse, match="no country"):
        is_working_day("Vietnam", day)
    closed = CountrySays(closed=frozenset(day + timedelta(days=step) for step in range(366 * 4)))
    with pytest.raises(WrongUse, match="no working day"):
        next_working_day("VN", day, says=closed)


@pytest.mark.parametrize("country", PROGRAMMES)
def test_the_holidays_of_every_country_programme_are_known(country: str) -> None:
    assert all(public_holidays(country, year).known for year in range(2009, 2036))
    assert len(public_holidays(country, 2026).days) >= 8


def test_where_nothing_is_known_it_says_so_and_counts_weekends() -> None:
    last = max(year for year in range(2020, 2100) if public_holidays("LK", year).known)
    after = last + 1
    assert public_holidays("LK", after).days == {}
    (gap,) = calendar_gaps("LK", date(after, 1, 1), date(after, 12, 31))
    assert str(after) in gap
    assert is_working_day("LK", next_working_day("LK", date(after, 1, 1)))
    assert calendar_gaps("VN", date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_holidays_that_the_moon_decides_are_called_estimated() -> None:
    (gap,) = calendar_gaps("BD", date(2027, 1, 1), date(2027, 12, 31))
    assert "2027" in gap
    assert public_holidays("BD", 2027).estimated < set(public_holidays("BD", 2027).days)
