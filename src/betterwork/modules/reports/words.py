"""Numbers and dates as a reader sees them. Pure; English, as the tool's own texts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from betterwork.core.wording import MINUS, SPACE, per_cent, rounded

YEARS = {
    "0": "Less than 1 year",
    "1": "1 year",
    "2": "2 years",
    "3": "3 years",
    "4+": "4 years and more",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def share(value: float | None) -> str:
    """A fraction as whole per cent: ``86 %``; what is neither none nor all never reads 0 % or 100 %."""
    if value is None:
        return ""
    return per_cent(value)


def points(value: float | None) -> str:
    """A difference of two shares in percentage points with its sign: ``+7 pts``, ``−3 pts``, ``0 pts``."""
    if value is None:
        return ""
    whole = rounded(abs(value) * 100)
    if whole == 0:
        return f"0{SPACE}pts" if value == 0 else f"{'+' if value > 0 else MINUS}<1{SPACE}pt"
    sign = "+" if value > 0 else MINUS
    return f"{sign}{whole}{SPACE}{'pt' if whole == 1 else 'pts'}"


def count(value: int | None) -> str:
    """A whole number with thousands set apart: ``119,002``."""
    return "" if value is None else f"{value:,}"


def of(part: int, whole: int) -> str:
    """A count with its base: ``166/193``."""
    return f"{part:,}/{whole:,}"


def p_value(value: float | None) -> str:
    """A p-value with two digits that matter, never 0: ``0.03``, ``<0.001``."""
    if value is None:
        return ""
    if value < 0.001:
        return "<0.001"
    return f"{value:.3f}" if value < 0.01 else f"{value:.2f}"


def day(value: date) -> str:
    """A day in words: ``5 February 2014``."""
    return f"{value.day} {value:%B} {value.year}"


def month(value: date) -> str:
    """A month in words: ``February 2014``."""
    return f"{value:%B} {value.year}"


def whole_months(start: date, end: date) -> bool:
    """Whether a window is made of whole calendar months."""
    return start.day == 1 and end.day == monthrange(end.year, end.month)[1]


def period(start: date, end: date) -> str:
    """A window in words: months where it is whole months, else days."""
    word = month if whole_months(start, end) else day
    return word(start) if word(start) == word(end) else f"{word(start)} to {word(end)}"


def plural(number: int, one: str, many: str = "") -> str:
    """A count with its noun: ``1 factory``, ``12 factories``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def factories(number: int) -> str:
    """So many factories, in words."""
    return plural(number, "factory", "factories")


def joined(parts: list[str], last: str = "and") -> str:
    """A list in a sentence: ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def years(value: str) -> str:
    """A group of years in the programme, in words."""
    return YEARS.get(value, value)


def withheld_rule(minimum: int) -> str:
    """What is withheld, in a sentence."""
    if minimum <= 1:
        return "Nothing is withheld: the minimum group is set to 1, for a reading inside the programme."
    return f"Results of fewer than {minimum} factories are withheld, and what would give them away."
