"""What a plan is worth: what it places, how long the overdue still wait, and what it does against the wishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from betterwork.core.planning.values import Due, Planned, Problem

TENTHS = 10
"""Wishes are weighed in tenths, so that an advisor's share can follow the weeks she is there."""


class Worth(NamedTuple):
    """What a plan is worth, the first thing first: the smaller is better, so the weight placed is negative."""

    placed: int
    overdue: int
    wishes: int


def weeks_overdue(due: Due, week: date) -> int:
    """Whole weeks from the day it fell due to that week's Monday; 0 before, and where no day is known."""
    return 0 if due.since is None else max(0, (week - due.since).days // 7)


def waiting(due: Due, week: date) -> int:
    """The cost of visiting in that week: the square of the weeks overdue, so that the longest overdue goes first."""
    return weeks_overdue(due, week) ** 2


def week_after(problem: Problem) -> date:
    """The week after the plan's last: an unplaced factory is counted as if it waited until then."""
    return max(problem.weeks) + timedelta(days=7)


def shares(problem: Problem) -> dict[str, int]:
    """For each advisor what a visit weighs, in tenths: 10 where she is there all weeks, more the more she is away."""
    weeks = set(problem.weeks)
    there = {advisor.key: len(weeks - advisor.away) for advisor in problem.advisors}
    return {key: round(TENTHS * len(weeks) / count) if count else TENTHS for key, count in there.items()}


def worth(problem: Problem, visits: Sequence[Planned]) -> Worth:
    """What these visits (of known factories and advisors) are worth with the work that is kept."""
    factories = {due.key: due for due in problem.factories}
    week_of = {visit.factory: visit.week for visit in visits}
    after = week_after(problem)
    return Worth(
        placed=-sum(factories[key].weight for key in week_of),
        overdue=sum(waiting(due, week_of.get(due.key, after)) for due in problem.factories),
        wishes=_wishes(problem, visits, factories),
    )


def _wishes(problem: Problem, visits: Sequence[Planned], factories: dict[str, Due]) -> int:
    rules, share = problem.rules, shares(problem)
    load = Counter(key for kept in problem.kept for key in kept.advisors)
    load.update(key for visit in visits for key in visit.pair)
    uneven = sum(share[key] * count**2 for key, count in load.items() if key in share)
    stops = [(factories[visit.factory].place, visit.week, visit.pair) for visit in visits]
    nowhere = sum(1 + len(pair) for place, _week, pair in stops if not place)
    stops += [(kept.place, kept.week, tuple(kept.advisors)) for kept in problem.kept]
    journeys = {(place, week) for place, week, _pair in stops if place}
    persons = {(place, week, key) for place, week, pair in stops if place for key in pair}
    again = sum(key in factories[visit.factory].last for visit in visits for key in visit.pair)
    travel = len(journeys) + len(persons) + nowhere
    return rules.workload * uneven + TENTHS * (rules.travel * travel + rules.rotation * again)
