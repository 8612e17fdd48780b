"""The register's decisions as pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

CONTRACTS = ("permanent", "fixed-term", "agency", "apprentice")
"""The kinds of contract that a headcount may be told apart by."""
MUST, NEED_NOT, NOT_KNOWN = "must", "need-not", "not-known"
OLDEST_YEAR = 1800
MOST_WORKERS = 1_000_000

_OBSOLETE = re.compile(r"\(\s*obsolete\s*\)", re.IGNORECASE)
_DIVISION = re.compile(r"\d{2}(\.\d)?")


class Dated(Protocol):
    """A step as the rules see it."""

    @property
    def pk(self) -> Any:
        """Its number, which grows."""

    @property
    def since(self) -> date | None:
        """From which day it holds."""


S = TypeVar("S", bound=Dated)


@dataclass(frozen=True, slots=True)
class Span:
    """The days a step holds, both inside; None where it is not known, or still holds."""

    start: date | None
    end: date | None


def name_says_obsolete(name: str) -> bool:
    """Whether a factory's name marks a retired record: it carries "(Obsolete)"."""
    return bool(_OBSOLETE.search(name))


def in_order(steps: Iterable[S]) -> list[S]:
    """Steps from the earliest day to the latest; of one day, the one written last is the last."""
    return sorted(steps, key=lambda one: (one.since or date.min, one.pk))


def held_on(steps: Iterable[S], on: date) -> S | None:
    """The step that holds on a day: the last one that had begun by then; None before the first."""
    begun = [one for one in in_order(steps) if one.since is None or one.since <= on]
    return begun[-1] if begun else None


def spans(steps: Iterable[S]) -> list[tuple[S, Span]]:
    """Steps with the days they held, from earliest to latest; one that held no whole day is left out."""
    ordered = in_order(steps)
    found = []
    for one, following in zip(ordered, [*ordered[1:], None], strict=False):
        if following is None:
            found.append((one, Span(one.since, None)))
        elif following.since is not None and (one.since is None or following.since > one.since):
            found.append((one, Span(one.since, following.since - timedelta(days=1))))
    return found


def kept_of(pointers: Mapping[int, int], factory: int) -> int:
    """Where the pointers of merges lead from a factory: to itself where it was not merged away."""
    seen = {factory}
    while factory in pointers:
        factory = pointers[factory]
        if factory in seen:
            raise ValueError("merges lead in a circle")
        seen.add(factory)
    return factory


def within(pointers: Mapping[int, int], factory: int) -> list[int]:
    """A factory and all that were merged into it, also over others: itself first, the others by number."""
    inside = {one for one in pointers if leads_to(pointers, one, factory)}
    return [factory, *sorted(inside)]


def leads_to(pointers: Mapping[int, int], one: int, factory: int) -> bool:
    """Whether the way of the pointers from ``one`` passes ``factory``."""
    seen: set[int] = set()
    while one in pointers and one not in seen:
        seen.add(one)
        one = pointers[one]
        if one == factory:
            return True
    return False


def merge_problem(*, same_record: bool, same_country: bool, kept_into: str, gone_into: str) -> str | None:
    """Why two records cannot be merged; None where they can. ``…_into``: what the one was merged into already."""
    if same_record:
        return _("These are one record already.")
    if not same_country:
        return _("They lie in two countries: a factory is in one.")
    if gone_into:
        return _("The first was merged into %(other)s already. Undo that, or merge %(other)s.") % {"other": gone_into}
    if kept_into:
        return _("That one was merged into %(other)s itself. Merge into %(other)s.") % {"other": kept_into}
    return None


def day_problem(day: date | None, today: date) -> str | None:
    """Why a day cannot be one from which something holds: what is to come is not known yet."""
    if day is not None and day > today:
        return _("This day is still to come. Write it down once it is so.")
    if day is not None and day.year < OLDEST_YEAR:
        return _("This day is too long ago to be right.")
    return None


def year_problem(year: int | None, today: date) -> str | None:
    """Why a year of the past cannot be right; None for none given."""
    if year is not None and not OLDEST_YEAR <= year <= today.year:
        return _("A year between %(first)s and %(last)s.") % {"first": OLDEST_YEAR, "last": today.year}
    return None


def isic_problem(section: str, division: str) -> str | None:
    """Why a section and division of ISIC cannot be right: a letter, and two digits or three (14, 15.2)."""
    if section and not re.fullmatch(r"[A-V]", section):
        return _("The section of ISIC is one letter: C for manufacturing.")
    if division and not _DIVISION.fullmatch(division):
        return _("The division of ISIC is two digits, with a group after a point: 14 for apparel, 15.2 for footwear.")
    return None


def headcount_problem(women: int, men: int, not_said: int, by_contract: Mapping[str, Sequence[int]]) -> str | None:
    """Why a headcount cannot be right: a negative or enormous number, or kinds of contract that do not add up."""
    whole = (women, men, not_said)
    if min(whole) < 0 or sum(whole) > MOST_WORKERS:
        return _("Numbers of workers are between 0 and %(most)s.") % {"most": MOST_WORKERS}
    unknown = set(by_contract) - set(CONTRACTS)
    if unknown:
        return _("No kind of contract is called %(kind)s.") % {"kind": sorted(unknown)[0]}
    if any(len(one) != len(whole) or min(one) < 0 for one in by_contract.values()):
        return _("Each kind of contract has its women, its men and those of whom it is not said.")
    if by_contract and tuple(map(sum, zip(*by_contract.values(), strict=True))) != whole:
        return _("The kinds of contract do not add up to the women and men of all. Mend one of the numbers.")
    return None


def duty(*, condition: bool, works: bool, exporting: str) -> str:
    """Whether a factory must take part: where that is a condition of export, who exports and is not exempt.

    Where nobody said whether it exports, it is not known. A closed factory need not.
    """
    if not condition or not works:
        return NEED_NOT
    return {"exports": MUST, "": NOT_KNOWN}.get(exporting, NEED_NOT)


def cycle_problem(*, cycle: int, starts: date, before: tuple[int, date, date | None] | None) -> str | None:
    """Why a cycle cannot begin, given the last one before it (its number, its first and its last day)."""
    if cycle < 1:
        return _("Cycles are counted from 1.")
    if before is None:
        return None
    number, began, ended = before
    if cycle <= number:
        return _("Cycle %(number)s stands already: the next is %(next)s.") % {"number": number, "next": number + 1}
    if starts <= began:
        return _("It cannot begin on or before the day the last cycle began.")
    if ended is not None and starts <= ended:
        return _("The last cycle holds on this day. Choose a later one.")
    return None
