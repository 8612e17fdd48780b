"""What others are told is what they would be told if too small a group had never spoken."""

from __future__ import annotations

import json
from itertools import chain, combinations, product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.capture.fields import PROTECTED, SOURCES
from betterwork.core.capture.generators import MIDNIGHT, QUESTIONS, below, pick, shuffled
from betterwork.core.capture.minimum_groups import (
    Interview,
    Telling,
    Told,
    Wanting,
    day_kept,
    group_sizes,
    interviews_of,
    may_go_along,
    question_sizes,
    question_told,
    sources_that_can_be_told,
    sources_told,
    wanting,
)
from betterwork.core.capture.operations import Operation
from betterwork.core.capture.tests.making import captured, interview
from betterwork.core.capture.triangulation import SHIPPED, Mix, mix_missing
from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Kind

pytestmark = pytest.mark.capability("C3")

MINIMUM = 5
MIXES = (Mix(), Mix(1), Mix(2), Mix(3), Mix(2, (("workers", "union"),)), Mix(1, (("documents",), ("workers",))))
SETS = [frozenset(one) for one in chain.from_iterable(combinations(SOURCES, size) for size in range(len(SOURCES) + 1))]
WORLDS = list(product(SETS, (0, 1, 4, 5, 40), (0, 2, 5, 9)))
"""Every set of sources with every kind of group: all there is, so the properties below are proved and not sampled."""


def without_small(sources: frozenset[str], sizes: dict[str, int]) -> frozenset[str]:
    return frozenset(one for one in sources if one not in PROTECTED or sizes[one] >= MINIMUM)


@pytest.mark.parametrize("mix", MIXES)
def test_a_group_below_the_minimum_changes_nothing_that_others_are_told(mix: Mix) -> None:
    told: dict[frozenset[str], set[Told]] = {}
    for sources, workers, union in WORLDS:
        sizes = {"workers": workers, "union": union}
        told.setdefault(without_small(sources, sizes), set()).add(sources_told(sources, sizes, MINIMUM, mix))
    assert all(len(one) == 1 for one in told.values()), "two worlds that differ in hidden things alone are told apart"
    assert len(set.union(*told.values())) > 2


@pytest.mark.parametrize("mix", MIXES)
def test_whatever_is_told_might_be_told_where_no_worker_spoke_or_names_a_group_that_is_large_enough(mix: Mix) -> None:
    silent = {sources_told(one, {}, MINIMUM, mix) for one in SETS if not one & set(PROTECTED)}
    for sources, workers, union in WORLDS:
        sizes = {"workers": workers, "union": union}
        told = sources_told(sources, sizes, MINIMUM, mix)
        named = set(told.names) & set(PROTECTED)
        assert all(sizes[one] >= MINIMUM for one in named)
        assert named or told in silent | {sources_told((), {}, MINIMUM, mix)}


@pytest.mark.parametrize("mix", MIXES)
def test_what_goes_further_rests_on_enough_without_the_groups_that_are_too_small(mix: Mix) -> None:
    for sources, workers, union in WORLDS:
        sizes = {"workers": workers, "union": union}
        left = without_small(sources, sizes)
        told = sources_told(sources, sizes, MINIMUM, mix)
        assert told.cannot_go_further == (not left or not mix_missing(mix, left).met)
        assert set(told.names) <= left
        why = wanting(sources, sizes, MINIMUM, mix)
        assert (why is None) != told.cannot_go_further
        if why is Wanting.RESTS_ON_TOO_FEW:
            assert left < sources


@pytest.mark.parametrize("mix", MIXES)
def test_how_large_a_group_is_above_the_minimum_is_not_told(mix: Mix) -> None:
    for sources in SETS:
        assert sources_told(sources, {"workers": 5, "union": 5}, MINIMUM, mix) == sources_told(
            sources, {"workers": 900, "union": 6}, MINIMUM, mix
        )


@pytest.mark.parametrize(
    ("sources", "workers", "union", "telling", "names"),
    [
        ({"observation", "workers"}, 12, 0, Telling.NAMED, ("observation", "workers")),
        ({"observation", "documents", "workers"}, 3, 0, Telling.MORE_THAN_ONE, ()),
        ({"observation", "documents"}, 0, 0, Telling.MORE_THAN_ONE, ()),
        ({"observation", "workers"}, 3, 0, Telling.CANNOT_GO_FURTHER, ()),
        ({"observation"}, 0, 0, Telling.CANNOT_GO_FURTHER, ()),
        ({"workers"}, 4, 0, Telling.CANNOT_GO_FURTHER, ()),
        ({"workers", "union"}, 4, 4, Telling.CANNOT_GO_FURTHER, ()),
        ({"documents", "workers", "union"}, 8, 2, Telling.NAMED, ("documents", "workers")),
    ],
)
def test_two_kinds_are_needed_and_five_is_the_minimum(
    sources: set[str], workers: int, union: int, telling: Telling, names: tuple[str, ...]
) -> None:
    assert sources_told(sources, {"workers": workers, "union": union}, MINIMUM, Mix(2)) == Told(telling, names)


def test_a_determination_that_rests_on_too_few_alone_cannot_go_further_whatever_the_rule_wants() -> None:
    assert sources_told({"workers"}, {"workers": 4}, MINIMUM).cannot_go_further
    assert wanting({"workers"}, {"workers": 4}, MINIMUM) is Wanting.RESTS_ON_TOO_FEW
    assert not sources_told({"workers"}, {"workers": 5}, MINIMUM).cannot_go_further
    assert wanting((), {}, MINIMUM) is Wanting.NO_SOURCE
    assert wanting({"observation"}, {}, MINIMUM, Mix(2)) is Wanting.MIX_NOT_MET


def test_what_belongs_to_a_source_goes_along_only_where_it_is_named_and_sizes_of_groups_never() -> None:
    fields = ("reason", "note.workers", "sample.workers", "note.union", "sample.documents", "source.documents")
    named = Told(Telling.NAMED, ("documents", "workers"))
    assert [may_go_along(one, named) for one in fields] == [True, True, False, False, True, True]
    assert [may_go_along(one, Told(Telling.MORE_THAN_ONE)) for one in fields] == [True] + [False] * 5
    assert not any(may_go_along(one, Told(Telling.CANNOT_GO_FURTHER)) for one in fields)


def test_a_group_of_which_nobody_said_how_many_counts_as_nobody() -> None:
    assert sources_that_can_be_told({"workers", "observation"}, {}, 1) == ("observation",)
    assert question_sizes({}, {"workers": 30}) == {"workers": 0, "union": 0}
    assert question_sizes({"sample.workers": {"looked": 9, "of": None}}, {"workers": 7})["workers"] == 7


@pytest.mark.parametrize("minimum", [0, -1])
def test_there_is_no_minimum_below_one(minimum: int) -> None:
    with pytest.raises(WrongUse):
        sources_told({"workers"}, {"workers": 0}, minimum)


def test_withdrawn_interviews_and_those_with_managers_count_nobody_and_order_says_nothing() -> None:
    those = [
        Interview("1", "workers", 4),
        Interview("2", "workers", 3, withdrawn=True),
        Interview("3", "managers", 9),
        Interview("4", "union", 2),
        Interview("5", "workers", 2),
    ]
    assert group_sizes(those) == group_sizes(those[::-1]) == {"workers": 6, "union": 2}


def test_an_interview_counts_nobody_while_devices_disagree_on_whether_it_was_withdrawn() -> None:
    state = captured({interview(1): {"source": "workers", "women": 6}})
    assert group_sizes(interviews_of(state))["workers"] == 6
    for name, value in (("1" * 32, True), ("2" * 32, None)):
        state.take(Operation(name, interview(1), "withdrawn", value, (), "d" * 32, MIDNIGHT))
    assert state.register(interview(1), "withdrawn").conflict
    assert group_sizes(interviews_of(state))["workers"] == 0


def test_a_day_is_kept_where_the_visit_is_and_nothing_finer() -> None:
    assert day_kept("2026-11-23T05:40:12Z") == "2026-11-23"
    assert day_kept("2026-11-23T20:40:12Z", minutes_from_utc=7 * 60) == "2026-11-24"
    assert day_kept("2026-11-24T01:00:00Z", minutes_from_utc=-5 * 60) == "2026-11-23"


# -- whole captures ---------------------------------------------------------------------------------


def open_part(chance: Random) -> dict[str, dict[str, Any]]:
    """What does not come from interviews: determinations, sources, notes."""
    found: dict[str, dict[str, Any]] = {}
    for asked in QUESTIONS:
        if asked.kind is Kind.COMPLIANCE and chance.random() < 0.9:
            determination = pick(chance, ("compliant", "non-compliant", "not-applicable"))
            values: dict[str, Any] = {"determination": determination, "reason": "Exit B2."}
            for source in ("observation", "documents", "managers"):
                if chance.random() < 0.5:
                    values |= {f"source.{source}": True, f"note.{source}": "seen"}
            found[asked.about] = values
    return found


def large_part(chance: Random, things: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    """A group that is large enough speaks to some questions; returns which kinds of source did."""
    spoke = tuple(one for one in PROTECTED if chance.random() < 0.4)
    for source in spoke:
        things[interview(len(things))] = {"source": source, "women": 4, "men": 3, "words": "large"}
        for about, values in things.items():
            if about.startswith("question:") and chance.random() < 0.6:
                values |= {f"source.{source}": True, f"sample.{source}": {"looked": 6, "of": None}}
    return spoke


def small_part(chance: Random, things: dict[str, dict[str, Any]], spoke: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The same capture, in which groups below the minimum said something too: whatever, and of whatever."""
    more = {about: dict(values) for about, values in things.items()}
    for source in PROTECTED:
        silent = source not in spoke
        for _ in range(below(chance, 3)):
            # Of a source of which nobody else was heard at most 2 × 2 are; words, days and order are anything.
            size = below(chance, 3) if silent else below(chance, 9)
            day = f"2026-11-2{below(chance, 9)}"
            words = f"words {chance.random()}"
            more[interview(1_000 + len(more))] = {"source": source, "women": size, "day": day, "words": words}
        for about, values in more.items():
            if about.startswith("question:") and f"source.{source}" not in values and chance.random() < 0.5:
                values |= {f"source.{source}": True, f"note.{source}": f"note {chance.random()}"}
                if chance.random() < 0.7:
                    looked = below(chance, 60) if silent else below(chance, MINIMUM)
                    values[f"sample.{source}"] = {"looked": looked, "of": None}
    order = shuffled(chance, list(more))
    return {about: more[about] for about in order}


def told_to_others(things: dict[str, dict[str, Any]]) -> bytes:
    state = captured(things)
    heard = group_sizes(interviews_of(state))
    rows = [question_told(state, one, heard=heard, minimum=MINIMUM, rules=SHIPPED) for one in QUESTIONS]
    return json.dumps([[one.code, one.determination, one.told.telling, one.told.names] for one in rows]).encode()


@given(st.randoms(use_true_random=False))
def test_two_captures_that_differ_in_what_too_few_said_give_others_the_same_bytes(chance: Random) -> None:
    things = open_part(chance)
    spoke = large_part(chance, things)
    one, other = small_part(chance, things, spoke), small_part(chance, things, spoke)
    assert told_to_others(one) == told_to_others(other) == told_to_others(things)


def test_the_property_above_can_fail_a_large_enough_group_does_change_what_is_told() -> None:
    things: dict[str, dict[str, Any]] = {
        QUESTIONS[0].about: {"determination": "non-compliant", "source.observation": True},
    }
    more = {
        QUESTIONS[0].about: {
            **things[QUESTIONS[0].about],
            "source.workers": True,
            "sample.workers": {"looked": 5, "of": None},
        },
        interview(1): {"source": "workers", "women": 5},
    }
    assert b"non-compliant" not in told_to_others(things)
    assert b"non-compliant" in told_to_others(more)
    more[interview(1)]["withdrawn"] = True
    assert told_to_others(more) == told_to_others(things)
