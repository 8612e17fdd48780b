"""Which hard rules a plan breaks, rule by rule as they are worded; knows nothing of how plans are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from betterwork.core.planning.values import Advisor, BadProblem, Broken, Data, Due, Planned, Problem, Rule

MOST_ADVISORS_A_VISIT = 5
MONDAY = 0


def problem_check(problem: Problem) -> None:
    """Refuse a problem that nobody could plan. Raises :class:`BadProblem` with one line that says what to mend."""
    _once("weeks", (str(week) for week in problem.weeks))
    _once("factories", (due.key for due in problem.factories))
    _once("advisors", (advisor.key for advisor in problem.advisors))
    if not problem.weeks:
        raise BadProblem("the plan has no weeks: give at least one Monday")
    mondays = {
        *problem.weeks,
        *(kept.week for kept in problem.kept),
        *(week for advisor in problem.advisors for week in advisor.away),
    }
    for week in sorted(mondays):
        if week.weekday() != MONDAY:
            raise BadProblem(f"{week} is no Monday: weeks are named by their Monday")
    if not 1 <= problem.rules.advisors_a_visit <= MOST_ADVISORS_A_VISIT:
        raise BadProblem(f"a visit takes from 1 to {MOST_ADVISORS_A_VISIT} advisors")
    rules = problem.rules
    if min(rules.workload, rules.travel, rules.rotation) < 0 or rules.seconds < 0:
        raise BadProblem("weights of wishes and seconds are 0 or more")
    for due in problem.factories:
        if due.weight < 1:
            raise BadProblem(f"factory {due.key!r} has weight {due.weight}: the least is 1")
    for advisor in problem.advisors:
        if advisor.most_a_week < 0 or advisor.most_in_all < 0:
            raise BadProblem(f"advisor {advisor.key!r} may have a number of visits below 0: the least is 0")


def _once(what: str, keys: Iterable[str]) -> None:
    twice = sorted(key for key, times in Counter(keys).items() if times > 1)
    if twice:
        raise BadProblem(f"{what} must differ, and these come twice: {', '.join(twice[:5])}")


def broken(problem: Problem, visits: Sequence[Planned]) -> tuple[Broken, ...]:
    """Every hard rule that these visits break, visit by visit in their order; empty when they break none.

    Work that is kept counts for capacity; where it is too much by itself, that is told only of visits that add to it.
    Raises :class:`BadProblem` when a visit is to a factory that is not in the problem.
    """
    factories = {due.key: due for due in problem.factories}
    for visit in visits:
        if visit.factory not in factories:
            raise BadProblem(f"factory {visit.factory!r} is not among those that are due")
    advisors = {advisor.key: advisor for advisor in problem.advisors}
    times = Counter(visit.factory for visit in visits)
    in_week, in_all = _work(problem, visits)
    found: list[Broken] = []
    for visit in visits:
        due = factories[visit.factory]
        team = [advisors[key] for key in dict.fromkeys(visit.pair) if key in advisors]
        found += _team(problem, visit, due, team)
        found += _persons(visit, due, team)
        found += _capacity(visit, team, in_week, in_all)
        if visit.week not in problem.weeks or not due.earliest <= visit.week <= due.latest:
            detail = {"week": str(visit.week), "earliest": str(due.earliest), "latest": str(due.latest)}
            found.append(Broken(Rule.WINDOW, due.key, (), detail))
        if times[due.key] > 1:
            found.append(Broken(Rule.ONCE, due.key, (), {"visits": times[due.key]}))
    return tuple(found)


def broken_by_change(problem: Problem, visits: Sequence[Planned], change: Planned) -> tuple[Broken, ...]:
    """The rules broken when ``change`` stands in place of its factory's visit (or is added).

    All rules that the changed visit itself breaks, and of other visits only what they did not break before.
    Raises :class:`BadProblem` when a factory is not in the problem.
    """
    rest = [visit for visit in visits if visit.factory != change.factory]
    before = {(one.rule, one.factory, one.advisors) for one in broken(problem, visits)}
    return tuple(
        one
        for one in broken(problem, [*rest, change])
        if one.factory == change.factory or (one.rule, one.factory, one.advisors) not in before
    )


def _work(problem: Problem, visits: Sequence[Planned]) -> tuple[Counter[tuple[str, date]], Counter[str]]:
    work = [(key, kept.week) for kept in problem.kept for key in kept.advisors]
    work += [(key, visit.week) for visit in visits for key in dict.fromkeys(visit.pair)]
    return Counter(work), Counter(key for key, _week in work)


def _team(problem: Problem, visit: Planned, due: Due, team: list[Advisor]) -> Iterator[Broken]:
    """What the team as a whole must be."""
    needed = problem.rules.advisors_a_visit
    if not len(team) == len(visit.pair) == needed:
        unknown = tuple(key for key in visit.pair if key not in {one.key for one in problem.advisors})
        yield Broken(Rule.PAIR, due.key, visit.pair, {"advisors": len(team), "needed": needed, "unknown": unknown})
    if not any(advisor.alone for advisor in team):
        yield Broken(Rule.LEAD, due.key, visit.pair)
    for language in sorted(due.languages):
        if not any(language in advisor.interviews for advisor in team):
            yield Broken(Rule.LANGUAGE, due.key, visit.pair, {"language": language})
    for competence in sorted(due.competences):
        if not any(competence in advisor.competences for advisor in team):
            yield Broken(Rule.COMPETENCE, due.key, visit.pair, {"competence": competence})


def _persons(visit: Planned, due: Due, team: list[Advisor]) -> Iterator[Broken]:
    """What each of the team must be."""
    for advisor in team:
        if due.key in advisor.conflicts:
            yield Broken(Rule.CONFLICT, due.key, (advisor.key,))
        if advisor.key in due.barred:
            yield Broken(Rule.ROTATION, due.key, (advisor.key,))
        if visit.week in advisor.away:
            yield Broken(Rule.LEAVE, due.key, (advisor.key,), {"week": str(visit.week)})


def _capacity(
    visit: Planned, team: list[Advisor], in_week: Counter[tuple[str, date]], in_all: Counter[str]
) -> Iterator[Broken]:
    for advisor in team:
        count = in_week[advisor.key, visit.week]
        if count > advisor.most_a_week:
            detail: Data = {"week": str(visit.week), "visits": count, "most": advisor.most_a_week}
            yield Broken(Rule.CAPACITY, visit.factory, (advisor.key,), detail)
        if in_all[advisor.key] > advisor.most_in_all:
            detail = {"visits": in_all[advisor.key], "most": advisor.most_in_all}
            yield Broken(Rule.CAPACITY, visit.factory, (advisor.key,), detail)
