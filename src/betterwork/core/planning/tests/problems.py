"""Small problems for tests: by hand, by chance, and all plans there are of a tiny one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import strategies as st

from betterwork.core.planning.checking import broken
from betterwork.core.planning.values import Advisor, Due, Kept, Planned, Problem, Rule, Rules

MONDAY = date(2027, 1, 4)
LANGUAGES, COMPETENCES, PLACES = ("km", "my"), ("payroll",), ("", "north", "south")


def week(number: int) -> date:
    """The Monday of a week; 0 is the plan's first."""
    return MONDAY + timedelta(days=7 * number)


def due(key: str, opens: int = 0, closes: int = 51, **known: object) -> Due:
    """A factory whose window is from one week to another."""
    return replace(Due(key, None, week(opens), week(closes)), **known)


def advisor(key: str, **known: object) -> Advisor:
    """Somebody who speaks Khmer."""
    return replace(Advisor(key, frozenset({"km"})), **known)


def problem(factories: Sequence[Due], advisors: Sequence[Advisor], weeks: int = 1, **known: object) -> Problem:
    """A plan of so many weeks."""
    return replace(Problem(tuple(week(one) for one in range(weeks)), tuple(factories), tuple(advisors)), **known)


def _some(values: Sequence[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values)) if values else st.just(frozenset())


@st.composite
def problems(draw: st.DrawFn, factories: int = 4, advisors: int = 4, weeks: int = 3) -> Problem:
    """Any small problem, awkward ones among them: nobody there, empty windows, everybody away, no room."""
    here = [week(one) for one in range(draw(st.integers(1, weeks)))]
    who = [f"a{one}" for one in range(draw(st.integers(0, advisors)))]
    where = [f"f{one}" for one in range(draw(st.integers(0, factories)))]
    persons = tuple(
        Advisor(
            key,
            interviews=draw(_some(LANGUAGES)),
            competences=draw(_some(COMPETENCES)),
            alone=draw(st.integers(0, 3)) > 0,
            away=draw(st.frozensets(st.sampled_from(here), max_size=2)),
            most_a_week=draw(st.sampled_from([1, 1, 2, 0])),
            most_in_all=draw(st.sampled_from([9, 9, 2, 1, 0])),
            conflicts=draw(_some([*where, "elsewhere"]).filter(lambda found: len(found) < 2)),
        )
        for key in who
    )
    return Problem(
        weeks=tuple(draw(st.permutations(here))),
        factories=tuple(draw(_dues(key, who, len(here))) for key in where),
        advisors=persons,
        rules=Rules(advisors_a_visit=draw(st.sampled_from([2, 2, 2, 1, 3])), seconds=60),
        kept=tuple(
            Kept(draw(_some([*who, "gone"])), draw(st.sampled_from(here)), draw(st.sampled_from(PLACES)), "kept")
            for _one in range(draw(st.integers(0, 1)))
        ),
    )


@st.composite
def _dues(draw: st.DrawFn, key: str, who: list[str], weeks: int) -> Due:
    first = draw(st.integers(-1, weeks))
    return Due(
        key,
        since=draw(st.none() | st.integers(-60, 30).map(lambda days: MONDAY + timedelta(days=days))),
        earliest=week(first),
        latest=week(first + draw(st.integers(-1, weeks))),
        place=draw(st.sampled_from(PLACES)),
        languages=draw(_some(LANGUAGES)),
        competences=draw(_some(COMPETENCES)),
        barred=draw(_some([*who, "gone"]).filter(lambda found: len(found) < 3)),
        last=draw(_some([*who, "gone"])),
        weight=draw(st.sampled_from([1, 1, 2, 3])),
    )


def teams(asked: Problem, sizes: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """All teams of these sizes."""
    for size in sizes:
        yield from combinations(sorted(one.key for one in asked.advisors), size)


def all_plans(asked: Problem) -> Iterator[list[Planned]]:
    """Every plan that breaks no rule."""
    ways: list[list[list[Planned]]] = []
    for one in asked.factories:
        alone = [
            [Planned(one.key, team, each)]
            for each in asked.weeks
            for team in teams(asked, [asked.rules.advisors_a_visit])
        ]
        ways.append([[], *(visit for visit in alone if not broken(asked, visit))])

    def further(so_far: list[Planned], left: list[list[list[Planned]]]) -> Iterator[list[Planned]]:
        if not left:
            yield so_far
            return
        for way in left[0]:
            if not way or not broken(asked, so_far + way):
                yield from further(so_far + way, left[1:])

    yield from further([], ways)


def could_be_placed(asked: Problem, visits: Sequence[Planned], factory: str, without: set[Rule]) -> bool:
    """Whether the factory could be visited beside all these visits if these rules were left out for it."""
    sizes = range(len(asked.advisors) + 1) if Rule.PAIR in without else [asked.rules.advisors_a_visit]
    for each in asked.weeks:
        for team in teams(asked, sizes):
            found = broken(asked, [*visits, Planned(factory, team, each)])
            if all(one.rule in without and (one.factory == factory or one.rule is Rule.CAPACITY) for one in found):
                return True
    return False
