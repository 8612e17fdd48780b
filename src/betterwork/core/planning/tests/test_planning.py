"""What holds of every plan: random small problems against the checker and against all plans there are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from betterwork.core.planning import solving
from betterwork.core.planning.checking import broken
from betterwork.core.planning.solving import plan
from betterwork.core.planning.tests.problems import (
    advisor,
    all_plans,
    could_be_placed,
    due,
    problem,
    problems,
    week,
)
from betterwork.core.planning.values import Kept, Plan, Problem, Rules
from betterwork.core.planning.weighing import worth

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
pytestmark = pytest.mark.capability("C1")


@contextmanager
def piece_by_piece(most: int = 8) -> Iterator[None]:
    """As a large problem is solved."""
    before = solving.WHOLE_MOST, solving.PIECE_MOST, solving.REPAIR_MOST
    solving.WHOLE_MOST, solving.PIECE_MOST, solving.REPAIR_MOST = -1, most, most
    try:
        yield
    finally:
        solving.WHOLE_MOST, solving.PIECE_MOST, solving.REPAIR_MOST = before


def planned(asked: Problem, *, pieces: bool) -> Plan:
    """The plan, as a whole or piece by piece."""
    if not pieces:
        return plan(asked)
    with piece_by_piece():
        return plan(asked)


@some
@given(asked=problems(), pieces=st.booleans())
@example(asked=problem([], []), pieces=False)
@example(asked=problem([due("f")], [], rules=Rules(seconds=0)), pieces=True)
def test_no_plan_breaks_a_hard_rule_and_every_factory_is_in_it_once(asked: Problem, pieces: bool) -> None:
    made = planned(asked, pieces=pieces)
    assert broken(asked, made.visits) == ()
    named = [one.factory for one in made.visits] + [one.factory for one in made.unplaced]
    assert sorted(named) == sorted(one.key for one in asked.factories)
    weight = {one.key: one.weight for one in asked.factories}
    assert made.quality.placed == sum(weight[one.factory] for one in made.visits) <= made.quality.at_most
    assert -worth(asked, made.visits).placed == made.quality.placed


@some
@given(asked=problems())
def test_without_any_time_the_plan_breaks_no_hard_rule_and_says_that_time_ran_out(asked: Problem) -> None:
    hurried = replace(asked, rules=replace(asked.rules, seconds=0))
    made = plan(hurried)
    assert broken(hurried, made.visits) == ()
    assert made.quality.out_of_time or made.quality.whole


@settings(some, max_examples=40)
@given(asked=problems(factories=3, advisors=4, weeks=2))
def test_a_plan_made_as_a_whole_is_the_best_of_all_plans_there_are(asked: Problem) -> None:
    made = plan(asked)
    assert made.quality.whole and made.quality.gap == 0
    assert worth(asked, made.visits) == min(worth(asked, one) for one in all_plans(asked))


@settings(some, max_examples=40)
@given(asked=problems(factories=3, advisors=4, weeks=2))
def test_no_plan_places_more_than_a_plan_in_pieces_says_can_be(asked: Problem) -> None:
    made = planned(asked, pieces=True)
    best = -min(worth(asked, one) for one in all_plans(asked)).placed
    assert made.quality.placed <= best <= made.quality.at_most


@some
@given(asked=problems(), pieces=st.booleans())
def test_the_rules_named_for_an_unplaced_factory_are_what_stops_it(asked: Problem, pieces: bool) -> None:
    made = planned(asked, pieces=pieces)
    for one in made.unplaced:
        named = {one.rule, *one.also}
        assert could_be_placed(asked, made.visits, one.factory, named), one
        for rule in named:
            assert not could_be_placed(asked, made.visits, one.factory, named - {rule}), (one, rule)
        for rule in one.instead:
            assert could_be_placed(asked, made.visits, one.factory, {rule}), (one, rule)


@settings(some, max_examples=40)
@given(asked=problems(), pieces=st.booleans(), order=st.randoms(use_true_random=False))
def test_the_same_problem_gives_the_same_plan_in_whatever_order_it_is_told(
    asked: Problem, pieces: bool, order: object
) -> None:
    factories, advisors = list(asked.factories), list(asked.advisors)
    order.shuffle(factories)  # type: ignore[attr-defined]
    order.shuffle(advisors)  # type: ignore[attr-defined]
    other = replace(asked, factories=tuple(factories), advisors=tuple(advisors))
    assert planned(asked, pieces=pieces) == planned(other, pieces=pieces)


@settings(some, max_examples=40)
@given(asked=problems().filter(lambda asked: asked.advisors))
def test_one_advisor_more_never_places_less(asked: Problem) -> None:
    fewer = replace(asked, advisors=asked.advisors[:-1])
    assert plan(fewer).quality.placed <= plan(asked).quality.placed


TOLD = "from betterwork.core.planning.tests.test_planning import middling_told; print(middling_told())"


def middling_told() -> str:
    """The plan of a problem with several pieces, as text."""
    with piece_by_piece(most=150):
        return repr(plan(middling()))


def middling() -> Problem:
    """Three times as many visits as there are weeks, most of them overdue."""
    both = frozenset({"km", "my"})
    persons = [
        replace(
            advisor(f"a{one}", alone=one % 3 > 0, most_a_week=1 + one % 2),
            interviews=both if one % 2 else frozenset({"km"}),
        )
        for one in range(6)
    ]
    factories = [
        due(
            f"f{one:02}",
            one % 5,
            one % 5 + 7,
            place=f"p{one % 4}",
            since=week(one - 12),
            last=frozenset({f"a{one % 6}"}),
            languages=both if one % 7 == 0 else frozenset({"km"}),
        )
        for one in range(24)
    ]
    return problem(factories, persons, weeks=12, kept=(Kept(frozenset({"a1", "a2"}), week(3), "p1"),))


def test_another_process_makes_the_same_plan() -> None:
    told = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", TOLD], capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        assert done.returncode == 0, done.stderr
        told.add(done.stdout.strip())
    assert told == {middling_told()}


def test_when_time_runs_out_in_the_middle_the_best_so_far_is_given() -> None:
    asked = replace(middling(), rules=Rules(seconds=60))
    ticks = iter(range(0, 20_000, 2))
    first = plan(replace(asked, rules=Rules(seconds=0)))
    with piece_by_piece(most=150):
        hurried, whole = plan(asked, clock=lambda: float(next(ticks))), plan(asked)
    assert hurried.quality.out_of_time and not whole.quality.out_of_time
    assert broken(asked, hurried.visits) == ()
    assert worth(asked, hurried.visits) < worth(asked, first.visits)
    assert worth(asked, whole.visits) < worth(asked, first.visits)


def test_values_and_checker_need_neither_numpy_nor_scipy() -> None:
    asked = (
        "import sys, betterwork.core.planning.checking, betterwork.core.planning.values\n"
        "print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
