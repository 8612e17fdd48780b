"""What the SIMULATED programme looks like: countries, sizes, years. Plain values, no drawing here.

Relative sizes follow the volumes the programme published (Cambodia and Viet Nam largest, Haiti, Nicaragua and
Lesotho smallest); the figures below are ours. Where the numbers come from, and which are invented, is told in
``docs/explanation/demonstration-data.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from betterwork.core.errors import WrongUse

DEFAULT_SEED = 2014


@dataclass(frozen=True, slots=True)
class CountryPlan:
    """One simulated country programme. Shares are fractions from 0 to 1."""

    code: str
    """ISO 3166-1 alpha-2."""
    factories: int
    """How many factories are ever assessed."""
    begins: date
    """The earliest possible assessment in these files."""
    early: float
    """Share of the factories that join in the programme's first year; the others join later, more each year."""
    workers: int
    """Median number of workers of a factory."""
    women: int
    """Typical share of women among workers, per cent."""
    housing: float
    """Share of factories that house workers, and so are asked about accommodation."""
    brisk: float
    """Share of factories that improve briskly; the others are slow, stagnate, or improve and relapse."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole simulated programme."""

    size: str
    ends: date
    """The day the exports were extracted: no assessment starts later."""
    countries: tuple[CountryPlan, ...]
    seed: int = DEFAULT_SEED


_SHAPE: dict[str, tuple[date, float, int, int, float, float]] = {
    # code: begins, early, median workers, women per cent, housing, brisk
    "KH": (date(2009, 2, 2), 0.45, 900, 84, 0.03, 0.40),
    "VN": (date(2009, 8, 3), 0.30, 1100, 80, 0.15, 0.88),
    "BD": (date(2015, 3, 1), 0.65, 1700, 58, 0.02, 0.35),
    "ID": (date(2011, 7, 4), 0.35, 1300, 83, 0.04, 0.40),
    "JO": (date(2009, 2, 15), 0.55, 650, 70, 0.80, 0.88),
    "HT": (date(2009, 10, 5), 0.75, 1100, 65, 0.0, 0.88),
    "NI": (date(2011, 8, 1), 0.75, 1500, 54, 0.0, 0.45),
    "LS": (date(2010, 9, 6), 0.75, 1400, 82, 0.0, 0.40),
}
_FACTORIES = {
    "small": {"KH": 200, "VN": 240, "BD": 120, "ID": 110, "JO": 80, "HT": 36, "NI": 34, "LS": 24},
    "full": {"KH": 900, "VN": 860, "BD": 430, "ID": 370, "JO": 180, "HT": 90, "NI": 90, "LS": 80},
}
_ENDS = {"small": date(2016, 12, 31), "full": date(2018, 12, 31)}
_EARLY = {"small": 0.8, "full": 0.2}
"""A programme of thousands starts as small as one of hundreds: fewer of its factories were there from the start."""
SIZES = tuple(_FACTORIES)


def plan_for(size: str, *, seed: int = DEFAULT_SEED) -> Plan:
    """The shipped plan of that size: ``small`` (about 850 factories, eight years) or ``full`` (3,000, ten years).

    Raises WrongUse for another size.
    """
    if size not in _FACTORIES:
        raise WrongUse(f"There is no demonstration of size {size!r}: choose {' or '.join(SIZES)}.")
    countries = tuple(CountryPlan(code, count, *_SHAPE[code]) for code, count in _FACTORIES[size].items())
    countries = tuple(replace(country, early=country.early * _EARLY[size]) for country in countries)
    return Plan(size=size, ends=_ENDS[size], countries=countries, seed=seed)
