"""What became of each question between two versions: one step, several, forwards, backwards; word by word."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.instrument import Kind, Lineage, Question, Relation, ToolVersion
from betterwork.modules.instruments.difference import compared, counts, difference, words_compared
from betterwork.modules.instruments.reference import reference_rows, shipped_tool

OLDER, NEWER = shipped_tool().versions
LINKS = shipped_tool().lineage
TURNED = {"added": "withdrawn", "withdrawn": "added", "split": "merged", "merged": "split"}


def _version(name: str, questions: dict[str, str], day: str = "") -> ToolVersion:
    asked = tuple(
        Question(code, Kind.COMPLIANCE, "C", "Cluster", "P", "Point", text) for code, text in questions.items()
    )
    return ToolVersion("t", name, day or f"20{name}-01-01", "", asked)


def _told(changes) -> set[tuple[str, str, str]]:
    return {(str(one.relation), one.predecessor, one.successor) for one in changes}


@pytest.mark.capability("B2")
def test_forwards_each_row_of_the_reference_is_told_and_nothing_else() -> None:
    changes = difference(OLDER, NEWER, [OLDER, NEWER], LINKS)
    rows = reference_rows("lineage.csv")
    assert _told(changes) == {(row["relation"], row["predecessor"], row["successor"]) for row in rows}
    assert len(changes) == len(rows) == 23
    assert {one.successor or one.predecessor: one.reason for one in changes} == {
        row["successor"] or row["predecessor"]: row["reason"] for row in rows
    }
    assert {str(relation): n for relation, n in counts(changes).items()} == {
        "added": 13, "split": 2, "merged": 2, "reworded": 6,
    }  # fmt: skip


@pytest.mark.capability("B2")
def test_backwards_each_row_of_the_reference_is_told_with_its_word_turned() -> None:
    changes = difference(NEWER, OLDER, [OLDER, NEWER], LINKS)
    rows = reference_rows("lineage.csv")
    assert _told(changes) == {
        (TURNED.get(row["relation"], row["relation"]), row["successor"], row["predecessor"]) for row in rows
    }
    assert len(changes) == 23


def test_every_question_of_both_is_told_when_the_same_ones_are_asked_for() -> None:
    for one, other in ((OLDER, NEWER), (NEWER, OLDER)):
        changes = difference(one, other, [OLDER, NEWER], LINKS, with_same=True)
        assert {c.predecessor for c in changes} - {""} == set(one.by_code)
        assert {c.successor for c in changes} - {""} == set(other.by_code)


def test_a_version_differs_from_itself_in_nothing() -> None:
    assert difference(NEWER, NEWER, [OLDER, NEWER], LINKS) == ()


def test_a_question_split_and_then_partly_withdrawn_is_followed_across_versions() -> None:
    first = _version("09", {"A": "a and b?", "S": "same?"})
    second = _version("14", {"A1": "a?", "A2": "b?", "S": "same?"})
    third = _version("19", {"A1": "a, truly?", "S": "same?", "N": "new?"})
    links = [
        Lineage("09", "14", "A", "A1", Relation.SPLIT, "two things"),
        Lineage("09", "14", "A", "A2", Relation.SPLIT, "two things"),
        Lineage("14", "19", "A1", "A1", Relation.REWORDED, "clearer"),
        Lineage("14", "19", "A2", "", Relation.WITHDRAWN, "no longer law"),
        Lineage("14", "19", "", "N", Relation.ADDED, "new law"),
    ]
    changes = difference(first, third, [first, second, third], links)
    assert _told(changes) == {("split", "A", "A1"), ("added", "", "N")}
    assert "14 → 19 reworded: clearer" in next(one.reason for one in changes if one.successor == "A1")


def test_what_is_merged_over_two_steps_is_merged() -> None:
    first = _version("09", {"A": "a?", "B": "b?", "C": "c?"})
    second = _version("14", {"AB": "a or b?", "C": "c?"})
    third = _version("19", {"ABC": "a, b or c?"})
    links = [
        Lineage("09", "14", "A", "AB", Relation.MERGED),
        Lineage("09", "14", "B", "AB", Relation.MERGED),
        Lineage("14", "19", "AB", "ABC", Relation.MERGED),
        Lineage("14", "19", "C", "ABC", Relation.MERGED),
    ]
    changes = difference(first, third, [first, second, third], links)
    assert _told(changes) == {("merged", one, "ABC") for one in "ABC"}
    back = difference(third, first, [first, second, third], links)
    assert _told(back) == {("split", "ABC", one) for one in "ABC"}


def test_two_drafts_of_one_version_are_compared_through_it() -> None:
    base = _version("14", {"A": "a?", "B": "b?"})
    one = _version("19", {"A": "a!", "B": "b?"})
    other = _version("20", {"A": "a?", "C": "c?"})
    links = [
        Lineage("14", "19", "A", "A", Relation.REWORDED),
        Lineage("14", "20", "B", "", Relation.WITHDRAWN, "gone"),
        Lineage("14", "20", "", "C", Relation.ADDED, "new"),
    ]
    changes = difference(one, other, [base, one, other], links)
    assert _told(changes) == {("reworded", "A", "A"), ("withdrawn", "B", ""), ("added", "", "C")}


def test_a_question_that_was_away_in_between_is_neither_added_nor_withdrawn() -> None:
    first, second, third = (
        _version("09", {"A": "a?", "B": "b?"}),
        _version("14", {"B": "b?"}),
        _version("19", {"A": "a?", "B": "b?"}),
    )
    links = [
        Lineage("09", "14", "A", "", Relation.WITHDRAWN),
        Lineage("14", "19", "", "A", Relation.ADDED),
    ]
    changes = difference(first, third, [first, second, third], links, with_same=True)
    assert _told(changes) == {("same", "A", "A"), ("same", "B", "B")}
    assert "not asked in between" in next(one.reason for one in changes if one.predecessor == "A")


def test_versions_without_a_lineage_follow_each_other() -> None:
    third = replace(NEWER, version="2019", in_force_from="2019-01-01", questions=NEWER.questions[1:])
    changes = difference(OLDER, third, [OLDER, NEWER, third], LINKS)
    assert ("withdrawn", NEWER.questions[0].code, "") in _told(changes)
    assert ("split", "OSH-8-90", "OSH-8-06") in _told(changes)
    assert len(changes) == 24


def test_what_stands_beside_the_words_is_compared_too() -> None:
    first = NEWER.questions[0]
    marked = replace(first, publicly_reported=not first.publicly_reported, legal_basis=("C138", "C182"))
    changed = replace(NEWER, version="2019", in_force_from="2019-01-01", questions=(marked, *NEWER.questions[1:]))
    changes = difference(NEWER, changed, [OLDER, NEWER, changed], LINKS, with_same=True)
    (row,) = [one for one in compared(NEWER, changed, changes) if one.says_something]
    assert row.change.relation is Relation.SAME
    assert {(a.name, a.before, a.after) for a in row.aspects} == {
        ("legal_basis", "C138", "C138; C182"),
        ("publicly_reported", "yes", "no"),
    }


def test_the_words_that_changed_are_told_apart() -> None:
    found = words_compared("Are exits kept free?", "Are all exits kept unlocked?")
    assert [(one.state, one.text.strip()) for one in found] == [
        *(("kept", "Are"), ("new", "all"), ("kept", "exits kept")),
        *(("gone", "free"), ("new", "unlocked"), ("kept", "?")),
    ]


@given(st.text(), st.text())
def test_compared_words_give_both_texts_back(before: str, after: str) -> None:
    found = words_compared(before, after)
    assert "".join(one.text for one in found if one.state != "new") == before
    assert "".join(one.text for one in found if one.state != "gone") == after


def test_a_script_without_spaces_is_compared_letter_by_letter() -> None:
    before = "តើកម្មករទាំងអស់មានសិទ្ធិចូលរួមសហជីពដោយសេរីឬទេ"
    found = words_compared(before, before.replace("សេរី", "ស្ម័គ្រចិត្ត"))
    assert found[0].state == "kept" and len(found[0].text) > 20


_CODES = st.sampled_from(["A", "B", "C", "D", "E", "F"])


@given(st.lists(st.dictionaries(_CODES, st.sampled_from(["x?", "y?"]), min_size=1), min_size=2, max_size=4), st.data())
def test_over_any_way_every_question_of_both_ends_is_told(steps: list[dict[str, str]], data) -> None:
    versions = [_version(f"{10 + at}", one) for at, one in enumerate(steps)]
    links = []
    for one, other in pairwise(versions):
        for code in other.by_code:
            if code not in one.by_code:
                before = data.draw(st.sampled_from(["", *one.by_code]))
                relation = Relation.SPLIT if before else Relation.ADDED
                links.append(Lineage(one.version, other.version, before, code, relation))
    first, last = versions[0], versions[-1]
    for one, other in ((first, last), (last, first)):
        changes = difference(one, other, versions, links, with_same=True)
        assert {c.predecessor for c in changes} - {""} == set(one.by_code)
        assert {c.successor for c in changes} - {""} == set(other.by_code)
        pairs = [(c.predecessor, c.successor) for c in changes]
        assert len(pairs) == len(set(pairs))
