"""Small plans whose right answer anybody can find by hand, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from betterwork.core.planning import solving
from betterwork.core.planning.checking import broken, broken_by_change
from betterwork.core.planning.solving import plan
from betterwork.core.planning.tests.problems import MONDAY, advisor, due, problem, week
from betterwork.core.planning.values import (
    BadProblem,
    Because,
    Cause,
    Kept,
    Plan,
    Planned,
    Problem,
    Rule,
    Rules,
    Unplaced,
)

pytestmark = pytest.mark.capability("C1")
ANNA, BOPHA, CHAN, DARA = (advisor(key) for key in ("anna", "bopha", "chan", "dara"))


def placed(made: Plan) -> list[tuple[str, tuple[str, ...], int]]:
    """Factory, team and number of the week."""
    return [(one.factory, one.pair, (one.week - MONDAY).days // 7) for one in made.visits]


def said(visit: Planned) -> dict[Because, dict[str, Any]]:
    """The reasons of a visit."""
    return {one.because: dict(one.detail) for one in visit.why}


def only_unplaced(asked: Problem) -> Unplaced:
    """The one factory that the plan has no visit for."""
    made = plan(asked)
    assert len(made.unplaced) == 1, made
    return made.unplaced[0]


@pytest.fixture(autouse=True, params=["from the first plan", "by the model alone"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is found twice, so that a good first plan cannot hide a wrong model."""
    if request.param == "by the model alone":
        monkeypatch.setattr(solving, "first_plan", lambda ground, room, candidates: {})


# -- who goes where and when ------------------------------------------------------------------------


def test_the_longest_overdue_goes_first() -> None:
    factories = [
        due("late", since=MONDAY - timedelta(days=14)),
        due("later", since=MONDAY - timedelta(days=140)),
        due("not yet", since=MONDAY + timedelta(days=140)),
    ]
    made = plan(problem(factories, [ANNA, BOPHA], weeks=3))
    assert placed(made) == [
        ("later", ("anna", "bopha"), 0),
        ("late", ("anna", "bopha"), 1),
        ("not yet", ("anna", "bopha"), 2),
    ]
    assert made.quality.overdue == 20**2 + 3**2 and made.quality.whole
    assert said(made.visits[0])[Because.OVERDUE] == {"since": str(MONDAY - timedelta(days=140)), "weeks": 20}
    assert said(made.visits[2])[Because.DUE] == {"since": str(MONDAY + timedelta(days=140))}


def test_where_room_is_short_the_heavier_is_placed_and_among_equals_the_overdue() -> None:
    equals = [due("a"), due("b", since=MONDAY - timedelta(days=70)), due("c")]
    assert placed(plan(problem(equals, [ANNA, BOPHA])))[0][0] == "b"
    heavier = [*equals[:2], due("c", weight=2)]
    assert placed(plan(problem(heavier, [ANNA, BOPHA])))[0][0] == "c"


def test_two_share_the_languages_and_competences_and_it_is_said_who_covers_which() -> None:
    asked = problem(
        [due("f", languages=frozenset({"km", "my"}), competences=frozenset({"payroll"}), last=frozenset({"mya"}))],
        [ANNA, BOPHA, advisor("mya", interviews=frozenset({"my"}), competences=frozenset({"payroll"}))],
    )
    made = plan(asked)
    [visit] = made.visits
    assert made.quality.whole and "mya" in visit.pair
    other = next(key for key in visit.pair if key != "mya")
    assert said(visit)[Because.LANGUAGES] == {"km": (other,), "my": ("mya",)}
    assert said(visit)[Because.COMPETENCES] == {"payroll": ("mya",)}


def test_two_beginners_are_not_sent_together() -> None:
    beginners = [replace(ANNA, alone=False), replace(BOPHA, alone=False)]
    [visit] = plan(problem([due("f")], [*beginners, CHAN])).visits
    assert "chan" in visit.pair


def test_others_than_the_last_time_are_sent_where_there_are_others() -> None:
    last = frozenset({"anna", "bopha"})
    [visit] = plan(problem([due("f", last=last)], [ANNA, BOPHA, CHAN, DARA])).visits
    assert visit.pair == ("chan", "dara")
    assert said(visit)[Because.OTHERS_THAN_LAST] == {"last": ("anna", "bopha")}
    [visit] = plan(problem([due("f", last=last)], [ANNA, BOPHA])).visits
    assert said(visit)[Because.AGAIN] == {"advisors": ("anna", "bopha")}


@pytest.mark.capability("O3")
def test_work_is_shared_evenly_and_the_load_after_each_visit_is_said() -> None:
    factories = [due(f"f{one}") for one in range(4)]
    made = plan(problem(factories, [ANNA, BOPHA, CHAN, DARA], weeks=4))
    last_said: dict[str, Any] = {}
    for visit in made.visits:
        last_said |= said(visit)[Because.LOAD]
    assert last_said == {"anna": 2, "bopha": 2, "chan": 2, "dara": 2}


def test_who_is_away_half_the_time_has_a_smaller_share() -> None:
    half = replace(ANNA, away=frozenset(week(one) for one in range(6)))
    made = plan(problem([due(f"f{one}") for one in range(6)], [half, BOPHA, CHAN], weeks=12))
    visits = [key for one in made.visits for key in one.pair]
    assert visits.count("anna") < visits.count("bopha")


def test_neighbours_are_visited_in_one_week_by_the_same_two() -> None:
    twice = [replace(one, most_a_week=2) for one in (ANNA, BOPHA, CHAN, DARA)]
    factories = [due("f1", place="north"), due("f2", place="south"), due("f3", place="north"), due("f4", place="south")]
    made = plan(problem(factories, twice, weeks=4, rules=Rules(travel=9)))
    weeks = {one.factory: (one.week, one.pair) for one in made.visits}
    assert weeks["f1"] == weeks["f3"] and weeks["f2"] == weeks["f4"]
    assert weeks["f1"][1] != weeks["f2"][1]
    north = next(one for one in made.visits if one.factory == "f1")
    assert said(north)[Because.SAME_PLACE] == {"place": "north", "factories": ("f3",), "advisors": north.pair}


def test_work_that_stands_takes_its_room_and_draws_visits_to_its_place() -> None:
    kept = (Kept(frozenset({"anna", "bopha"}), week(0)), Kept(frozenset({"chan"}), week(2), "north", "f9"))
    made = plan(problem([due("f", place="north")], [ANNA, BOPHA], weeks=4, kept=kept))
    assert placed(made) == [("f", ("anna", "bopha"), 2)]
    assert said(made.visits[0])[Because.LOAD] == {"anna": 2, "bopha": 2}
    assert said(made.visits[0])[Because.SAME_PLACE]["factories"] == ("f9",)


# -- why not ------------------------------------------------------------------------------------------


def test_a_language_nobody_interviews_in_is_named() -> None:
    one = only_unplaced(problem([due("f", languages=frozenset({"km", "my"}))], [ANNA, BOPHA]))
    assert (one.rule, one.cause, dict(one.detail)) == (Rule.LANGUAGE, Cause.NOBODY_INTERVIEWS, {"languages": ("my",)})
    assert (one.also, one.instead) == ((), ())


def test_where_the_only_speaker_is_away_leave_is_named_and_what_else_would_do() -> None:
    mya = advisor("mya", interviews=frozenset({"my"}), away=frozenset({week(0)}))
    one = only_unplaced(problem([due("f", 0, 0, languages=frozenset({"my"}))], [ANNA, BOPHA, mya], weeks=2))
    assert (one.rule, one.cause) == (Rule.LEAVE, Cause.AWAY)
    assert dict(one.detail) == {"advisors": ("mya",), "weeks": (str(week(0)),)}
    assert one.instead == (Rule.LANGUAGE, Rule.WINDOW)


@pytest.mark.parametrize(
    ("factory", "advisors", "rule", "cause", "detail"),
    [
        (due("f"), [ANNA], Rule.PAIR, Cause.TOO_FEW_ADVISORS, {"advisors": 1, "needed": 2}),
        (due("f"), [replace(ANNA, alone=False), replace(BOPHA, alone=False)], Rule.LEAD, Cause.NOBODY_LEADS,
         {"advisors": ()}),
        (due("f", competences=frozenset({"payroll"})), [ANNA, BOPHA], Rule.COMPETENCE, Cause.NOBODY_HAS,
         {"competences": ("payroll",)}),
        (due("f"), [ANNA, replace(BOPHA, conflicts=frozenset({"f"}))], Rule.CONFLICT, Cause.IN_CONFLICT,
         {"advisors": ("bopha",)}),
        (due("f", barred=frozenset({"anna"})), [ANNA, BOPHA], Rule.ROTATION, Cause.BARRED, {"advisors": ("anna",)}),
        (due("f"), [ANNA, replace(BOPHA, most_in_all=0)], Rule.CAPACITY, Cause.FULL,
         {"advisors": ("anna", "bopha"), "weeks": (str(week(0)),)}),
        (due("f", 7, 9), [ANNA, BOPHA], Rule.WINDOW, Cause.NO_WEEK,
         {"earliest": str(week(7)), "latest": str(week(9)), "other_week": str(week(0))}),
    ],
)  # fmt: skip
def test_each_rule_that_stops_a_factory_is_named(
    factory: Any, advisors: Any, rule: Rule, cause: Cause, detail: dict[str, Any]
) -> None:
    one = only_unplaced(problem([factory], advisors))
    assert (one.rule, one.cause, dict(one.detail)) == (rule, cause, detail)


def test_two_rules_that_stop_it_together_are_both_named() -> None:
    one = only_unplaced(problem([due("f", languages=frozenset({"my"}), barred=frozenset({"anna"}))], [ANNA, BOPHA]))
    assert {one.rule, *one.also} == {Rule.ROTATION, Rule.LANGUAGE}
    assert one.instead == ()


def test_without_any_advisor_the_team_is_what_is_missing() -> None:
    one = only_unplaced(problem([due("f")], []))
    assert {one.rule, *one.also} == {Rule.PAIR, Rule.LEAD}


def test_where_others_fill_the_window_capacity_is_named_with_a_week_that_is_free() -> None:
    factories = [due("f1", 0, 0, weight=2), due("f2", 0, 0)]
    made = plan(problem(factories, [ANNA, BOPHA], weeks=3))
    [one] = made.unplaced
    assert (one.factory, one.rule, one.cause) == ("f2", Rule.CAPACITY, Cause.FULL)
    assert one.detail["other_week"] == str(week(1)) and one.instead == (Rule.WINDOW,)
    assert (made.quality.placed, made.quality.at_most, made.quality.gap) == (2, 2, 0)


# -- the checker --------------------------------------------------------------------------------------


def test_the_checker_names_every_rule_that_a_visit_breaks() -> None:
    team = [
        replace(ANNA, alone=False, conflicts=frozenset({"f"})),
        replace(BOPHA, alone=False, away=frozenset({week(0)}), most_in_all=0),
    ]
    needs = due("f", 1, 2, languages=frozenset({"my"}), competences=frozenset({"payroll"}), barred=frozenset({"bopha"}))
    visit = Planned("f", ("anna", "bopha"), week(0))
    found = broken(problem([needs], team, rules=Rules(advisors_a_visit=3)), [visit, visit])
    assert {one.rule for one in found} == set(Rule)
    assert [one.advisors for one in found if one.rule is Rule.LEAVE] == [("bopha",)] * 2


@pytest.mark.parametrize("pair", [(), ("anna",), ("anna", "anna"), ("anna", "nobody"), ("anna", "bopha", "chan")])
def test_another_number_of_advisors_than_two_known_ones_is_no_pair(pair: tuple[str, ...]) -> None:
    found = broken(problem([due("f")], [ANNA, BOPHA, CHAN]), [Planned("f", pair, week(0))])
    assert Rule.PAIR in {one.rule for one in found}


def test_a_change_is_held_against_the_rest_of_the_plan() -> None:
    asked = problem([due("f1"), due("f2")], [ANNA, BOPHA, CHAN, DARA], weeks=2)
    visits = [Planned("f1", ("anna", "bopha"), week(0)), Planned("f2", ("chan", "dara"), week(0))]
    assert broken_by_change(asked, visits, Planned("f2", ("anna", "chan"), week(1))) == ()
    found = broken_by_change(asked, visits, Planned("f2", ("anna", "chan"), week(0)))
    assert [(one.rule, one.factory, one.advisors) for one in found] == [
        (Rule.CAPACITY, "f1", ("anna",)),
        (Rule.CAPACITY, "f2", ("anna",)),
    ]


def test_work_kept_beyond_capacity_is_told_only_of_visits_that_add_to_it() -> None:
    kept = (Kept(frozenset({"anna"}), week(0)), Kept(frozenset({"anna"}), week(0)))
    asked = problem([due("f")], [ANNA, BOPHA, CHAN], weeks=2, kept=kept)
    assert broken(asked, [Planned("f", ("bopha", "chan"), week(0))]) == ()
    [found] = broken(asked, [Planned("f", ("anna", "chan"), week(0))])
    assert (found.rule, dict(found.detail)) == (Rule.CAPACITY, {"week": str(week(0)), "visits": 3, "most": 1})


# -- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (problem([due("f"), due("f")], []), "factories must differ, and these come twice: f"),
        (problem([], [ANNA, ANNA]), "advisors must differ, and these come twice: anna"),
        (problem([], [], weeks=0), "the plan has no weeks"),
        (replace(problem([], []), weeks=(MONDAY, MONDAY)), "weeks must differ"),
        (replace(problem([], []), weeks=(MONDAY + timedelta(days=1),)), "2027-01-05 is no Monday"),
        (problem([], [replace(ANNA, away=frozenset({MONDAY + timedelta(days=2)}))]), "2027-01-06 is no Monday"),
        (problem([], [], kept=(Kept(frozenset(), MONDAY + timedelta(days=3)),)), "2027-01-07 is no Monday"),
        (problem([], [], rules=Rules(advisors_a_visit=0)), "a visit takes from 1 to 5"),
        (problem([], [], rules=Rules(travel=-1)), "0 or more"),
        (problem([due("f", weight=0)], []), "weight 0"),
        (problem([], [replace(ANNA, most_a_week=-1)]), "below 0"),
    ],
)
def test_a_problem_that_cannot_be_planned_is_refused_in_one_clear_line(asked: Problem, words: str) -> None:
    with pytest.raises(BadProblem, match=words):
        plan(asked)


def test_a_visit_to_a_factory_that_is_not_due_is_refused() -> None:
    with pytest.raises(BadProblem, match="'g' is not among those that are due"):
        broken(problem([due("f")], [ANNA]), [Planned("g", ("anna",), MONDAY)])
