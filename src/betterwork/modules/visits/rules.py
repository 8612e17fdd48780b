"""What may be done with visits, when a factory is due, which days of a week a visit takes: pure functions."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from betterwork.core.planning.values import Rule

ASSESSMENT, ADVICE, TRAINING, INSPECTION = "assessment", "advice", "training", "inspection"
KINDS: dict[str, Any] = {
    ASSESSMENT: _("Assessment"),
    ADVICE: _("Advice"),
    TRAINING: _("Training"),
    INSPECTION: _("Inspection"),
}
PROPOSED, PLANNED, UNDER_WAY, DONE, CANCELLED = "proposed", "planned", "under-way", "done", "cancelled"
STATES: dict[str, tuple[Any, str]] = {
    PROPOSED: (pgettext_lazy("visit", "Proposed"), "wait"),
    PLANNED: (pgettext_lazy("visit", "Planned"), "info"),
    UNDER_WAY: (pgettext_lazy("visit", "Under way"), "wait"),
    DONE: (pgettext_lazy("visit", "Done"), "ok"),
    CANCELLED: (pgettext_lazy("visit", "Cancelled"), "none"),
}
"""The state of a visit in a word, and the kind of its tag."""
STANDING = (PLANNED, UNDER_WAY)
AGREED = (PLANNED, UNDER_WAY, DONE)
LEAD, PARTNER, INTERPRETER, INSPECTOR, OBSERVER = "lead", "partner", "interpreter", "inspector", "observer"
PARTS: dict[str, Any] = {
    LEAD: pgettext_lazy("part in a visit", "Leads"),
    PARTNER: pgettext_lazy("part in a visit", "Partner"),
    INTERPRETER: pgettext_lazy("part in a visit", "Interpreter"),
    INSPECTOR: pgettext_lazy("part in a visit", "Labour inspector"),
    OBSERVER: pgettext_lazy("part in a visit", "Observer"),
}
ASSESSORS = (LEAD, PARTNER)
"""Those who assess: the only ones to whom answers and interviews belong."""
MAKING, ACCEPTED, ASIDE, FAILED = "making", "accepted", "aside", "failed"
PLAN_STATES: dict[str, tuple[Any, str]] = {
    MAKING: (pgettext_lazy("plan", "Being made"), "info"),
    PROPOSED: (pgettext_lazy("plan", "To look at"), "wait"),
    ACCEPTED: (pgettext_lazy("plan", "Accepted"), "ok"),
    ASIDE: (pgettext_lazy("plan", "Put aside"), "none"),
    FAILED: (pgettext_lazy("plan", "Not made"), "nc"),
}
OVERDUE, DUE_SOON, LATER = "overdue", "due", "later"
DUE_WORDS: dict[str, tuple[Any, str]] = {
    OVERDUE: (_("Overdue"), "nc"),
    DUE_SOON: (_("Due within weeks"), "wait"),
    LATER: (_("Due later"), "none"),
}
PREPARATION, ON_SITE, TRAVEL, REPORT = "preparation", "on-site", "travel", "report"
ACTIVITIES: dict[str, Any] = {
    PREPARATION: _("Preparation"),
    ON_SITE: _("On site"),
    TRAVEL: _("Travel"),
    REPORT: _("Report"),
}
MOST_MINUTES = 24 * 60
SHORTEST_REASON = 10
LONGEST_VISIT = 31
LONGEST_PLAN = timedelta(days=371)
"""A year and a week."""
WEEK = timedelta(days=7)
ARRIVES_EARLY = timedelta(days=1)
"""East of Greenwich a morning is the evening before by the clock of the platform."""
ARRIVES_LATE = timedelta(days=31)
"""Arrival may be written down later: there was no network."""
TIME_BEFORE, TIME_AFTER = timedelta(days=90), timedelta(days=180)
"""How long before and after a visit time is spent on it."""
NEVER_OVERRULED = frozenset({Rule.CONFLICT, Rule.LEAVE, Rule.PAIR, Rule.ONCE})
"""No reason makes these right: a conflict of interest, leave, too few or too many people, the same visit twice."""


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> tuple[date, ...]:
    """The Mondays of the weeks that begin on ``first`` or later and on ``last`` or earlier."""
    monday = first if first.weekday() == 0 else monday_of(first) + WEEK
    return tuple(monday + WEEK * step for step in range((last - monday).days // 7 + 1)) if monday <= last else ()


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both inside."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Falls:
    """When a factory falls due, and from which day on it may be assessed at all."""

    due: date
    not_before: date


def falls_due(*, last: date | None, cycle_began: date, months: int, advice_days: int) -> Falls:
    """When the next assessment is due by the country's rule.

    The first days of a cycle are for advice: the assessment comes after them (DOMAIN b 2). It is due ``months`` after
    the last day of the last one; without one, when the advice is over.
    """
    not_before = cycle_began + timedelta(days=advice_days)
    due = not_before if last is None else max(not_before, months_later(last, months))
    return Falls(due, not_before)


def window(falls: Falls, *, weeks: int, first: date, last: date, lot: int = 0) -> tuple[date, date]:
    """First and last day on which the week of the visit may begin, in a plan of the days ``first`` to ``last``.

    ``weeks`` before and after the due day, not while advice comes first. What is overdue already may come in any week
    of the plan: late is better than not at all. ``lot`` draws, among the weeks before the due day, from which on it
    may come: a plan takes the first week with room, and who knows the rules could reckon that one.
    """
    drawn = WEEK * (lot % (weeks + 1)) if falls.due >= first else timedelta(0)
    earliest = max(falls.not_before, falls.due - WEEK * weeks + drawn)
    latest = last if falls.due < first else falls.due + WEEK * weeks
    return earliest, latest


def days_in_week(working: Sequence[date], length: int, taken: Collection[date], lot: int) -> tuple[date, date] | None:
    """First and last day of a visit in a week: days that follow each other, are worked and not taken; None for none.

    ``lot`` chooses among them: were it always the Monday, it would be no surprise.
    """
    free = [day for day in working if day not in taken]
    starts = [day for day in free if all(day + timedelta(days=step) in free for step in range(length))]
    if not starts:
        return None
    first = starts[lot % len(starts)]
    return first, first + timedelta(days=length - 1)


def days_refusal(first: date, last: date) -> Any:
    """Why these cannot be the days of a visit, in words; empty where they can."""
    if last < first:
        return _("The last day lies before the first.")
    return _("A visit takes a month at most.") if (last - first).days >= LONGEST_VISIT else ""


def plan_refusal(first: date, last: date, today: date) -> Any:
    """Why no plan can be made for these days, in words; empty where one can."""
    if not weeks_between(first, last):
        return _("No week begins between these days: plan for a Monday or more.")
    if last - first > LONGEST_PLAN:
        return _("A plan is for a year at most.")
    return _("These days lie in the past.") if first < today else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Who goes, as what."""

    person: str
    part: str


def team_refusal(team: Sequence[Place], *, kind: str, assessors: int, joint: bool) -> Any:
    """Why these cannot be the team of a visit, in words; empty where they can."""
    persons = [one.person for one in team]
    if len(set(persons)) < len(persons):
        return _("Somebody is named twice: everybody has one part.")
    if any(one.part not in PARTS for one in team) or sum(one.part == LEAD for one in team) != 1:
        return _("One person leads the visit.")
    wanted = assessors if kind == ASSESSMENT else 1
    if sum(one.part in ASSESSORS for one in team) < wanted:
        return _("An assessment takes more people: choose who leads and who goes along.")
    if kind == ASSESSMENT and sum(one.part in ASSESSORS for one in team) > wanted:
        return _("These are more people than an assessment takes by the country's rule.")
    if any(one.part == INSPECTOR for one in team) and not joint:
        return _("Labour inspectors come along on joint visits alone.")
    return ""


def arrival_refusal(state: str, *, first_day: date, last_day: date, on: date, today: date) -> Any:
    """Why arrival cannot be recorded, in words; empty where it can."""
    if state != PLANNED:
        return _("Arrival is recorded once, of a visit that is planned.")
    if today < first_day - ARRIVES_EARLY:
        return _("This visit has not begun: with arrival the factory sees that you are there. Change its days first.")
    if on < first_day - ARRIVES_EARLY or on > last_day:
        return _("You arrived on another day than one of the visit's: change its days first.")
    if on > today + ARRIVES_EARLY or today > last_day + ARRIVES_LATE:
        return _("This day is too far away: change the days of the visit first.")
    return ""


def time_refusal(*, state: str, first_day: date, last_day: date, day: date, minutes: int, today: date) -> Any:
    """Why time cannot be entered, in words; empty where it can. 0 minutes take an entry away."""
    if state in (PROPOSED, CANCELLED) and minutes:
        return _("Time is entered on visits that are agreed.")
    if not 0 <= minutes <= MOST_MINUTES:
        return _("A day has 24 hours.")
    if day > today + ARRIVES_EARLY:
        return _("This day is still to come.")
    if not first_day - TIME_BEFORE <= day <= last_day + TIME_AFTER:
        return _("This day is too far from the days of the visit.")
    return ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one service took of the time, beside what it is meant to take."""

    kind: str
    visits: int
    minutes: int
    share: float | None
    """Of the time of all services of the mix; None where none was entered, or it is not one of them."""
    meant: int | None
    """Percent; None for what is not one of them."""


def mix(rows: Iterable[tuple[str, int, int]], meant: dict[str, int]) -> list[Share]:
    """The services in their order, from (kind, visits with time entered, minutes)."""
    found = {kind: (visits, minutes) for kind, visits, minutes in rows}
    whole = sum(minutes for kind, (_visits, minutes) in found.items() if kind in meant)
    shares = []
    for kind in KINDS:
        visits, minutes = found.get(kind, (0, 0))
        counted = kind in meant and whole
        shares.append(Share(kind, visits, minutes, minutes / whole if counted else None, meant.get(kind)))
    return shares
