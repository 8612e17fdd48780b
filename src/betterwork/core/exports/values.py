"""Reading single texts of an export: a value, or None when the text cannot mean one. Nothing is guessed."""

from __future__ import annotations

import re
from datetime import date

from betterwork.core.instrument import Determination

LONGEST_FACTORY_ID = 64
LARGEST_CYCLE = 999

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ASSESSMENT = re.compile(r"\d{1,15}", re.ASCII)
_CYCLE = re.compile(r"0*\d{1,3}", re.ASCII)

_DETERMINATIONS = {
    "0": Determination.COMPLIANT,
    "1": Determination.NONCOMPLIANT,
    "": Determination.BLANK,
    "na": Determination.NOT_APPLICABLE,
    "n/a": Determination.NOT_APPLICABLE,
    "n.a.": Determination.NOT_APPLICABLE,
    "not applicable": Determination.NOT_APPLICABLE,
    "not assessed": Determination.NOT_ASSESSED,
}


def parse_date(text: str) -> date | None:
    """A day written day/month/year with a year of four digits: ``21/01/2013``. Month first is never tried."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_cycle(text: str) -> int | None:
    """A whole number from 1 to 999, which may arrive as text."""
    match = _CYCLE.fullmatch(text.strip())
    cycle = int(match.group()) if match else 0
    return cycle if 1 <= cycle <= LARGEST_CYCLE else None


def parse_assessment_id(text: str) -> int | None:
    """A ``Quest.ID``: up to 15 digits, so that it is exact in every JSON reader. Leading zeros do not matter."""
    match = _ASSESSMENT.fullmatch(text.strip())
    return int(match.group()) if match else None


def parse_factory_id(text: str) -> str | None:
    """A factory's outside id: any text of 1 to 64 characters, without white space around it."""
    trimmed = text.strip()
    return trimmed if 1 <= len(trimmed) <= LONGEST_FACTORY_ID else None


def parse_determination(text: str) -> Determination | None:
    """The finding of a compliance question: ``0``, ``1``, or one of the ways to say that it was not asked."""
    return _DETERMINATIONS.get(text.strip().casefold())


def is_clean_text(text: str) -> bool:
    """Whether the text can be stored: no bytes that were not text (lone surrogates) and no NUL characters."""
    if "\0" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
