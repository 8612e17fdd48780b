"""The comparisons: symmetric, bounded, and highest of a thing with itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.matching.comparing import COMPARISONS, NOT_KNOWN
from betterwork.core.matching.records import Record, ready
from betterwork.core.matching.scoring import Model, levels_of, model_read, reasons, score_words, scores

pytestmark = pytest.mark.capability("A5")

PIECES = [
    "Sao Mai",
    "Hoà Bình",
    "ផ្កាឈូក",
    "সোনালী",
    "النخيل",
    "Unit 2",
    "II",
    "Garment",
    "Co., Ltd",
    "Al-Yasmin",
    "7",
    "(",
    "|",
    ";",
]
names = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join), st.text(min_size=1, max_size=25)
)
addresses = st.one_of(
    st.tuples(
        st.integers(1, 30),
        st.sampled_from(["Le Lai Street", "শাপলা সড়ক", "شارع الياسمين"]),
        st.sampled_from(["Hue", "Savar"]),
    ).map(lambda parts: f"{parts[0]} {parts[1]}, {parts[2]}"),
    st.text(max_size=25),
)
records = st.builds(
    Record,
    key=st.just("k"),
    country=st.just("VN"),
    names=st.lists(names, min_size=1, max_size=3).map(tuple),
    addresses=st.lists(addresses, max_size=2).map(tuple),
    owners=st.lists(names, max_size=2).map(tuple),
    group=st.sampled_from(["", "g-1", "g-2"]),
    domains=st.lists(st.sampled_from(["one.example", "two.example"]), max_size=2).map(tuple),
    numbers=st.lists(st.tuples(st.sampled_from(["customs", "portal"]), st.sampled_from(["1", "2"])), max_size=2).map(
        tuple
    ),
    places=st.lists(st.tuples(st.floats(-60, 60), st.floats(-170, 170)), max_size=2).map(tuple),
)
EVEN = Model(-3.0, {one.name: tuple(float(level) for level in range(len(one.levels))) for one in COMPARISONS}, 0.0)


@given(records, records)
def test_a_comparison_is_symmetric_and_bounded(left: Record, right: Record) -> None:
    made = [ready(left), ready(right)]
    there, back = levels_of(made, [(0, 1)]), levels_of(made, [(1, 0)])
    for one in COMPARISONS:
        assert there[one.name][0] == back[one.name][0], one.name
        assert NOT_KNOWN <= there[one.name][0] < len(one.levels), one.name
    assert scores(EVEN, there)[0] == scores(EVEN, back)[0]


@given(records)
def test_a_record_with_itself_reaches_the_highest_level_of_all_that_is_known(record: Record) -> None:
    found = levels_of([ready(record)], [(0, 0)])
    for one in COMPARISONS:
        assert found[one.name][0] in (NOT_KNOWN, len(one.levels) - 1), one.name


@given(records, records)
def test_comparing_many_at_once_is_comparing_each(left: Record, right: Record) -> None:
    made = [ready(left), ready(right)]
    pairs = [(0, 0), (0, 1), (1, 1), (1, 0)]
    together = levels_of(made, pairs)
    for place, pair in enumerate(pairs):
        alone = levels_of(made, [pair])
        assert all(together[one.name][place] == alone[one.name][0] for one in COMPARISONS)


def level(name: str, left: dict, right: dict) -> str:
    made = [ready(Record("k", "VN", **{"names": ("X",), **given})) for given in (left, right)]
    comparison = next(one for one in COMPARISONS if one.name == name)
    found = int(levels_of(made, [(0, 1)])[name][0])
    return "" if found == NOT_KNOWN else comparison.levels[found]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Công ty TNHH May Hoà Bình", "HOA BINH GARMENT CO., LTD", "same"),
        ("شركة النخيل للألبسة", "An-Nakhil Apparel LLC", "sound"),
        ("Sao Mai Phuong Dong", "Sao Mai Phuong Dnog", "near"),
        ("Hai Au Lua Vang", "HALV Garment", "initials"),
        ("Sao Mai Dong Nai", "Sao Mai", "part"),
        ("Sao Mai", "Kim Ngan", "other"),
    ],
)
def test_names_reach_the_level_that_words_say(left: str, right: str, expected: str) -> None:
    assert level("name", {"names": (left,)}, {"names": (right,)}) == expected


def test_the_best_of_several_names_counts_so_that_a_renamed_factory_is_found() -> None:
    assert level("name", {"names": ("Old Name", "Blue River")}, {"names": ("Old Name",)}) == "same"


def test_other_unit_numbers_speak_against_and_one_without_a_number_is_told_apart() -> None:
    assert level("unit", {"names": ("Sao Mai Unit 1",)}, {"names": ("Sao Mai II",)}) == "other"
    assert level("unit", {"names": ("Sao Mai Unit 2",)}, {"names": ("Sao Mai",)}) == "one_says"
    assert level("unit", {"names": ("Sao Mai Unit 1",)}, {"names": ("Sao Mai",)}) == "first"
    assert level("unit", {"names": ("Sao Mai",)}, {"names": ("Sao Mai",)}) == ""


def test_places_on_the_map_are_compared_in_metres() -> None:
    here = {"places": ((10.0, 106.0),)}
    for north, expected in ((10.001, "same"), (10.01, "near"), (10.1, "far")):
        assert level("place", here, {"places": ((north, 106.0),)}) == expected


def test_reasons_are_the_known_levels_the_heaviest_first() -> None:
    told = reasons(EVEN, {"name": 6, "unit": 0, "owner": -1, "address": 2})
    assert [one.code for one in told] == ["name.same", "address.other_number", "unit.other"]
    assert (score_words(4.0, 0.0), score_words(3.9, 0.0)) == ("almost certain", "likely")


def test_weights_that_do_not_fit_the_comparisons_are_refused() -> None:
    with pytest.raises(ValueError, match="train anew"):
        model_read({"begins": 0, "threshold": 0, "weights": {"name": [1.0]}})
