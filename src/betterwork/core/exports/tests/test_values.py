"""Reading single texts: what can be meant is read, nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.exports import values
from betterwork.core.instrument import Determination


@given(st.dates(min_value=date(1000, 1, 1)), st.booleans())
def test_every_day_written_day_month_year_is_read_back(day: date, padded: bool) -> None:
    text = f"{day.day:02}/{day.month:02}/{day.year}" if padded else f"{day.day}/{day.month}/{day.year}"
    assert values.parse_date(text) == day
    assert values.parse_date(f" {text} ") == day


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 9999))
def test_a_day_is_read_only_where_the_calendar_has_it_and_never_month_first(day: int, month: int, year: int) -> None:
    found = values.parse_date(f"{day}/{month}/{year:04}")
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    assert found == expected


@pytest.mark.parametrize(
    "text",
    ["", "31/02/2014", "12/25/2014", "2014-02-01", "1.2.2014", "01/02/14", "1/2/02014", "٠١/٠٢/٢٠١٤", "1/2/2014 10:00",
     "001/2/2014", "1/2/2014x", "-1/2/2014", "41295"],
)  # fmt: skip
def test_a_text_that_is_no_day_is_refused(text: str) -> None:
    assert values.parse_date(text) is None


@given(st.integers(1, 999), st.integers(0, 4))
def test_a_cycle_may_arrive_as_text_and_with_leading_zeros(cycle: int, zeros: int) -> None:
    assert values.parse_cycle("0" * zeros + str(cycle)) == cycle


@pytest.mark.parametrize("text", ["", "0", "000", "-1", "1.0", "x", "1000", "१", "1 2", "+1", "1e1"])
def test_a_text_that_is_no_cycle_is_refused(text: str) -> None:
    assert values.parse_cycle(text) is None


@given(st.text(max_size=20))
def test_a_number_of_an_assessment_is_ascii_digits_or_nothing(text: str) -> None:
    found = values.parse_assessment_id(text)
    stripped = text.strip()
    if found is None:
        assert not (stripped.isascii() and stripped.isdigit() and len(stripped) <= 15)
    else:
        assert stripped.lstrip("0") == (str(found) if found else "")
        assert found < 10**15


@given(st.text(max_size=70))
def test_a_factory_id_is_any_text_that_is_not_blank_or_too_long(text: str) -> None:
    found = values.parse_factory_id(text)
    assert (found is None) == (not 1 <= len(text.strip()) <= 64)
    assert found is None or found == text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", Determination.COMPLIANT),
        (" 1 ", Determination.NONCOMPLIANT),
        ("", Determination.BLANK),
        ("  ", Determination.BLANK),
        ("N/A", Determination.NOT_APPLICABLE),
        ("na", Determination.NOT_APPLICABLE),
        ("n.A.", Determination.NOT_APPLICABLE),
        ("NOT APPLICABLE", Determination.NOT_APPLICABLE),
        ("Not assessed", Determination.NOT_ASSESSED),
    ],
)
def test_a_finding_is_0_or_1_or_one_of_the_ways_to_say_not_asked(text: str, expected: Determination) -> None:
    assert values.parse_determination(text) is expected


@given(
    st.text(min_size=1, max_size=6).filter(
        lambda text: text.strip().casefold() not in {"0", "1", "", "na", "n/a", "n.a."}
    )
)
def test_any_other_finding_is_refused(text: str) -> None:
    assert values.parse_determination(text) is None


def test_text_with_bytes_that_were_no_text_or_with_nul_is_not_clean() -> None:
    assert values.is_clean_text("ក្រុង =1+1 “x”\n")
    assert not values.is_clean_text("caf\udce9")
    assert not values.is_clean_text("a\0b")
