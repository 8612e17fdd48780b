"""Reading the country programmes: names, spellings, dated settings with their sources."""

from __future__ import annotations

import csv
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

from betterwork.core.countries import Country
from betterwork.core.dated import DatedValue, value_on
from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.formats import territory
from betterwork.modules.countries.rules import spelling_key


def _rows(name: str) -> list[dict[str, str]]:
    text = files("betterwork.modules.countries").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def countries() -> tuple[Country, ...]:
    """The country programmes, by name."""
    found = (Country(code=row["code"], name=row["name"], starts=int(row["starts"])) for row in _rows("countries.csv"))
    return tuple(sorted(found, key=lambda country: country.name))


@cache
def countries_by_spelling() -> dict[str, Country]:
    """Every shipped spelling, as :func:`betterwork.modules.countries.rules.spelling_key` writes it."""
    by_code = {country.code: country for country in countries()}
    return {spelling_key(row["spelling"]): by_code[row["code"]] for row in _rows("country_spellings.csv")}


def country_named(text: str) -> Country | None:
    """The country a spelling means (`Viet Nam`, `Vietnam`, `VNM`, `vn`), or None."""
    return countries_by_spelling().get(spelling_key(text))


def country_required(text: str) -> Country:
    """As :func:`country_named`; raises :class:`WrongUse` that lists the known names."""
    country = country_named(text)
    if country is None:
        known = ", ".join(one.name for one in countries())
        raise WrongUse(f"no country programme is called {text!r}; known: {known}")
    return country


def country_of_code(code: str) -> Country:
    """The country of an ISO 3166-1 alpha-2 code that the platform stored itself. Raises KeyError."""
    return {country.code: country for country in countries()}[code]


@cache
def _dated_settings() -> dict[tuple[str, str], tuple[DatedValue[str], ...]]:
    found: dict[tuple[str, str], tuple[DatedValue[str], ...]] = {}
    for row in _rows("country_settings.csv"):
        value = DatedValue(
            value=row["value"],
            start=date.fromisoformat(row["from"]),
            end=date.fromisoformat(row["until"]) if row["until"] else None,
            source=row["source"],
        )
        key = (row["country"], row["name"])
        found[key] = (*found.get(key, ()), value)
    return found


def country_title(code: str) -> str:
    """How a country is called in the language of the page: as the programme writes it where that has no other.

    Raises KeyError for a country that has no programme.
    """
    known = country_of_code(code)
    return territory(known.code, get_language() or "") or known.name


def setting(country_code: str, name: str, on: date) -> DatedValue[str]:
    """A country's setting as it stood on a day, with its source; the programme's own where the country has none.

    Raises KeyError when nobody ever set it.
    """
    for owner in (country_code, ""):
        found = value_on(_dated_settings().get((owner, name), ()), on)
        if found is not None:
            return found
    raise KeyError(name)


def countries_open(at: datetime) -> list[tuple[str, str]]:
    """(code, name) of the countries whose dated setting lets factories ask for an account on that day."""
    open_to_factories = (
        one for one in countries() if setting(one.code, "factories_may_register", at.date()).value == "yes"
    )
    return [(one.code, country_title(one.code)) for one in open_to_factories]
