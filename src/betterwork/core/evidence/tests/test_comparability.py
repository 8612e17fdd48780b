"""Numbering over versions, and what may be compared with what."""

from __future__ import annotations

import pytest

from betterwork.core.evidence.choice import By
from betterwork.core.evidence.comparability import series_comparable
from betterwork.core.evidence.dimensions import Dimensions, dimensions_of
from betterwork.core.evidence.tests.made_up_tool import catalogue, link, question, version

BOTH = {"2009", "2014"}


def item(dimensions: Dimensions, code: str, level: str = "factory") -> int:
    return next(one.index for one in dimensions.questions if one.code == code and one.level == level)


def point(dimensions: Dimensions, code: str) -> int:
    return next(one.index for one in dimensions.points if one.code == code)


@pytest.fixture
def dimensions() -> Dimensions:
    """P1 is the same, P2 got a question, P3 had one split, P4 had one renamed, P5 lost a question to P6."""
    older = version(
        "2009", question("A"), question("B", "P2"), question("D", "P3"), question("G", "P4"),
        question("M", "P5"), question("N", "P5", text="old words"),
    )  # fmt: skip
    newer = version(
        "2014", question("A"), question("B", "P2"), question("C", "P2"), question("E", "P3"), question("F", "P3"),
        question("H", "P4"), question("M", "P6"), question("N", "P5"),
    )  # fmt: skip
    lineage = (
        link("added", "", "C"), link("split", "D", "E"), link("split", "D", "F"), link("reworded", "G", "H"),
        link("moved", "M", "M"), link("reworded", "N", "N"),
    )  # fmt: skip
    return dimensions_of(catalogue(older, newer, lineage=lineage))


def test_one_version_is_always_comparable(dimensions: Dimensions) -> None:
    assert series_comparable(dimensions, By.QUESTION, item(dimensions, "C"), {"2014"}) == (True, "")


def test_a_reworded_question_keeps_its_series_also_under_a_new_code(dimensions: Dimensions) -> None:
    assert dimensions.questions[item(dimensions, "H")].codes == (("2009", "G"), ("2014", "H"))
    found, note = series_comparable(dimensions, By.QUESTION, item(dimensions, "H"), BOTH)
    assert found and note == "reworded in version 2014, meaning kept"


def test_an_added_question_is_not_comparable_and_takes_its_point_and_cluster_with_it(dimensions: Dimensions) -> None:
    note = "C asked only since version 2014"
    assert series_comparable(dimensions, By.QUESTION, item(dimensions, "C"), BOTH) == (False, note)
    assert series_comparable(dimensions, By.POINT, point(dimensions, "P2"), BOTH) == (False, note)
    assert series_comparable(dimensions, By.CLUSTER, 0, BOTH) == (False, note)


def test_a_split_question_is_comparable_only_as_either(dimensions: Dimensions) -> None:
    found, note = series_comparable(dimensions, By.QUESTION, item(dimensions, "D"), BOTH)
    assert (found, note) == (False, "D split into E, F in version 2014")
    found, note = series_comparable(dimensions, By.QUESTION, item(dimensions, "E"), BOTH)
    assert (found, note) == (False, "E split from D in version 2014")
    assert series_comparable(dimensions, By.POINT, point(dimensions, "P3"), BOTH) == (True, "")


def test_a_moved_question_is_counted_where_the_newest_version_places_it(dimensions: Dimensions) -> None:
    moved = dimensions.questions[item(dimensions, "M")]
    assert dimensions.points[moved.point].code == "P6"
    for code in ("P5", "P6"):
        assert series_comparable(dimensions, By.POINT, point(dimensions, code), BOTH) == (True, "")


def test_a_question_split_over_two_points_makes_both_incomparable() -> None:
    older = version("2009", question("A"), question("X", "P2"))
    newer = version("2014", question("B"), question("C", "P2"), question("X", "P2"))
    dimensions = dimensions_of(
        catalogue(older, newer, lineage=(link("split", "A", "B"), link("split", "A", "C")))
    )  # fmt: skip
    for code in ("P1", "P2"):
        assert not series_comparable(dimensions, By.POINT, point(dimensions, code), BOTH)[0]
    assert not any(one.comparable_in_point for one in dimensions.questions if one.code in "ABC")


def test_a_split_that_keeps_its_code_is_not_the_same_question() -> None:
    older, newer = version("2009", question("A")), version("2014", question("A"), question("B"))
    dimensions = dimensions_of(catalogue(older, newer, lineage=(link("split", "A", "A"), link("split", "A", "B"))))
    found, note = series_comparable(dimensions, By.QUESTION, item(dimensions, "A"), BOTH)
    assert not found and "version 2014" in note
    assert not dimensions.questions[item(dimensions, "A")].comparable
    assert series_comparable(dimensions, By.POINT, 0, BOTH) == (True, "")


def test_a_question_that_becomes_national_has_an_index_of_its_own_at_each_level() -> None:
    older = version("2009", question("A"), question("B"))
    newer = version("2014", question("A", level="national"), question("B"))
    dimensions = dimensions_of(catalogue(older, newer))
    factory, national = item(dimensions, "A"), item(dimensions, "A", "national")
    assert dimensions.by_version["2009"]["A"].index == factory != national == dimensions.by_version["2014"]["A"].index
    assert not series_comparable(dimensions, By.QUESTION, factory, BOTH)[0]
    of_point = [one.index for one in dimensions.points if one.level == "factory"]
    assert series_comparable(dimensions, By.POINT, of_point[0], BOTH)[0] is False


def test_facts_have_no_place_in_the_numbering() -> None:
    dimensions = dimensions_of(catalogue(version("2014", question("A"), question("F-01", "GEN", kind="fact"))))
    assert [one.code for one in dimensions.questions] == ["A"]


def test_the_numbering_survives_a_manifest(dimensions: Dimensions) -> None:
    again = Dimensions.from_content(dimensions.content())
    assert again == dimensions and again.digest == dimensions.digest
