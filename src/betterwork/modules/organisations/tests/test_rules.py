"""Rules of organisations by properties: names over time, which lies in which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.modules.organisations.rules import (
    KINDS,
    LEVELS,
    LEVELS_OF,
    Lies,
    Named,
    groups_on,
    key_refusal,
    lies_refusal,
    name_on,
    name_refusal,
    place_refusal,
)

pytestmark = pytest.mark.capability("A3")
BEGIN = date(2020, 1, 1)
DAYS = [BEGIN + timedelta(days=number) for number in range(8)]
ALL_DAYS = [date.min, *DAYS, date.max]
some_day = st.one_of(st.none(), st.sampled_from(DAYS))
keys = st.sampled_from("abcd")
lies = st.builds(Lies, keys, keys, some_day, some_day)


def lies_in_itself(known: list[Lies], on: date) -> bool:
    """By another way: step by step through all that lie in each other on that day."""
    edges = {(one.member, one.group) for one in known if one.days[0] <= on <= one.days[1]}
    reach = set(edges)
    for _step in "abcd":
        reach |= {(first, last) for first, middle in reach for other, last in edges if middle == other}
    return any(first == last for first, last in reach)


@given(st.lists(lies, max_size=10))
def test_on_no_day_does_one_lie_in_itself_and_nothing_is_refused_without_need(wanted: list[Lies]) -> None:
    known: list[Lies] = []
    for one in wanted:
        backwards = one.days[1] < one.days[0]
        twice = any(
            (one.member, one.group) == (other.member, other.group)
            and one.days[0] <= other.days[1]
            and other.days[0] <= one.days[1]
            for other in known
        )
        circle = not backwards and any(lies_in_itself([*known, one], day) for day in ALL_DAYS)
        assert bool(lies_refusal(known, one)) == (backwards or twice or circle), (known, one)
        if not lies_refusal(known, one):
            known.append(one)
    assert not any(lies_in_itself(known, day) for day in ALL_DAYS)
    for day in ALL_DAYS:
        assert not any(key in groups_on(known, key, day) for key in "abcd")


def test_a_circle_whose_days_have_none_in_common_is_none() -> None:
    first = Lies("a", "b", None, DAYS[1])
    assert not lies_refusal([first], Lies("b", "a", DAYS[2], None))
    assert lies_refusal([first], Lies("b", "a", DAYS[1], None))


@given(st.dictionaries(some_day, st.text(min_size=1, max_size=3), max_size=5), st.sampled_from(ALL_DAYS))
def test_the_name_of_a_day_is_the_one_that_began_last(names: dict[date | None, str], on: date) -> None:
    found = name_on([Named(name, first) for first, name in names.items()], on)
    begun = {first or date.min: name for first, name in names.items() if (first or date.min) <= on}
    if begun:
        assert found == begun[max(begun)]
    else:
        assert found == (names[min(names, key=lambda one: one or date.min)] if names else "")


@pytest.mark.parametrize("kind", [*KINDS, "party"])
@pytest.mark.parametrize("level", [*LEVELS, "lunar"])
@pytest.mark.parametrize("country", ["", "VN"])
def test_kind_level_and_country_go_together_or_are_refused(kind: str, level: str, country: str) -> None:
    fits = level in LEVELS_OF.get(kind, ()) and bool(country) == (level == "national")
    assert (place_refusal(kind, level, country) == "") == fits


@pytest.mark.parametrize(
    ("name", "first", "good"),
    [
        ("Union", None, True),
        ("សហជីព", BEGIN, True),
        ("  ", None, False),
        ("x" * 301, None, False),
        ("a\x00b", None, False),
        ("Union", date(2021, 1, 2), False),
    ],
)
def test_a_name_is_one_line_and_counts_from_a_day_that_has_come(name: str, first: date | None, good: bool) -> None:
    assert (name_refusal(name, first, date(2021, 1, 1)) == "") == good


@pytest.mark.parametrize(("key", "good"), [("buyer-1", True), ("2", True), ("-a", False), ("A", False), ("a b", False)])
def test_a_key_is_small_letters_digits_and_hyphens(key: str, good: bool) -> None:
    assert (key_refusal(key) == "") == good
