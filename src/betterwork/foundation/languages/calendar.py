"""Working days of a country: its weekend, its public holidays, and what the country itself says of a day.

Pure: the same answer for the same country, day and overrides. Whoever computes a deadline passes on, as ``says``, what
the country's dated settings say; and shows what :func:`calendar_gaps` tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from babel import Locale
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

CORRECTED_WEEKENDS: dict[str, frozenset[int]] = {
    # Babel's data has the world's Saturday and Sunday here. Bangladesh's weekly holidays are Friday and Saturday.
    "BD": frozenset({FRI, SAT}),
}
_SEARCHED = 366 * 3
"""Days after which a search for a working day is given up: something in the overrides is wrong."""


@dataclass(frozen=True, slots=True)
class CountrySays:
    """What a country's settings say beside what is known of every country. It goes before everything else.

    ``closed``: days on which nobody works. ``opened``: days that are worked although weekend or holiday.
    ``weekend``: days of the week (Monday 0) instead of the country's usual ones.
    """

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    weekend: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.weekend is not None and (len(self.weekend) > 6 or self.weekend - set(range(7))):
            raise WrongUse("a weekend has at most six days of the week, written 0 (Monday) to 6 (Sunday)")
        if both := self.closed & self.opened:
            raise WrongUse(f"{min(both)} is said to be closed and open: take one of them away")


SAYS_NOTHING = CountrySays()


@dataclass(frozen=True, slots=True)
class HolidaysOfYear:
    """The public holidays of a country in a year, with their English names.

    ``known`` is False where the library has nothing of that country or that year: then only weekends count.
    ``estimated`` are those whose day will be announced (the moon must be seen).
    """

    known: bool
    days: Mapping[date, str] = field(default_factory=dict)
    estimated: frozenset[date] = frozenset()


def weekend_of(country: str) -> frozenset[int]:
    """The days of the week on which offices of a country are closed, Monday 0.

    Raises :class:`~betterwork.core.errors.WrongUse` for what is no country code.
    """
    _country_check(country)
    if country in CORRECTED_WEEKENDS:
        return CORRECTED_WEEKENDS[country]
    locale = Locale.parse(f"und_{country}")
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> HolidaysOfYear:
    """The public holidays of a country in a year, as far as they are known.

    Raises :class:`~betterwork.core.errors.WrongUse` for what is no country code.
    """
    _country_check(country)
    # Here, not above: a web worker that shows no deadline need not hold the library.
    import holidays

    try:
        rules = holidays.country_holidays(country)
    except NotImplementedError:
        return HolidaysOfYear(known=False)
    if not rules.start_year <= year <= rules.end_year:
        return HolidaysOfYear(known=False)
    language = "en_US" if "en_US" in rules.supported_languages else None
    found = holidays.country_holidays(country, years=year, language=language)
    days = {on: name for on, name in sorted(found.items()) if on.year == year}
    estimated = frozenset(on for on, name in days.items() if "estimated" in name)
    return HolidaysOfYear(known=True, days=MappingProxyType(days), estimated=estimated)


def is_working_day(country: str, day: date, *, says: CountrySays = SAYS_NOTHING) -> bool:
    """Whether offices of the country work on that day."""
    if day in says.opened:
        return True
    weekend = weekend_of(country) if says.weekend is None else says.weekend
    return not (day in says.closed or day.weekday() in weekend or day in public_holidays(country, day.year).days)


def next_working_day(country: str, day: date, *, says: CountrySays = SAYS_NOTHING) -> date:
    """That day if it is worked, else the first one after it that is."""
    return day if is_working_day(country, day, says=says) else next(_working_days(country, day, 1, says))


def working_days_add(country: str, day: date, number: int, *, says: CountrySays = SAYS_NOTHING) -> date:
    """The day that is ``number`` working days later; earlier, for a negative number.

    The day itself is not counted: one working day after a Thursday is the Friday, where Friday is worked. Of 0 it is
    the day itself if worked, else the next one that is.
    """
    if number == 0:
        return next_working_day(country, day, says=says)
    days = _working_days(country, day, 1 if number > 0 else -1, says)
    for _step in range(abs(number) - 1):
        next(days)
    return next(days)


def working_days_between(country: str, first: date, last: date, *, says: CountrySays = SAYS_NOTHING) -> int:
    """How many working days come after ``first``, up to and with ``last``; negative when ``last`` is the earlier."""
    if last < first:
        earlier = (first - timedelta(days=step) for step in range(1, (first - last).days + 1))
        return -sum(is_working_day(country, one, says=says) for one in earlier)
    later = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sum(is_working_day(country, one, says=says) for one in later)


def calendar_gaps(country: str, first: date, last: date) -> tuple[str, ...]:
    """What is not sure about the holidays between two days, a sentence each; empty when nothing is in doubt."""
    found = []
    for year in range(first.year, last.year + 1):
        holidays = public_holidays(country, year)
        if not holidays.known:
            found.append(
                _("The public holidays of %(year)s are not known here: only weekends are counted.") % {"year": year}
            )
        elif any(first <= one <= last for one in holidays.estimated):
            found.append(_("Some holidays of %(year)s are estimated: their days will be announced.") % {"year": year})
    return tuple(found)


def _working_days(country: str, day: date, step: int, says: CountrySays) -> Iterator[date]:
    """The working days after (step 1) or before (step -1) a day."""
    searched = 0
    while searched < _SEARCHED:
        day, searched = day + timedelta(days=step), searched + 1
        if is_working_day(country, day, says=says):
            searched = 0
            yield day
    raise WrongUse(f"no working day is found in {country} within three years of {day}: look at the closed days")


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale.parse("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code not in {"EU", "EZ", "UN", "ZZ"})


def _country_check(country: str) -> None:
    if country not in _countries():
        raise WrongUse(f"{country!r} is no country: write its two letters of ISO 3166, such as VN")
