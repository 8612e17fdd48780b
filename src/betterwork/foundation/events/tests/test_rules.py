"""What is a fact, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.canonical import NotCanonical
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.events.plain import (
    UNFORESEEN,
    error_place,
    error_words,
    has_address,
    plain_check,
    without_addresses,
)
from betterwork.foundation.events.rules import FIRST_WAIT, LONGEST_WAIT, backoff, fact_text, name_check


@dataclass(frozen=True)
class Part:
    id: str


@dataclass(frozen=True)
class Fact:
    visit: Any
    on: date = date(2015, 3, 1)
    parts: tuple[Part, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Loose:
    visit: str


def test_a_fact_is_written_in_one_form() -> None:
    text = fact_text(Fact("VN/2015-7", parts=(Part("p-1"), Part("p-2")), more={"points": 38, "new": True}))
    assert (
        text
        == '{"more":{"new":true,"points":38},"on":"2015-03-01","parts":[{"id":"p-1"},{"id":"p-2"}],"visit":"VN/2015-7"}'
    )


@pytest.mark.capability("P5")
@pytest.mark.parametrize("words", ["Chan Sokha", "advisor@bw.example", "advisor＠bw.example", "", "x" * 129, "a\nb"])
def test_an_event_speaks_of_nobody(words: str) -> None:
    for fact in (Fact(words), Fact("v-1", parts=(Part(words),)), Fact("v-1", more={"who": [words]})):
        with pytest.raises(WrongUse, match="no opaque id") as refused:
            fact_text(fact)
        assert not words or words not in str(refused.value).replace("1 to 128", "")


@pytest.mark.parametrize("content", [{"visit": "v-1"}, Loose("v-1"), Fact(Loose("v-1")), Fact, "v-1"])
def test_only_a_frozen_dataclass_is_a_fact(content: object) -> None:
    with pytest.raises(WrongUse):
        fact_text(content)


def test_a_number_with_a_fraction_has_no_single_form() -> None:
    with pytest.raises(NotCanonical):
        fact_text(Fact("v-1", more={"rate": 0.5}))


@pytest.mark.parametrize("name", ["visit", "Visit.ended", "visit ended", "visit..ended", "a." + "b" * 80])
def test_names_of_events_have_one_form(name: str) -> None:
    with pytest.raises(WrongUse):
        name_check(name)


@given(st.integers(min_value=-5, max_value=10_000))
def test_waiting_grows_and_has_an_end(failures: int) -> None:
    now, next_ = backoff(failures), backoff(failures + 1)
    assert timedelta(0) <= now <= next_ <= LONGEST_WAIT
    assert failures != 1 or now == FIRST_WAIT
    assert not (failures >= 1 and next_ < LONGEST_WAIT) or next_ == 2 * now


@pytest.mark.parametrize("value", ["mail one@two.example now", "a@b", {"x": ["p-1", "one@two.example"]}, {"o@t": 1}])
def test_plain_values_hold_no_address_and_the_refusal_does_not_repeat_it(value: object) -> None:
    with pytest.raises(WrongUse) as refused:
        plain_check(value, where="arguments")
    assert "@" not in str(refused.value)


def test_what_is_not_plain_is_refused() -> None:
    for value in (object(), {1: "a"}, {"a", "b"}, "x" * 501, b"bytes"):
        with pytest.raises(WrongUse):
            plain_check(value, where="arguments")
    plain_check({"a": [1, 0.5, True, None, "VN", {"b": ()}]}, where="arguments")


@given(st.text(), st.text(alphabet="abc@＠. ", max_size=20))
def test_no_address_is_left_in_words(before: str, middle: str) -> None:
    assert not has_address(without_addresses(before + middle))


def test_a_person_reads_the_line_meant_for_people_and_nothing_of_others() -> None:
    assert error_words(WrongUse("no country is called one@two.example")) == "no country is called [address]"
    assert error_words(ValueError("one@two.example")) == UNFORESEEN
    assert error_words(BetterWorkError()) == UNFORESEEN


def test_the_log_says_where_and_not_what() -> None:
    try:
        try:
            int("one@two.example")
        except ValueError as first:
            raise KeyError("one@two.example") from first
    except KeyError as error:
        line = error_place(error)
    assert line.startswith("KeyError, because of ValueError at test_rules.py:")
    assert "@" not in line
