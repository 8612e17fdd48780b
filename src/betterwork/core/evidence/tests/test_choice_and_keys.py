"""What a person writes as a window, and the store's whole-number keys."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.core.evidence.choice import Choice, window_day
from betterwork.core.evidence.keys import assessment_key, cell_parts, country_code, country_number, factory_key

codes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)


@given(code=codes, other=codes, one=st.integers(0, 2**53 - 1), two=st.integers(0, 2**53 - 1))
def test_two_assessments_share_a_key_only_when_they_are_the_same(code: str, other: str, one: int, two: int) -> None:
    assert country_code(country_number(code)) == code
    assert (assessment_key(code, one) == assessment_key(other, two)) == ((code, one) == (other, two))
    assert 0 <= assessment_key(code, one) < 2**63


@pytest.mark.parametrize("number", [-1, 2**53])
def test_an_assessment_number_that_has_no_key_is_refused(number: int) -> None:
    with pytest.raises(BetterWorkError, match="2\\*\\*53"):
        assessment_key("KH", number)


@pytest.mark.parametrize("code", ["kh", "KHM", "K1", "ÀB"])
def test_a_country_without_an_iso_code_has_no_number(code: str) -> None:
    with pytest.raises(ValueError, match="country code"):
        country_number(code)


def test_factories_of_two_countries_with_the_same_id_have_different_keys() -> None:
    assert factory_key("KH", "1000") != factory_key("VN", "1000")
    assert 0 <= factory_key("KH", "1000") < 2**63


@given(code=codes, value=st.integers(0, 2**31))
def test_a_cell_gives_back_its_country_and_value(code: str, value: int) -> None:
    assert cell_parts((country_number(code) << 32) + value) == (country_number(code), value)


def test_a_month_is_whole_and_a_day_exact() -> None:
    assert window_day("2014-02", last=False) == date(2014, 2, 1)
    assert window_day("2012-02", last=True) == date(2012, 2, 29)
    assert window_day("2014-02-10", last=True) == date(2014, 2, 10)
    assert window_day(None, last=True) is None


@pytest.mark.parametrize("text", ["", "2014", "2014-13", "2014-02-30", "14-02", "02/2014", "2014-2", "2014-02-01x"])
def test_what_is_no_month_or_day_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="YYYY-MM"):
        window_day(text, last=False)


def test_by_the_manual_a_window_is_whole_months() -> None:
    choice = Choice(start=date(2014, 2, 10), end=date(2016, 2, 3), manual_rules=True)
    assert choice.window() == (date(2014, 2, 1), date(2016, 2, 29))
    assert Choice(start=date(2014, 2, 10)).window() == (date(2014, 2, 10), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": date(2015, 1, 1), "end": date(2014, 1, 1)},
        {"cycle": 0},
        {"level": "regional"},
        {"manual_rules": True, "comparable_only": True},
    ],
)
def test_an_impossible_choice_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongUse):
        Choice(**wrong)  # type: ignore[arg-type]
