"""Rules of the room by properties: what holds on a day, the life of a programme, which values fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.dated import DatedValue, dated_in_order
from betterwork.core.errors import WrongUse
from betterwork.modules.countries.rules import (
    CLOSED,
    DATES,
    FORTHCOMING,
    KINDS,
    MAY_FOLLOW,
    RUNNING,
    STATES,
    Entry,
    Lived,
    decided,
    decided_on,
    entry_on,
    segment_on,
    state_on,
    state_refusal,
    timeline,
    value_cleaned,
    value_dates,
    value_parts,
)

BEGIN = date(2020, 1, 1)
days = st.integers(0, 12).map(lambda number: BEGIN + timedelta(days=number))
ALL_DAYS = [BEGIN + timedelta(days=number) for number in range(-2, 20)]


@st.composite
def an_entry(draw: st.DrawFn) -> Entry:
    first = draw(days)
    last = draw(st.one_of(st.none(), st.integers(0, 6).map(lambda more: first + timedelta(days=more))))
    return Entry(draw(st.sampled_from([None, "a", "b", "c"])), first, last, "made up")


entries = st.lists(an_entry(), max_size=6)


@given(entries)
def test_on_every_day_the_timeline_says_what_the_entry_made_last_for_that_day_says(made: list[Entry]) -> None:
    found = timeline(made)
    for day in ALL_DAYS:
        segment = segment_on(found, day)
        assert (segment.entry if segment else None) is entry_on(made, day)


@given(entries)
def test_no_two_segments_share_a_day_and_no_segment_could_be_longer(made: list[Entry]) -> None:
    found = timeline(made)
    dated_in_order([DatedValue("x", one.start, one.end, "made up") for one in found])
    for one in found:
        assert entry_on(made, one.start - timedelta(days=1)) is not one.entry
        assert one.end is None or entry_on(made, one.end + timedelta(days=1)) is not one.entry


@given(entries, entries)
def test_a_countrys_own_goes_first_and_where_it_is_taken_away_the_programmes_holds(own, whole) -> None:
    found = decided(own, whole)
    dated_in_order([DatedValue("x", one.start, one.end, "made up") for one in found])
    for day in ALL_DAYS:
        mine, its = entry_on(own, day), entry_on(whole, day)
        expected = mine if mine and mine.value is not None else its if its and its.value is not None else None
        held = decided_on(found, day)
        assert (held.entry if held else None) is expected
        assert held is None or held.own == (expected is mine)


def test_a_value_for_some_days_lies_over_the_one_before_which_holds_again_afterwards() -> None:
    always = Entry("28", BEGIN, None, "law")
    short = Entry("40", BEGIN + timedelta(days=5), BEGIN + timedelta(days=6), "decree")
    assert [one.entry.value for one in timeline([always, short])] == ["28", "40", "28"]
    assert [one.entry.value for one in timeline([short, always])] == ["28"]


def test_a_last_day_at_the_end_of_time_is_no_error() -> None:
    assert timeline([Entry("a", BEGIN, date.max, "law")])[0].end == date.max
    assert decided([Entry("a", BEGIN, date.max, "law")], [])[0].entry.value == "a"


@given(st.lists(st.tuples(st.sampled_from([*STATES, "gone"]), days), max_size=8))
@pytest.mark.capability("A1")
def test_a_life_that_was_let_grow_is_one_that_the_table_allows(wanted: list[tuple[str, date]]) -> None:
    life: list[Lived] = []
    for state, first in wanted:
        if not state_refusal(life, Lived(state, first)):
            life.append(Lived(state, first))
    before, day = "", date.min
    for one in life:
        assert one.state in MAY_FOLLOW[before] and one.first > day
        before, day = one.state, one.first
    for on in ALL_DAYS:
        found = state_on(life, on)
        assert found == max((one for one in life if one.first <= on), key=lambda one: one.first, default=None)


@pytest.mark.parametrize(
    ("life", "wanted", "words"),
    [
        ([], Lived(CLOSED, BEGIN), "does not begin as closed"),
        ([Lived(RUNNING, BEGIN)], Lived(FORTHCOMING, BEGIN + timedelta(1)), "what can come: closed"),
        ([Lived(RUNNING, BEGIN)], Lived(CLOSED, BEGIN), "on a later day"),
        ([Lived(RUNNING, BEGIN)], Lived("asleep", BEGIN + timedelta(1)), "no state"),
    ],
)
def test_a_state_that_may_not_follow_is_refused_with_what_may(life, wanted, words) -> None:
    assert words in state_refusal(life, wanted)


def test_a_closed_programme_can_begin_again_but_not_run_at_once() -> None:
    closed = [Lived(RUNNING, BEGIN), Lived(CLOSED, BEGIN + timedelta(1))]
    assert not state_refusal(closed, Lived(FORTHCOMING, BEGIN + timedelta(2)))
    assert state_refusal(closed, Lived(RUNNING, BEGIN + timedelta(2)))


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("text", "  two   words ", "two words"),
        ("integer", "007", "7"),
        ("integer", "-3", "-3"),
        ("days", "28", "28"),
        ("yes-no", "YES", "yes"),
        ("choice", "b", "b"),
        ("choices", "c a", "a,c"),
        ("choices", "", "none"),
        ("dates", "2026-12-31; 2026-01-01 2026-12-31", "2026-01-01,2026-12-31"),
        ("dates", "none", "none"),
    ],
)
def test_a_value_is_stored_in_one_form(kind: str, text: str, stored: str) -> None:
    assert value_cleaned(kind, text, "abc") == stored
    assert value_cleaned(kind, stored, "abc") == stored


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("text", " \n ", "one line"),
        ("text", "x" * 1001, "at most 1000"),
        ("text", "a\x00b", "one line"),
        ("integer", "1.5", "whole number"),
        ("integer", "١٢", "whole number"),
        ("integer", "9999999999", "whole number"),
        ("days", "-1", "from 0 to"),
        ("days", "4000", "from 0 to"),
        ("yes-no", "maybe", "yes, no"),
        ("choice", "d", "a, b, c"),
        ("choices", "a,d", "a, b, c"),
        ("dates", "31/12/2026", "2026-12-31"),
        ("dates", "20261231", "2026-12-31"),
        ("dates", "2026-02-30", "2026-12-31"),
        ("colour", "red", "no kind"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(kind: str, text: str, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        value_cleaned(kind, text, "abc")


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_a_value_is_refused_or_stored_so_that_it_is_stored_the_same_again(kind: str, text: str) -> None:
    try:
        stored = value_cleaned(kind, text, ("a", "b", "c"))
    except WrongUse:
        return
    assert stored and value_cleaned(kind, stored, ("a", "b", "c")) == stored


@given(st.lists(st.dates(), max_size=5))
def test_days_come_back_as_they_were_written(wanted: list[date]) -> None:
    stored = value_cleaned(DATES, " ".join(one.isoformat() for one in wanted))
    assert value_dates(stored) == tuple(sorted(set(wanted))) and value_parts("none") == ()
