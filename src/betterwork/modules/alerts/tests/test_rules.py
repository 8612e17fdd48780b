"""Nobody closes alone, whatever is tried in whatever order; the clock; what can be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.modules.alerts.kinds import TITLES, kinds
from betterwork.modules.alerts.rules import (
    ASKED,
    CLOSED,
    CLOSING,
    CONFIRMED,
    IN_HAND,
    LONGEST_WORDS,
    NOTED,
    OPEN,
    REFUSED,
    REOPENED,
    STATES,
    STEPS,
    TAKEN,
    TAKEN_BACK,
    Said,
    Standing,
    due_of,
    said_refusal,
    standing_after,
    step_refusal,
    steps_open,
    where_cleaned,
    words_cleaned,
)

pytestmark = pytest.mark.capability("H1")
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PERSONS = ("one", "two", "three", "raiser", "stranger")
NAMED = {"one", "two", "three"}
START = Standing(OPEN, "", "", "raiser")
tries = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(PERSONS)), min_size=15, max_size=60)


def lived(tried: list[tuple[str, str]]) -> tuple[Standing, list[tuple[str, str]]]:
    """What comes of a history of tries: how it stands, and the steps that were not refused."""
    standing, done = START, []
    for step, person in tried:
        if not step_refusal(standing, step, actor=person, named=person in NAMED):
            standing = standing_after(standing, step, actor=person)
            done.append((step, person))
    return standing, done


@given(tries)
def test_nobody_closes_alone_whatever_was_tried_in_whatever_order(tried: list[tuple[str, str]]) -> None:
    standing, done = lived(tried)
    asked = ""
    closed = False
    for step, person in done:
        if step == ASKED:
            asked = person
        elif step == CONFIRMED:
            assert asked and person != asked, "closed by one person alone"
            assert {asked, person} <= NAMED, "closed by somebody who is not named"
            asked, closed = "", True
        elif step in {REFUSED, TAKEN_BACK}:
            asked = ""
        elif step == REOPENED:
            closed = False
    assert closed == (standing.state == CLOSED), "closed by another way than a confirmation"
    assert standing.asked_by == asked
    assert (standing.state == CLOSING) == bool(asked)


@given(tries)
def test_who_is_not_named_does_nothing_but_the_raiser_who_reopens(tried: list[tuple[str, str]]) -> None:
    _standing, done = lived(tried)
    assert {(step, person) for step, person in done if person not in NAMED} <= {(REOPENED, "raiser")}


@given(tries)
def test_from_every_state_two_named_persons_reach_the_end_and_can_begin_again(tried: list[tuple[str, str]]) -> None:
    standing, _done = lived(tried)
    if standing.state == CLOSED:
        standing = standing_after(standing, REOPENED, actor="raiser")
    asks = standing.asked_by or "one"
    other = next(person for person in sorted(NAMED) if person != asks)
    path = {
        OPEN: [(TAKEN, asks), (ASKED, asks), (CONFIRMED, other)],
        IN_HAND: [(ASKED, asks), (CONFIRMED, other)],
        CLOSING: [(CONFIRMED, other)],
    }
    for step, person in path[standing.state]:
        assert not step_refusal(standing, step, actor=person, named=True), (standing, step)
        standing = standing_after(standing, step, actor=person)
    assert standing.state == CLOSED


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_who_is_not_named_is_refused_in_every_state(state: str, step: str) -> None:
    asked = "one" if state == CLOSING else ""
    standing = Standing(state, "one", asked, "raiser")
    assert step_refusal(standing, step, actor="stranger", named=False)
    may = (state, step) == (CLOSED, REOPENED)
    assert bool(step_refusal(standing, step, actor="raiser", named=False)) is not may


def test_what_is_offered_is_what_is_not_refused() -> None:
    assert steps_open(START, actor="one", named=True) == (TAKEN,)
    assert steps_open(START, actor="raiser", named=False) == ()
    hand = Standing(IN_HAND, "one", "", "raiser")
    assert steps_open(hand, actor="one", named=True) == (NOTED, ASKED)
    assert steps_open(hand, actor="two", named=True) == (TAKEN, NOTED, ASKED)
    asking = Standing(CLOSING, "one", "one", "raiser")
    assert steps_open(asking, actor="one", named=True) == (NOTED, TAKEN_BACK)
    assert steps_open(asking, actor="two", named=True) == (NOTED, CONFIRMED, REFUSED)
    closed = Standing(CLOSED, "one", "", "raiser")
    assert steps_open(closed, actor="raiser", named=False) == (REOPENED,)
    assert steps_open(closed, actor="two", named=True) == (REOPENED,)


@given(st.integers(0, 500), st.integers(-400, 900), st.none() | st.integers(0, 900))
def test_a_time_is_late_once_it_is_over_and_not_before(hours: int, passed: int, met: int | None) -> None:
    due = due_of(AT, hours, None if met is None else AT + timedelta(hours=met))
    now = AT + timedelta(hours=passed)
    assert due.late(now) == ((passed if met is None else met) > hours)
    assert due.left(now) == timedelta(hours=hours - passed)


def test_48_hours_are_48_hours_also_over_a_weekend() -> None:
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert due_of(friday, 48, None).due == datetime(2026, 3, 8, 17, 0, tzinfo=UTC)


SAID = Said("a" * 32, "VN", None, "other", "proof", "what it is", "", date(2026, 3, 2), "")
KINDS = frozenset(one.name for one in kinds())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": "A" * 32}, "hexadecimal"),
        ({"id": "a" * 31}, "hexadecimal"),
        ({"kind": "noise"}, "about"),
        ({"certainty": "rumour"}, "suspicion"),
        ({"words": ""}, "Write"),
        ({"words": "x" * (LONGEST_WORDS + 1)}, "longer"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_to_do(change: dict[str, str], why: str) -> None:
    assert said_refusal(SAID, KINDS) == ""
    assert why in str(said_refusal(replace(SAID, **change), KINDS))


def test_words_keep_their_lines_and_lose_signs_that_nobody_sees() -> None:
    assert words_cleaned("  a\r\nb\x00\x07\tc e\u0301 \n") == "a\nb\tc \u00e9"
    assert where_cleaned("visit:1\n question:2" + "x" * 300).startswith("visit:1 question:2x")
    assert len(where_cleaned("x" * 300)) == 200


def test_every_kind_has_words_and_a_source_and_what_was_not_seen_says_so() -> None:
    assert [one.name for one in kinds()] == list(TITLES)
    for one in kinds():
        assert one.source
        assert one.verified != one.source.startswith("background, not verified"), one.name
