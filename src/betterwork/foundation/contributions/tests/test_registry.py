"""What rooms add to shared pages: order, bounds, and nothing lost in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.contributions import registry
from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Panel,
    Task,
    home_add,
    home_tasks,
    keeping_add,
    menu_add,
    names_add,
    panel_add,
    panels_of,
    person_names,
    search_add,
    search_hits,
)
from betterwork.foundation.doors.actor import Actor

AT = datetime(2026, 11, 22, tzinfo=UTC)
TODAY = AT.date()


@pytest.fixture(autouse=True)
def nothing_added_yet(monkeypatch):
    for name, empty in {"MENU": [], "HOME": {}, "PANELS": {}, "SEARCH": {}, "NAMES": {}, "KEEPINGS": {}}.items():
        monkeypatch.setattr(registry, name, empty)


days = st.one_of(st.none(), st.integers(-5, 5).map(lambda number: TODAY + timedelta(days=number)))
tasks = st.builds(
    Task, title=st.text(max_size=3), why=st.just("w"), url=st.just("/"), due=days, order=st.integers(0, 3)
)


@given(st.dictionaries(st.sampled_from("abc"), st.lists(tasks, max_size=4)))
def test_tasks_come_late_ones_first_and_those_without_a_day_last_whoever_added_them(added):
    registry.HOME.clear()
    for name, some in added.items():
        home_add(name, lambda actor, at, some=some: iter(some))
    found = home_tasks(Actor("p-1"), AT)
    assert sorted(map(repr, found)) == sorted(repr(one) for some in added.values() for one in some)
    dues = [one.due or date.max for one in found]
    assert dues == sorted(dues)
    backwards = dict(reversed(list(registry.HOME.items())))
    registry.HOME.clear()
    registry.HOME.update(backwards)
    assert [(one.due, one.order, one.title) for one in home_tasks(Actor("p-1"), AT)] == [
        (one.due, one.order, one.title) for one in found
    ], "nobody depends on which room was loaded first"


def test_panels_stand_in_their_order_and_only_on_pages_of_their_kind():
    panel_add("factory", "b", lambda actor, thing, at: [Panel("Last", "t", order=9), Panel("First", "t", order=1)])
    panel_add("factory", "a", lambda actor, thing, at: [Panel("Middle", "t", order=5)])
    assert [one.title for one in panels_of("factory", Actor(), object(), AT)] == ["First", "Middle", "Last"]
    assert panels_of("person", Actor(), object(), AT) == []


@given(st.integers(0, 8), st.integers(0, 8))
def test_no_room_fills_the_search_with_more_than_its_share(most, number):
    registry.SEARCH.clear()
    search_add("greedy", lambda actor, text, most: (Hit(str(one), "Thing", "/") for one in range(number)))
    search_add("modest", lambda actor, text, most: [Hit("x", "Thing", "/")])
    hits = search_hits(Actor("p-1"), "x", most)
    assert len(hits) == min(most, number) + min(most, 1)


def test_names_are_asked_once_for_all_and_answered_for_those_asked_alone():
    asked = []

    def names(ids):
        asked.append(set(ids))
        return {"p-1": "One", "p-2": "Two", "p-9": "Nobody asked"}

    names_add("people", names)
    assert person_names(["p-1", "p-1", "p-2", "p-3", ""]) == {"p-1": "One", "p-2": "Two"}
    assert asked == [{"p-1", "p-2", "p-3"}]
    assert person_names([]) == {} and person_names([""]) == {} and len(asked) == 1


def test_a_line_of_the_menu_stands_there_once():
    for _ in range(2):
        menu_add(MenuItem("Programme", "Access", "access:list"))
    assert len(registry.MENU) == 1


def keeping(room, what):
    return Keeping(room, what, "why", "long", ("a.B",), export=dict, erase=print)


def test_a_second_keeping_of_a_room_does_not_hide_the_first():
    keeping_add(keeping("room", "one"))
    keeping_add(keeping("room", "one"))
    with pytest.raises(ValueError, match="said already"):
        keeping_add(keeping("room", "two"))
    assert registry.KEEPINGS["room"].what == "one"
