"""The country programmes' decisions as pure functions: spellings, the life of a programme, dated settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse

_SPACES = re.compile(r"\s+")
_WHOLE = re.compile(r"-?\d{1,9}")
_APART = re.compile(r"[,;\s]+")
_ONE_DAY = timedelta(days=1)

CANDIDATE, FORTHCOMING, RUNNING, CLOSED = "candidate", "forthcoming", "running", "closed"
STATES = (CANDIDATE, FORTHCOMING, RUNNING, CLOSED)
"""The life of a country programme, in its order."""
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "": (CANDIDATE, FORTHCOMING, RUNNING),
    CANDIDATE: (FORTHCOMING, CLOSED),
    FORTHCOMING: (RUNNING, CANDIDATE, CLOSED),
    RUNNING: (CLOSED,),
    CLOSED: (CANDIDATE, FORTHCOMING),
}
"""Which states may follow which; "" stands for a programme that is only now written down."""

TEXT, INTEGER, DAYS, YES_NO, CHOICE, CHOICES, DATES = "text", "integer", "days", "yes-no", "choice", "choices", "dates"
KINDS = (TEXT, INTEGER, DAYS, YES_NO, CHOICE, CHOICES, DATES)
"""What a setting can be. ``days`` is a number of days, ``dates`` a list of them, ``choices`` several of a few words."""
NONE = "none"
"""How a list with nothing in it is written."""
LONGEST_VALUE, MOST_DAYS = 1000, 3660


def spelling_key(text: str) -> str:
    """The form under which spellings of a country are compared: no outer or double spaces, no capitals."""
    return _SPACES.sub(" ", text.strip()).casefold()


@dataclass(frozen=True, slots=True)
class Lived:
    """A state of a programme and the first day on which it holds: until the day before the next one's."""

    state: str
    first: date


def state_on(life: Sequence[Lived], on: date) -> Lived | None:
    """The state that held on a day, or None before the first. ``life`` is in the order of its days."""
    return next((one for one in reversed(life) if one.first <= on), None)


def state_refusal(life: Sequence[Lived], wanted: Lived) -> str:
    """Why a state may not follow the life so far, in a sentence; empty where it may."""
    last = life[-1] if life else None
    before = last.state if last else ""
    if wanted.state not in STATES:
        words = {"state": wanted.state, "states": ", ".join(STATES)}
        return _("%(state)s is no state of a country programme: write one of %(states)s") % words
    if wanted.state not in MAY_FOLLOW[before]:
        words = {"before": before, "state": wanted.state, "allowed": ", ".join(MAY_FOLLOW[before])}
        if not before:
            return _("A programme does not begin as %(state)s; it can begin as: %(allowed)s") % words
        return _("After %(before)s cannot come %(state)s; what can come: %(allowed)s") % words
    if last and wanted.first <= last.first:
        words = {"state": last.state, "day": str(last.first)}
        return _("It is %(state)s from %(day)s: the next state begins on a later day") % words
    return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value entered for some days, both ends inside (``last`` None: from then on), with where the rule is written.

    ``value`` None takes a country's own value away for these days: the programme's rule holds again. ``key`` names
    the row; it is empty for what is shipped.
    """

    value: str | None
    first: date
    last: date | None
    source: str
    key: str = ""

    def covers(self, on: date) -> bool:
        """Whether it was entered for that day."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Segment:
    """Days on which one entry decides, both ends inside; ``end`` None: from then on."""

    start: date
    end: date | None
    entry: Entry


def entry_on(entries: Sequence[Entry], on: date) -> Entry | None:
    """The entry that decides on a day: the one entered last of those that cover it. None where none does."""
    return next((one for one in reversed(entries) if one.covers(on)), None)


def timeline(entries: Sequence[Entry]) -> tuple[Segment, ...]:
    """What decides when: the entries laid over each other, later entered ones on top, in the order of the days.

    No two segments share a day, and on every day ``entry_on`` agrees with them. An entry may decide twice, where a
    later one was entered for some days in the middle.
    """
    marks = {one.first for one in entries}
    marks |= {one.last + _ONE_DAY for one in entries if one.last is not None and one.last < date.max}
    found: list[Segment] = []
    ordered = sorted(marks)
    for number, start in enumerate(ordered):
        end = ordered[number + 1] - _ONE_DAY if number + 1 < len(ordered) else None
        entry = entry_on(entries, start)
        if entry is None:
            continue
        if end is None and entry.last is not None:
            end = entry.last
        before = found[-1] if found else None
        if before is not None and before.entry is entry and before.end == start - _ONE_DAY:
            found[-1] = Segment(before.start, end, entry)
        else:
            found.append(Segment(start, end, entry))
    return tuple(found)


def segment_on(segments: Sequence[Segment], on: date) -> Segment | None:
    """The segment of a day, or None in a gap."""
    return next((one for one in segments if one.start <= on and (one.end is None or on <= one.end)), None)


@dataclass(frozen=True, slots=True)
class Decided:
    """Days on which an entry holds in a country: its ``own``, or the programme's where it has none."""

    start: date
    end: date | None
    entry: Entry
    own: bool


def decided(own: Sequence[Entry], whole: Sequence[Entry]) -> tuple[Decided, ...]:
    """What holds when in a country: its own entries where they give a value, else those for every country.

    In the order of the days, no two on the same day; days on which nothing holds are left out.
    """
    found: list[Decided] = []
    parts = {True: timeline(own), False: timeline(whole)}
    marks = {one.start for segments in parts.values() for one in segments}
    marks |= {one.end + _ONE_DAY for segments in parts.values() for one in segments if one.end and one.end < date.max}
    ordered = sorted(marks)
    for number, start in enumerate(ordered):
        end = ordered[number + 1] - _ONE_DAY if number + 1 < len(ordered) else None
        for is_own, segments in parts.items():
            segment = segment_on(segments, start)
            if segment is not None and segment.entry.value is not None:
                before = found[-1] if found else None
                if before and before.entry is segment.entry and before.end == start - _ONE_DAY:
                    found[-1] = Decided(before.start, end, segment.entry, is_own)
                else:
                    found.append(Decided(start, end, segment.entry, is_own))
                break
    return tuple(found)


def decided_on(segments: Sequence[Decided], on: date) -> Decided | None:
    """What holds on a day, or None."""
    return next((one for one in segments if one.start <= on and (one.end is None or on <= one.end)), None)


def value_cleaned(kind: str, text: str, choices: Collection[str] = ()) -> str:
    """A value of a setting as it is stored: one form for each meaning. Raises :class:`WrongUse` that says what fits."""
    given = _SPACES.sub(" ", text.strip())
    if len(given) > LONGEST_VALUE:
        raise WrongUse(_("a value has at most %(most)s characters") % {"most": LONGEST_VALUE})
    if kind == TEXT:
        if not given or not given.isprintable():
            raise WrongUse(_("write the value as one line of text"))
        return given
    if kind in {INTEGER, DAYS}:
        return _number_cleaned(kind, given)
    if kind == YES_NO:
        return _one_cleaned(given.lower(), ("yes", "no"))
    if kind == CHOICE:
        return _one_cleaned(given, choices)
    if kind == CHOICES:
        wanted = _parts(given)
        for one in wanted:
            _one_cleaned(one, choices)
        return ",".join(one for one in choices if one in wanted) or NONE
    if kind == DATES:
        return ",".join(sorted({_day_cleaned(one) for one in _parts(given)})) or NONE
    raise WrongUse(f"{kind!r} is no kind of setting: write one of {', '.join(KINDS)}")


def value_parts(value: str) -> tuple[str, ...]:
    """The parts of a stored list: of kind choices or dates."""
    return () if value in {NONE, ""} else tuple(value.split(","))


def value_dates(value: str) -> tuple[date, ...]:
    """The days of a stored value of kind dates."""
    return tuple(date.fromisoformat(one) for one in value_parts(value))


def _parts(text: str) -> list[str]:
    found = [one for one in _APART.split(text) if one]
    return [] if found == [NONE] else found


def _number_cleaned(kind: str, given: str) -> str:
    if not (given.isascii() and _WHOLE.fullmatch(given)):
        raise WrongUse(_("%(given)s is no whole number: write digits only, such as 28") % {"given": repr(given)})
    number = int(given)
    if kind == DAYS and not 0 <= number <= MOST_DAYS:
        raise WrongUse(_("%(number)s is no number of days from 0 to %(most)s") % {"number": number, "most": MOST_DAYS})
    return str(number)


def _one_cleaned(given: str, choices: Collection[str]) -> str:
    if given not in choices:
        words = {"given": repr(given), "answers": ", ".join(choices)}
        raise WrongUse(_("%(given)s is none of the answers: write one of %(answers)s") % words)
    return given


def _day_cleaned(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise WrongUse(_("%(text)s is no day: write days as 2026-12-31, apart by commas") % {"text": repr(text)})
    return text
