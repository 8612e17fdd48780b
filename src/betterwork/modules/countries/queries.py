"""Reading the country programmes: names, spellings, life, dated settings with their sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from betterwork.core.countries import Country
from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.calendar import CountrySays
from betterwork.foundation.languages.formats import territory
from betterwork.modules.countries.book import entries_of, entries_of_both, programme_names
from betterwork.modules.countries.book import remembered as remembered
from betterwork.modules.countries.book import settings_held as settings_held
from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.rules import (
    Decided,
    Lived,
    decided,
    decided_on,
    entry_on,
    spelling_key,
    value_dates,
    value_parts,
)
from betterwork.modules.countries.shipped import shipped_rows

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""How days of the week are written in settings; Monday is 0 in the calendar."""


@cache
def countries() -> tuple[Country, ...]:
    """The country programmes that come with the program, by name. Asks no database; see ``countries_known``."""
    rows = shipped_rows("countries.csv")
    found = (Country(code=row["code"], name=row["name"], starts=int(row["starts"])) for row in rows)
    return tuple(sorted(found, key=lambda country: country.name))


def countries_known() -> tuple[Country, ...]:
    """Every country programme, by name: those that come with the program and those added here. One query at most.

    ``starts`` of one that was added is the year in which its first state begins.
    """
    shipped = {one.code for one in countries()}
    added = {code: name for code, name in programme_names().items() if code not in shipped}
    if not added:
        return countries()
    begun: dict[str, int] = {}
    rows = ProgrammeState.objects.filter(programme__in=added, withdrawn_at__isnull=True).order_by("-first")
    begun.update({code: first.year for code, first in rows.values_list("programme", "first")})
    found = (Country(code=code, name=name, starts=begun.get(code, date.max.year)) for code, name in added.items())
    return tuple(sorted((*countries(), *found), key=lambda country: country.name))


class CountryOptions:
    """(code, name) of every country programme, read anew each time somebody goes through it: for a ``Choice``.

    ``first`` are options that stand before them.
    """

    def __init__(self, *first: tuple[str, Any]) -> None:
        self._first = first

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter([*self._first, *((code, country_title(code)) for code in _names_known())])


@cache
def countries_by_spelling() -> dict[str, Country]:
    """Every shipped spelling, as :func:`betterwork.modules.countries.rules.spelling_key` writes it."""
    by_code = {country.code: country for country in countries()}
    return {spelling_key(row["spelling"]): by_code[row["code"]] for row in shipped_rows("country_spellings.csv")}


def country_named(text: str) -> Country | None:
    """The country a spelling means (`Viet Nam`, `Vietnam`, `VNM`, `vn`), or None.

    A programme that was added here is found by its code and by its name as it was written then.
    """
    key = spelling_key(text)
    found = countries_by_spelling().get(key)
    if found is None and key:
        found = next(
            (one for one in countries_known() if key in {spelling_key(one.code), spelling_key(one.name)}), None
        )
    return found


def country_required(text: str) -> Country:
    """As :func:`country_named`; raises :class:`WrongUse` that lists the known names."""
    country = country_named(text)
    if country is None:
        known = ", ".join(one.name for one in countries_known())
        raise WrongUse(f"no country programme is called {text!r}; known: {known}")
    return country


def country_of_code(code: str) -> Country:
    """The country of an ISO 3166-1 alpha-2 code that the platform stored itself. Raises KeyError."""
    shipped = {country.code: country for country in countries()}
    return shipped[code] if code in shipped else {country.code: country for country in countries_known()}[code]


def country_title(code: str) -> str:
    """How a country is called in the language of the page: as the programme writes it where that has no other.

    No query for one that comes with the program, else one at most. Raises KeyError for one that has no programme.
    """
    name = _names_shipped().get(code) or programme_names()[code]
    return territory(code, get_language() or "") or name


@cache
def _names_shipped() -> dict[str, str]:
    return {one.code: one.name for one in countries()}


def _names_known() -> dict[str, str]:
    """Code → name of every programme, in the order of their names. One query at most."""
    return dict(sorted({**programme_names(), **_names_shipped()}.items(), key=lambda one: one[1]))


def country_codes() -> dict[str, str]:
    """Every code of ISO 3166-1 alpha-2 that could have a programme, with the country's English name."""
    found = Locale.parse("en").territories
    return {code: str(name) for code, name in found.items() if len(code) == 2 and code not in {"EU", "EZ", "UN", "ZZ"}}


def setting(country_code: str, name: str, on: date) -> DatedValue[str]:
    """A country's setting as it stood on a day, with its source; the programme's own where the country has none.

    Its days are those on which it decided without a break. One query at most; none where the book is open already (in
    a request, inside ``settings_held``). Raises KeyError when nobody ever set it.
    """
    found = decided_on(setting_decided(country_code, name), on)
    if found is None or found.entry.value is None:
        raise KeyError(name)
    return DatedValue(found.entry.value, found.start, found.end, found.entry.source)


def setting_decided(country_code: str, name: str) -> tuple[Decided, ...]:
    """What held, holds and will hold of a setting in a country; with "" of the programme's own rule."""
    return decided(*entries_of_both(country_code, name))


def setting_number(country_code: str, name: str, on: date) -> int:
    """A setting of kind integer or days, as a number. Raises KeyError as :func:`setting`."""
    return int(setting(country_code, name, on).value)


def setting_yes(country_code: str, name: str, on: date) -> bool:
    """Whether a setting of kind yes-no says yes. Raises KeyError as :func:`setting`."""
    return setting(country_code, name, on).value == "yes"


def setting_parts(country_code: str, name: str, on: date) -> tuple[str, ...]:
    """The words of a setting of kind choices. Raises KeyError as :func:`setting`."""
    return value_parts(setting(country_code, name, on).value)


def setting_newest(owner: str, name: str) -> str:
    """The id of the entry that was made last, for a country or with "" for every country; "" where there is none."""
    rows = settings_entered(owner, name)
    return rows.order_by("-entered_at", "-id").values_list("id", flat=True).first() or ""


def settings_entered(owner: str, name: str) -> QuerySet[CountrySetting]:
    """The rows of a setting that were entered for a country, or with "" for every country."""
    rows = CountrySetting.objects.filter(name=name)
    return rows.filter(programme=owner) if owner else rows.filter(programme__isnull=True)


def country_says(country_code: str, on: date) -> CountrySays:
    """What a country's settings say of its working days: its week on that day, and every day said closed or opened."""
    with settings_held():
        weekend = setting_parts(country_code, "weekend", on)
        closed, opened = (_days_said(country_code, name) for name in ("closed_days", "opened_days"))
    return CountrySays(
        closed=frozenset(closed), opened=frozenset(opened), weekend=frozenset(WEEKDAYS.index(one) for one in weekend)
    )


def _days_said(country_code: str, name: str) -> set[date]:
    """Each day counts as the value says that holds on that very day."""
    entries = entries_of(country_code, name)
    named = {day for one in entries if one.value for day in value_dates(one.value)}
    deciding = {day: entry_on(entries, day) for day in named}
    return {day for day, entry in deciding.items() if entry and entry.value and day in value_dates(entry.value)}


def countries_open(at: datetime) -> list[tuple[str, str]]:
    """(code, name) of the countries whose dated setting lets factories ask for an account on that day."""
    with settings_held():
        known = [one for one in countries_known() if setting_yes(one.code, "factories_may_register", at.date())]
    return [(one.code, country_title(one.code)) for one in known]


def life_of(programme: Programme) -> list[Lived]:
    """The states of a programme in the order of their days, without those withdrawn."""
    rows = programme.states.filter(withdrawn_at__isnull=True).order_by("first")
    return [Lived(state, first) for state, first in rows.values_list("state", "first")]


def country_state(country_code: str, on: date) -> str:
    """The state of a country's programme on a day: candidate, forthcoming, running, closed, or "" before the first."""
    rows = ProgrammeState.objects.filter(programme=country_code, withdrawn_at__isnull=True, first__lte=on)
    return rows.order_by("-first").values_list("state", flat=True).first() or ""


def programmes_shown(rows: QuerySet[Programme], on: date) -> QuerySet[Any]:
    """Programmes with how they stand on a day: ``state_now``, ``since``, ``state_next`` and its ``next_first``."""
    states = ProgrammeState.objects.filter(programme=OuterRef("code"), withdrawn_at__isnull=True)
    now = states.filter(first__lte=on).order_by("-first")
    coming = states.filter(first__gt=on).order_by("first")
    return rows.annotate(
        state_now=Subquery(now.values("state")[:1]),
        since=Subquery(now.values("first")[:1]),
        state_next=Subquery(coming.values("state")[:1]),
        next_first=Subquery(coming.values("first")[:1]),
    )
