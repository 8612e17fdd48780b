"""What an operation is, and how it is read: strictly, with a code for each way in which it can be wrong."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.capture.fields import CAUSES, FIELDS, LIST, REASONS, Refusal, asked_read, field_names, matches
from betterwork.core.capture.generators import BY_CODE, QUESTIONS, World, below, sha, value_for
from betterwork.core.capture.operations import ids_digest, operation_read, operation_trusted
from betterwork.core.capture.spoiling import SPOILT
from betterwork.core.capture.vectors import question_raw

pytestmark = pytest.mark.capability("C2")

GOOD: dict[str, Any] = World(Random(1), places=1).make(("question:OSH-8-07", "reason"), (), 0, "Exit B2.").content()


def refused(raw: object) -> str:
    with pytest.raises(Refusal) as caught:
        operation_read(raw, questions=BY_CODE)
    return caught.value.reason


@given(st.randoms(use_true_random=False))
def test_what_devices_make_is_read_and_written_the_same(chance: Random) -> None:
    for one in World(chance, places=3).live(8):
        raw = json.loads(json.dumps(one.content()))
        assert operation_read(raw, questions=BY_CODE) == one
        assert operation_read(raw, questions=BY_CODE, by="p").digest() == one.digest()
        assert operation_trusted({**raw, "by": "p", "number": 7}) == one.written_by("p")


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_is_refused_by_its_code(name: str) -> None:
    reason, spoil = SPOILT[name]
    assert refused(spoil(GOOD)) == reason


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
places = st.sampled_from(
    [
        ("question:OSH-8-07", "reason"),
        ("question:OSH-8-07", "sample.workers"),
        ("question:OSH-8-07", f"file.{'0a' * 32}"),
        ("question:F-01", "answer"),
        ("visit", "access"),
    ]
)


@given(junk, places, st.sampled_from([*GOOD, "whole"]))
def test_whatever_comes_is_read_or_refused_and_nothing_else_happens(
    what: Any, place: tuple[str, str], key: str
) -> None:
    raw = what if key == "whole" else {**GOOD, "about": place[0], "field": place[1], key: what}
    try:
        operation_read(raw, questions=BY_CODE)
    except Refusal as refusal:
        assert refusal.reason in REASONS


def test_every_field_of_the_list_takes_a_value_and_clearing() -> None:
    chance = Random(3)
    for field in FIELDS:
        codes = [one for one in QUESTIONS if one.kind in field.of] if field.about == "question" else [None]
        for asked in codes:
            about = asked.about if asked else "visit" if field.about == "visit" else f"interview:{'a' * 32}"
            for name in field_names(field, [sha(chance)]):
                for _ in range(30):
                    place = (about, name)
                    one = World(chance, places=1).make(place, (), 0, value_for(chance, *place)).content()
                    assert operation_read(one, questions=BY_CODE).value == one["value"]


def test_numbers_are_written_in_one_way() -> None:
    for text in ("0", "-3", "8.5", "120", "0.000001", "999999999999.999999"):
        assert matches("decimal", text)
    for text in ("", "-", "00", "8.", ".5", "8.50", "+8", "1e3", " 8", "8\n", "٨", "1000000000000", "0.0000001"):
        assert not matches("decimal", text)


def test_a_digest_is_of_what_left_the_device_and_of_every_part_of_it() -> None:
    one = operation_read(GOOD, questions=BY_CODE)
    changes = [{"value": "x"}, {"field": "cause_note"}, {"device": "e" * 32}, {"made": "2026-11-24T00:00:00Z"}]
    digests = {operation_read({**GOOD, **change}, questions=BY_CODE).digest() for change in changes}
    assert len(digests | {one.digest()}) == 5


def test_the_ids_of_a_set_have_one_digest_in_any_order() -> None:
    assert ids_digest(["b", "a", "b"]) == ids_digest(["a", "b"])
    assert ids_digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert ids_digest(["a"]) != ids_digest(["a", "b"])


def test_questions_survive_the_way_to_a_device() -> None:
    assert [asked_read(json.loads(json.dumps(question_raw(one)))) for one in QUESTIONS] == list(QUESTIONS)


@pytest.mark.capability("C3")
def test_no_interview_field_asks_for_a_name_and_only_interviews_are_confidential() -> None:
    assert {one["about"] for one in LIST["abouts"] if one["confidential"]} == {"interview"}
    assert not [one.name for one in FIELDS if "name" in one.name.split("_")]


@given(st.randoms(use_true_random=False))
@pytest.mark.capability("C3")
def test_what_is_written_of_an_interview_never_tells_the_hour(chance: Random) -> None:
    about = f"interview:{'a' * 32}"
    good = World(chance, places=1).make((about, "words"), (), 0, "x").content()
    hour = f"{1 + below(chance, 23):02d}:{below(chance, 60):02d}:{below(chance, 60):02d}"
    assert operation_read(good, questions=BY_CODE).made.endswith("T00:00:00Z")
    assert refused({**good, "made": f"2026-11-23T{hour}Z"}) == "tells-the-hour"
    later = f"{int(good['id'][:12], 16) + 1 + below(chance, 86_399_999):012x}{good['id'][12:]}"
    assert refused({**good, "id": later}) == "tells-the-hour"
    assert refused({**good, "about": f"interview:{later}"}) == "tells-the-hour"


def test_the_shipped_causes_are_in_the_list_once_each() -> None:
    assert len({one.code for one in CAUSES}) == len(CAUSES) > 10
    assert all(one.name and one.explained for one in CAUSES)
