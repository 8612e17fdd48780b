"""The settings of a country that the register reads, each with the value that is shipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from betterwork.core.dated import DatedValue, value_on
from betterwork.core.errors import WrongUse
from betterwork.modules.countries.queries import setting

CONDITION = "participation_condition_of_export"
HOUSEHOLD = "household_size"
EARNERS = "household_factory_workers"
HEADCOUNT_YEARS = "headcount_valid_years"
_BEGAN = date(2000, 1, 1)
SHIPPED: dict[str, tuple[DatedValue[str], ...]] = {
    CONDITION: (
        DatedValue(
            "no",
            _BEGAN,
            None,
            "design choice: no rule of a country was found that makes it one; enter the rule where there is one",
        ),
    ),
    HOUSEHOLD: (
        DatedValue("4", _BEGAN, None, "assumption: no published figure was found; put a survey's in its place"),
    ),
    EARNERS: (DatedValue("1", _BEGAN, None, "assumption: one worker of these factories in a household"),),
    HEADCOUNT_YEARS: (DatedValue("3", _BEGAN, None, "design choice: an older headcount says little of today"),),
}
"""The programme's own values, for countries that have none of their own."""


def value_of(country: str, name: str, on: date) -> DatedValue[str]:
    """What a country's setting says on a day, with its source; the shipped value where nobody set it."""
    try:
        return setting(country, name, on)
    except KeyError:
        found = value_on(SHIPPED[name], on)
        return found or SHIPPED[name][0]


def condition_of_export(country: str, on: date) -> DatedValue[str]:
    """Whether taking part is a condition of export there on a day: "yes" or "no", with the source of the rule."""
    return value_of(country, CONDITION, on)


def number_of(country: str, name: str, on: date) -> Decimal:
    """A setting that is a number above nothing. Raises WrongUse that names it where it is none."""
    found = value_of(country, name, on)
    try:
        number = Decimal(found.value)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise WrongUse(
            _("The setting %(name)s of %(country)s is %(value)s: it must be a number above 0.")
            % {"name": name, "country": country, "value": found.value}
        )
    return number
