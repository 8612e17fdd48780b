"""What is answered, what is missing, and what each answer still lacks; and the country's rule on the mix of sources."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.capture.fields import SOURCES
from betterwork.core.capture.generators import QUESTIONS, World, below, pick
from betterwork.core.capture.merging import fold
from betterwork.core.capture.operations import Operation
from betterwork.core.capture.progress import Gap, Rules, progress
from betterwork.core.capture.tests.making import captured, interview
from betterwork.core.capture.triangulation import (
    SHIPPED,
    Missing,
    Mix,
    MixRule,
    mix_missing,
    mix_needed,
    mixes_as_text,
    mixes_from_text,
    mixes_read,
)
from betterwork.core.errors import WrongUse

pytestmark = pytest.mark.capability("C2")

VISIT = {"access": "unrestricted", "documents_on_time": True, "managers_met": "Manager, compliance officer"}
HEARD = {interview(1): {"source": "workers", "women": 5, "men": 2, "method": "group", "day": "2026-11-23"}}
EXIT = "question:OSH-8-07"
GOOD: dict[str, Any] = {
    "determination": "non-compliant",
    "reason": "Exit B2 chained.",
    "source.observation": True,
    "source.workers": True,
    "sample.workers": {"looked": 6, "of": None},
    "serious": True,
}


def gaps(**changes: Any) -> tuple[Gap, ...]:
    values = {name.replace("__", "."): value for name, value in changes.items()}
    return progress(QUESTIONS, captured({EXIT: {**GOOD, **values}, "visit": VISIT, **HEARD})).gaps.get(EXIT, ())


def test_an_answer_that_has_everything_lacks_nothing() -> None:
    assert gaps() == ()


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"determination": None}, (Gap.NO_ANSWER,)),
        ({"later": True}, (Gap.COME_BACK,)),
        ({"reason": None}, (Gap.NO_REASON,)),
        ({"determination": "not-assessed", "reason": None}, (Gap.NO_REASON,)),
        ({"determination": "not-applicable", "reason": None}, ()),
        ({"source__observation": None, "source__workers": None}, (Gap.NO_SOURCE,)),
        ({"source__workers": None}, (Gap.MIX_NOT_MET,)),
        ({"sample__workers": {"looked": 4, "of": None}}, (Gap.RESTS_ON_TOO_FEW,)),
        ({"sample__workers": None}, (Gap.NO_SAMPLE, Gap.RESTS_ON_TOO_FEW)),
        ({"source__documents": True}, (Gap.NO_SAMPLE,)),
        ({"source__documents": True, "sample__documents": {"looked": 9, "of": 40}}, ()),
        ({"serious": None}, (Gap.NO_CONCERN,)),
        ({"determination": "compliant", "serious": None}, ()),
    ],
)
def test_what_an_answer_lacks_is_named(changes: dict[str, Any], lacking: tuple[Gap, ...]) -> None:
    assert gaps(**changes) == lacking


def test_a_conflict_is_counted_and_leaves_the_question_unanswered() -> None:
    state = captured({EXIT: GOOD, "visit": VISIT, **HEARD})
    other = Operation("019aa000000070008000000000000001", EXIT, "determination", "compliant", (), "e" * 32, "")
    state.take(other)
    found = progress(QUESTIONS, state)
    assert found.gaps[EXIT] == (Gap.CONFLICT, Gap.NO_ANSWER)
    assert found.all.conflicts == found.clusters["OSH"].conflicts == 1
    assert found.all.answered == 0


def test_facts_are_answered_and_clusters_stand_in_the_order_of_the_tool() -> None:
    found = progress(QUESTIONS, captured({"question:F-01": {"answer": "0"}, "question:F-03": {"answer": False}}))
    assert list(found.clusters) == ["OSH", "CHL", "FAC"]
    assert (found.all.answered, found.all.missing, found.all.questions) == (2, 7, 9)
    assert found.clusters["FAC"].whole == 1
    assert "question:F-01" not in found.gaps


def test_the_visit_and_interviews_say_what_they_lack() -> None:
    found = progress(QUESTIONS, captured({interview(1): {"source": "workers"}, interview(2): {"withdrawn": True}}))
    assert found.gaps["visit"] == (Gap.NOTHING_SAID,)
    assert found.gaps[interview(1)] == (Gap.NOTHING_SAID, Gap.NO_GROUP)
    assert interview(2) not in found.gaps
    restricted = progress((), captured({"visit": {**VISIT, "access": "restricted"}, **HEARD}))
    assert restricted.gaps == {"visit": (Gap.NO_REASON,)}


@given(st.randoms(use_true_random=False))
def test_the_clusters_add_up_to_all_and_counts_are_within_bounds(chance: Any) -> None:
    world = World(chance, devices=2, places=6)
    world.live(20)
    found = progress(QUESTIONS, fold(world.written), Rules(1 + below(chance, 9), pick(chance, [(), SHIPPED])))
    for name in ("questions", "answered", "missing", "later", "whole"):
        assert getattr(found.all, name) == sum(getattr(one, name) for one in found.clusters.values())
    assert found.all.answered + found.all.missing == found.all.questions == len(QUESTIONS)
    assert found.all.whole == len(QUESTIONS) - sum(about.startswith("question:") for about in found.gaps)
    assert found.all.whole <= found.all.answered
    assert found.all.conflicts == len(fold(world.written).conflicts())


# -- the mix of sources -----------------------------------------------------------------------------


def test_the_line_with_the_cluster_counts_before_the_one_without() -> None:
    rules = mixes_from_text("non-compliant: 2; FAC non-compliant: 2, workers or union; FAC compliant: 1")
    assert mix_needed(rules, "non-compliant", "OSH") == Mix(2)
    assert mix_needed(rules, "non-compliant", "FAC") == Mix(2, (("workers", "union"),))
    assert mix_needed(rules, "compliant", "FAC") == Mix(1)
    assert mix_needed(rules, "compliant", "OSH") == mix_needed(rules, None, "FAC") == Mix()


def test_what_a_mix_still_wants_is_said() -> None:
    mix = Mix(3, (("workers", "union"), ("documents",)))
    assert mix_missing(mix, ()) == Missing(3, (("workers", "union"), ("documents",)))
    assert mix_missing(mix, ("documents", "observation")) == Missing(1, (("workers", "union"),))
    assert mix_missing(mix, ("documents", "observation", "union")).met
    assert mix_missing(mix, ("documents", "documents", "union")).kinds == 1, "a kind named twice is one kind"


def test_the_shipped_rule_is_read_and_speaks_of_clusters_that_there_are() -> None:
    assert mix_needed(SHIPPED, "non-compliant", "OSH") == Mix(2)
    assert {one.cluster for one in SHIPPED} == {"", "FAC"}


rules = st.lists(
    st.builds(
        MixRule,
        st.sampled_from(("compliant", "non-compliant", "not-applicable", "not-assessed")),
        st.builds(
            Mix,
            st.integers(0, 5),
            st.lists(st.lists(st.sampled_from(SOURCES), min_size=1, unique=True).map(tuple), max_size=3).map(tuple),
        ),
        st.sampled_from(("", "OSH", "FAC")),
    ),
    unique_by=lambda one: (one.determination, one.cluster),
)


@given(rules)
def test_a_rule_is_the_same_after_text_and_json(given_rules: list[MixRule]) -> None:
    assert mixes_from_text(mixes_as_text(given_rules)) == tuple(given_rules)
    assert mixes_read([one.as_json() for one in given_rules]) == tuple(given_rules)


@pytest.mark.parametrize(
    "text",
    ["non-compliant", "bad: 2", "non-compliant: two", "non-compliant: 9", "non-compliant: 1, rumour",
     "a b compliant: 1", "compliant: 1; compliant: 2", "compliant: ٢", "compliant: 1,"],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_in_words(text: str) -> None:
    with pytest.raises(WrongUse, match=r"\S"):
        mixes_from_text(text)


@pytest.mark.parametrize("raw", [None, {}, [1], [{"determination": "compliant", "kinds": True}], [{"kinds": 1}],
    [{"determination": "compliant", "more": 1}], [{"determination": "compliant", "one_of": ["workers"]}]])  # fmt: skip
def test_a_rule_in_json_that_cannot_be_is_refused(raw: object) -> None:
    with pytest.raises(WrongUse):
        mixes_read(raw)
