"""Dates, times, numbers and lists as a reader of a language and a country expects them. Nothing here reads the clock.

Choices, each stated in docs/reference/languages.md:

- English is written as the programme writes it: day before month, 24 hours (Babel's ``en_150``).
- Digits are those usual in the country's own publications: Western, but Bangla in Bangla and Eastern Arabic in Egypt.
- Per cent is ``86 %`` with a space that does not break, differences in points carry a real minus, in every language.
- Right to left, a number with a sign is isolated, so that the sign stays on the side where it was written.
- Babel writes Haitian Creole in French and hardly knows Sesotho: ``own_words`` says the months and days; relative
  times fall back to the date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext, override

from betterwork.core.errors import WrongUse
from betterwork.core.wording import MINUS, SPACE, rounded
from betterwork.foundation.languages.known import SOURCE_LANGUAGE, language_of
from betterwork.foundation.languages.own_words import OWN_WORDS

DAY_STYLES = ("short", "medium", "long", "weekday")
RELATIVE_FOR = timedelta(days=27)
"""Longer ago, or longer to go, a date says more than a number of days."""

_WESTERN = "0123456789"
_DIGITS = {"beng": "০১২৩৪৫৬৭৮৯", "arab": "٠١٢٣٤٥٦٧٨٩", "latn": _WESTERN}
_ISOLATE, _END_OF_ISOLATE = "\u2066", "\u2069"


@lru_cache(maxsize=64)
def locale_of(language: str, country: str = "") -> Locale:
    """Babel's locale of a language as it is written in a country; of the language alone where Babel has no such."""
    known = language_of(language)
    if known.code == "en":
        return Locale.parse("en_150")
    try:
        return Locale.parse(f"{known.code}_{country or known.country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(known.code)


def digits_of(language: str, country: str = "") -> str:
    """The numbering system in which a language writes figures in a country: latn, beng or arab."""
    known = language_of(language)
    if known.code == "bn":
        return "beng"
    return "arab" if known.code == "ar" and country == "EG" else "latn"


def day(value: date, *, language: str, country: str = "", style: str = "medium") -> str:
    """A day: ``26 Nov 2026``; ``style`` long ``26 November 2026``, weekday ``Thu 26 Nov``, short ``26/11/2026``.

    Raises :class:`~betterwork.core.errors.WrongUse` for another style.
    """
    if style not in DAY_STYLES:
        raise WrongUse(f"no style of a day is called {style}: write one of {', '.join(DAY_STYLES)}")
    known, locale = language_of(language), locale_of(language, country)
    if known.code in OWN_WORDS and style != "short":
        return _day_in_own_words(value, known.code, style)
    if style == "weekday":
        text = (
            format_date(value, "EEE d MMM", locale)
            if known.code == "en"
            else format_skeleton("MMMEd", value, locale=locale)
        )
    elif known.code == "st":
        text = format_date(value, "dd/MM/y", locale)
    else:
        # Arabic has the medium form in figures, which read alike in no two countries; the long one has words.
        text = format_date(value, "long" if known.code == "ar" and style == "medium" else style, locale)
    return _in_digits(text, language, country)


def moment(value: datetime, *, language: str, country: str = "", zone: tzinfo = UTC) -> str:
    """A day and a time, with the zone they are meant in: ``26 Nov 2026, 15:04 UTC``.

    Raises :class:`~betterwork.core.errors.WrongUse` for a time that does not know its zone.
    """
    if value.tzinfo is None:
        raise WrongUse("a time without a zone cannot be shown: give it one")
    there = value.astimezone(zone)
    comma = "،" if language_of(language).code == "ar" else ","
    time = _in_digits(format_time(there, "short", locale=locale_of(language, country)), language, country)
    return f"{day(there.date(), language=language, country=country)}{comma} {time} {_zone_name(there)}"


def number(value: int | float | Decimal, *, language: str, country: str = "", decimals: int = 0) -> str:
    """A number with its thousands set apart and exactly ``decimals`` decimals; a negative one has a real minus."""
    places = "." + "0" * decimals if decimals else ""
    exact = Decimal(repr(round(value, 9))) if isinstance(value, float) else Decimal(value)
    whole = exact.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP")
    size = _figures(abs(whole), language, country, places)
    return _isolated(f"{MINUS}{size}", language) if whole < 0 else size


def share(value: float, *, language: str, country: str = "") -> str:
    """A fraction as whole per cent: ``86 %``; what is neither none nor all never reads 0 % or 100 %."""
    size, sign, before = abs(value), MINUS if value < 0 else "", ""
    whole = rounded(size * 100)
    if 0 < size < 0.01:
        before, whole = "<", 1
    elif 0.99 < size < 1:
        before, whole = ">", 99
    return _isolated(f"{sign}{before}{_figures(Decimal(whole), language, country)}{SPACE}%", language)


def points(value: float, *, language: str, country: str = "") -> str:
    """A difference of two shares in percentage points with its sign: ``+7 pts``, ``−3 pts``, ``0 pts``."""
    whole = rounded(abs(value) * 100)
    sign = "" if value == 0 else "+" if value > 0 else MINUS
    before = "<" if whole == 0 and value else ""
    shown = 1 if before else whole
    text = _isolated(f"{sign}{before}{_figures(Decimal(shown), language, country)}", language)
    with override(language_of(language).code):
        # Translators: a difference in percentage points, such as "−7 pts". The number carries its sign.
        words = ngettext("%(points)s pt", "%(points)s pts", shown) % {"points": text}
    return words.replace(" ", SPACE)


def listed(parts: Iterable[str], *, language: str, country: str = "") -> str:
    """Parts in a sentence: ``a, b and c``."""
    texts = list(parts)
    words = OWN_WORDS.get(language_of(language).code)
    if words and len(texts) > 1:
        return f"{', '.join(texts[:-1])} {words.and_} {texts[-1]}"
    return str(format_list(texts, locale=locale_of(language, country)))


def ago(value: datetime, *, now: datetime, language: str, country: str = "") -> str:
    """How long ago, or how soon: ``3 hours ago``, ``in 2 days``; the day when that is more than four weeks away."""
    apart = value - now
    known = language_of(language)
    if abs(apart) < timedelta(minutes=1):
        with override(known.code):
            return gettext("just now")
    if abs(apart) > RELATIVE_FOR or known.code in OWN_WORDS:
        return day(value.date(), language=language, country=country)
    text = format_timedelta(apart, add_direction=True, locale=locale_of(language, country), threshold=1)
    return _in_digits(text, language, country)


def _figures(value: Decimal, language: str, country: str, places: str = "") -> str:
    locale, system = locale_of(language, country), digits_of(language, country)
    pattern = "#,##,##0" if language_of(language).code == "bn" else "#,##0"
    text = format_decimal(value, format=pattern + places, locale=locale, numbering_system=system)
    return str(text).translate(str.maketrans(_WESTERN, _DIGITS[system]))


def _in_digits(text: str, language: str, country: str) -> str:
    return text.translate(str.maketrans(_WESTERN, _DIGITS[digits_of(language, country)]))


def _isolated(text: str, language: str) -> str:
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}" if language_of(language).right_to_left else text


def _day_in_own_words(value: date, code: str, style: str) -> str:
    words = OWN_WORDS[code]
    month = words.months[value.month - 1]
    if style == "weekday":
        return f"{words.days[value.weekday()]} {value.day} {month}"
    return f"{value.day} {month} {value.year}"


def _zone_name(value: datetime) -> str:
    minutes = int((value.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else MINUS}{hours}{f':{rest:02d}' if rest else ''}"


def territory(code: str, language: str) -> str | None:
    """How a country (ISO alpha-2) is called in a language, and None where Babel has no name for it.

    None too in English, which the programme writes in its own way. Haitian Creole comes in French.
    """
    known = language_of(language).code
    if known == SOURCE_LANGUAGE:
        return None
    try:
        found = Locale.parse(known).territories.get(code)
    except UnknownLocaleError:
        return None
    return str(found) if found else None
