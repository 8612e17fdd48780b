"""The country programmes: spellings, dated settings."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.modules.countries.queries import (
    countries,
    countries_by_spelling,
    country_named,
    country_required,
    setting,
)
from betterwork.modules.countries.rules import spelling_key

AT = datetime(2015, 3, 1, tzinfo=UTC)


def test_eight_country_programmes_are_shipped() -> None:
    assert [country.name for country in countries()] == [
        "Bangladesh", "Cambodia", "Haiti", "Indonesia", "Jordan", "Lesotho", "Nicaragua", "Viet Nam",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Viet Nam", "Vietnam", "VNM", " vn ", "viet  nam", "Việt Nam"])
def test_every_spelling_of_a_country_means_it(text: str) -> None:
    country = country_named(text)
    assert country is not None
    assert country.code == "VN"


def test_an_unknown_country_is_refused_with_the_known_names() -> None:
    with pytest.raises(WrongUse, match=r"Atlantis.*Bangladesh.*Viet Nam"):
        country_required("Atlantis")


@given(st.sampled_from(sorted(countries_by_spelling())), st.sampled_from(["", " ", "\t"]))
def test_spellings_ignore_capitals_and_spaces(spelling: str, padding: str) -> None:
    assert countries_by_spelling()[spelling_key(padding + spelling.upper() + padding)]


def test_a_setting_comes_with_its_source() -> None:
    found = setting("VN", "minimum_group", date(2015, 2, 28))
    assert found.value == "5"
    assert found.source


def test_a_setting_nobody_made_is_an_error() -> None:
    with pytest.raises(KeyError):
        setting("VN", "no such setting", date(2015, 1, 1))


def test_no_country_lets_factories_register_themselves_unless_its_setting_says_so(monkeypatch) -> None:
    from datetime import UTC, date, datetime

    from betterwork.core.dated import DatedValue
    from betterwork.modules.countries import queries

    at = datetime(2026, 1, 5, tzinfo=UTC)
    assert queries.countries_open(at) == []
    opened = DatedValue(value="yes", start=date(2026, 1, 1), end=None, source="made up for this test")
    known = queries._dated_settings()
    monkeypatch.setattr(queries, "_dated_settings", lambda: known | {("JO", "factories_may_register"): (opened,)})
    assert queries.countries_open(at) == [("JO", "Jordan")]
    assert queries.countries_open(datetime(2025, 12, 31, tzinfo=UTC)) == []
