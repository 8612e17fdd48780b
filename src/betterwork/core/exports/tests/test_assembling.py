"""From rows to the content of a document: the rules for one assessment, on a tool of six questions."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.exports.assembling import Assembled, Assembler
from betterwork.core.exports.judging import Judge, Reason
from betterwork.core.exports.layout import COLUMNS, HEAD_COLUMNS, NotTheLayout, columns_found
from betterwork.core.exports.rows import RowStore, judged_tails, rows_grouped
from betterwork.core.instrument import Catalogue, Kind, Question, ToolVersion


def _question(code: str, kind: Kind = Kind.COMPLIANCE, *, where_it_applies: bool = False) -> Question:
    point = code.rpartition("-")[0]
    texts = "C", "Cluster", point, f"Point {point}", f"Text {code}?"
    return Question(code, kind, *texts, only_where_it_applies=where_it_applies)


NEW = ToolVersion(
    tool="toy", version="2", in_force_from="2014-01-01", approval="",
    questions=(_question("A-1"), _question("A-2"), _question("B-1"), _question("D-1", where_it_applies=True),
               _question("D-2", where_it_applies=True), _question("F-1", Kind.FACT)),
)  # fmt: skip
OLD = ToolVersion("toy", "1", "2009-01-01", "", (_question("A-1"), _question("Z-9"), _question("F-1", Kind.FACT)))
TOYS = Catalogue("toy", (OLD, NEW), named={("KH", "Toy V1"): "1", ("KH", "Toy V2"): "2"})
JUDGE = Judge(TOYS, {"Cambodia": "KH", "KHM": "KH"}.get, {"OWN-1": "A-1"})
WHOLE = ("A-1", "A-2", "B-1")


def row(code: str = "A-1", finding: str = "0", **other: str) -> tuple[str, ...]:
    """A row of the toy tool in the order of the layout; other columns by the name of their place."""
    usual = {
        "country": "Cambodia", "factory": "7", "name": "Works", "assessment": "10", "start": "1/2/2014", "cycle": "1",
        "tool": "Toy V2", "cluster": "Cluster", "point": f"Point {code.rpartition('-')[0]}", "code": code,
        "label": f"Text {code}?", "type": "FGW" if code.startswith("F") else "NCQ", "finding": finding, "tags": "",
    }  # fmt: skip
    return tuple((usual | other).values())


def settled(rows: list[tuple[str, ...]]) -> tuple[list[Assembled], Counter[Reason]]:
    """Assemble rows; (assessments, reasons of the rows that belong to none)."""
    store = RowStore()
    for number, fields in enumerate(rows, start=2):
        store.add(number, fields[: len(HEAD_COLUMNS)], fields[len(HEAD_COLUMNS) :])
    grouped = rows_grouped(store, JUDGE)
    assembler = Assembler(tool="toy", versions=TOYS.versions, heads=grouped.heads, tails=judged_tails(JUDGE, store))
    lost = Counter(refusal.reason for *_, refusal in grouped.refused_rows())
    return [assembler.assemble(rows) for rows in grouped.assessments()], lost


def one(rows: list[tuple[str, ...]]) -> tuple[Assembled, dict[str, Any]]:
    """The only assessment of the rows, with its content (empty when nothing was taken)."""
    assessments, lost = settled(rows)
    assert not lost
    assert len(assessments) == 1
    assembled = assessments[0]
    assert len(assembled.taken) + assembled.duplicates + len(assembled.refused) == len(rows)
    return assembled, assembled.content or {}


def reasons(assembled: Assembled) -> Counter[Reason]:
    return Counter(refusal.reason for _, refusal in assembled.refused)


def test_a_plain_assessment_says_what_was_asked_found_and_missing() -> None:
    _, content = one(
        [row("A-1", "0"), row("A-2", "1"), row("B-1", "N/A"), row("F-1", "453"), row("FX", "3", label="Shifts")]
    )
    assert content["answers"] == {"A-1": 0, "A-2": 1, "B-1": 2}
    assert content["facts"] == {"F-1": "453"}
    assert content["undeclared_facts"] == [["FX", "Shifts", "3"]]
    assert content["missing"] == ["D-1", "D-2"]
    assert content["incomplete"] is False
    assert content["tool"] == {"tool": "toy", "version": "2", "name": "Toy V2"}
    assert (content["country"], content["assessment"], content["start"], content["cycle"]) == (
        "KH",
        10,
        "2014-02-01",
        1,
    )
    assert content["written"] == content["repeats"] == {}


def test_a_point_asked_only_where_it_applies_may_be_missing_whole_but_not_in_part() -> None:
    _, content = one([*map(row, WHOLE), row("D-1")])
    assert content["missing"] == ["D-2"]
    assert content["incomplete"] is True


def test_a_point_whose_only_rows_were_refused_makes_the_assessment_incomplete() -> None:
    assembled, content = one([*map(row, WHOLE), row("D-1", "maybe")])
    assert reasons(assembled) == {Reason.BAD_FINDING: 1}
    assert content["missing"] == ["D-1", "D-2"]
    assert content["incomplete"] is True


def test_an_exact_duplicate_is_dropped_and_kept_in_mind() -> None:
    assembled, content = one([row(), row(), row(), row("F-1", "9"), row("F-1", "9")])
    assert assembled.duplicates == 3
    assert assembled.restated == 0
    assert content["repeats"] == {"A-1": 2, "F-1": 1}


def test_the_same_answer_in_other_words_is_a_duplicate_and_the_tools_own_words_stay() -> None:
    assembled, content = one([row(label="Older words?"), row(), row(tags="Public Disclosure")])
    assert (len(assembled.taken), assembled.duplicates, assembled.restated) == (1, 2, 2)
    assert content["written"] == {}


def test_labels_other_than_the_tools_are_kept_as_written() -> None:
    assembled, content = one([row(point="Old point", label=" Older words? ")])
    assert content["written"] == {"A-1": ["Cluster", "Old point", "Older words?"]}
    assert assembled.other_labels == 1


@pytest.mark.parametrize(("first", "second"), [("0", "1"), ("0", ""), ("1", "Not assessed"), ("", "N/A")])
def test_one_question_with_two_findings_is_refused_on_every_row(first: str, second: str) -> None:
    assembled, content = one([row("A-1", first), row("A-1", second), row("A-1", second), row("A-2")])
    assert reasons(assembled) == {Reason.CONFLICTING_FINDINGS: 2}
    assert assembled.duplicates == 1
    assert content["answers"] == {"A-2": 0}
    assert content["repeats"] == {}


def test_the_head_that_most_rows_state_stands_and_the_others_are_refused() -> None:
    assembled, content = one([row("A-1"), row("A-2"), row("B-1", cycle="2"), row("D-1", name="Works Ltd")])
    assert reasons(assembled) == {Reason.INCONSISTENT_ASSESSMENT: 2}
    assert content["cycle"] == 1
    assert set(content["answers"]) == {"A-1", "A-2"}


def test_repeating_a_row_gives_it_no_second_vote() -> None:
    assembled, content = one([row("A-1"), row("A-2"), *[row("B-1", cycle="2")] * 5])
    assert content["cycle"] == 1
    assert assembled.duplicates == 4


def test_where_two_heads_have_as_many_rows_all_are_refused() -> None:
    assembled, content = one([row("A-1"), row("A-2", factory="8")])
    assert reasons(assembled) == {Reason.INCONSISTENT_ASSESSMENT: 2}
    assert content == {}


def test_spellings_of_one_country_and_one_day_are_no_disagreement() -> None:
    assembled, _ = one([row("A-1"), row("A-2", country="KHM", start="01/02/2014", assessment="0010", cycle="01")])
    assert not assembled.refused


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (row("ZZZ"), Reason.UNKNOWN_QUESTION),
        (row("", type="FGW"), Reason.UNKNOWN_QUESTION),
        (row("A-1", type="FGW"), Reason.WRONG_QUESTION_TYPE),
        (row("F-1", type="NCQ"), Reason.WRONG_QUESTION_TYPE),
        (row("Z-9"), Reason.QUESTION_NOT_IN_VERSION),
        (row("B-1", tool="Toy V1"), Reason.QUESTION_NOT_IN_VERSION),
        (row(type="ncq"), Reason.BAD_QUESTION_TYPE),
        (row(finding="2"), Reason.BAD_FINDING),
        (row(label="a\0b"), Reason.BAD_ENCODING),
        (row(tags="caf\udce9"), Reason.BAD_ENCODING),
    ],
)
def test_each_flaw_of_a_tail_has_its_reason(fields: tuple[str, ...], reason: Reason) -> None:
    assembled, _ = one([fields])
    assert reasons(assembled) == {reason: 1}


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        ({"country": "Atlantis"}, Reason.UNKNOWN_COUNTRY),
        ({"tool": "Toy V9"}, Reason.UNKNOWN_TOOL_VERSION),
        ({"assessment": "x1"}, Reason.BAD_ASSESSMENT_ID),
        ({"assessment": "1" * 16}, Reason.BAD_ASSESSMENT_ID),
        ({"factory": " "}, Reason.BAD_FACTORY_ID),
        ({"factory": "f" * 65}, Reason.BAD_FACTORY_ID),
        ({"start": "31/02/2014"}, Reason.BAD_DATE),
        ({"cycle": "0"}, Reason.BAD_CYCLE),
        ({"name": "W\udce9rks"}, Reason.BAD_ENCODING),
    ],
)
def test_each_flaw_of_a_head_has_its_reason(flaw: dict[str, str], reason: Reason) -> None:
    assessments, lost = settled([row(**flaw)])
    assert assessments == []
    assert lost == {reason: 1}


def test_a_mapping_declares_an_unknown_compliance_question_and_the_document_says_so() -> None:
    _, content = one([row("OWN-1", "1", point="Point A", label="Text A-1?")])
    assert content["answers"] == {"A-1": 1}
    assert content["mapped"] == {"A-1": "OWN-1"}


def test_a_message_names_the_column_what_was_found_and_what_was_expected() -> None:
    assembled, _ = one([row(finding="maybe")])
    message = assembled.refused[0][1].message("export.csv, line 2")
    assert message.startswith("export.csv, line 2, column Finding: found 'maybe'; expected 0 (none), 1 (a finding)")


rows_of_one_assessment = st.lists(
    st.builds(
        row,
        code=st.sampled_from(["A-1", "A-2", "B-1", "D-1", "F-1", "FX", "ZZZ", "Z-9"]),
        finding=st.sampled_from(["0", "0", "0", "1", "", "N/A", "x"]),
        cycle=st.sampled_from(["1", "1", "1", "1", "2"]),
        label=st.sampled_from(["One?", "Two?"]),
        tags=st.sampled_from(["", "", "Public Disclosure"]),
    ),
    min_size=1,
    max_size=25,
)


@given(rows_of_one_assessment, st.randoms(use_true_random=False))
def test_what_comes_out_does_not_depend_on_the_order_of_rows(
    rows: list[tuple[str, ...]], chance: random.Random
) -> None:
    assembled, content = one(rows)
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    again, content_again = one(shuffled)
    assert content_again == content
    assert reasons(again) == reasons(assembled)
    assert (len(again.taken), again.duplicates, again.restated) == (
        len(assembled.taken), assembled.duplicates, assembled.restated,
    )  # fmt: skip


@given(rows_of_one_assessment)
def test_every_row_is_taken_a_duplicate_or_refused_and_never_two_of_them(rows: list[tuple[str, ...]]) -> None:
    assembled, content = one(rows)
    positions = [*assembled.taken, *(position for position, _ in assembled.refused)]
    assert len(set(positions)) == len(positions)
    said = len(content.get("answers", ())) + len(content.get("facts", ())) + len(content.get("undeclared_facts", ()))
    assert said == len(assembled.taken) - assembled.blank_facts


@given(rows_of_one_assessment, rows_of_one_assessment)
def test_assessments_that_lie_interleaved_come_out_as_if_apart(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    other = [(*fields[:3], "11", *fields[4:]) for fields in second]
    mixed = [fields for pair in zip(first, other, strict=False) for fields in pair]
    mixed += first[len(other) :] + other[len(first) :]
    together = {assembled.rows.key: assembled.content for assembled in settled(mixed)[0]}
    assert together == {("KH", 10): one(first)[0].content, ("KH", 11): one(other)[0].content}


@given(st.permutations(COLUMNS), st.sampled_from([str.upper, str.lower, lambda name: name.replace(".", " ")]))
def test_columns_are_found_in_any_order_and_case(names: list[str], written: Any) -> None:
    columns = columns_found([written(name) for name in names] + ["Extra"])
    assert [names[at] for at in columns.head + columns.tail] == list(COLUMNS)
    assert columns.extra == ("Extra",)


def test_a_missing_or_doubled_column_is_named() -> None:
    with pytest.raises(NotTheLayout, match=r"no column Finding, Tags"):
        columns_found(COLUMNS[:-2])
    with pytest.raises(NotTheLayout, match="Cycle more than once"):
        columns_found([*COLUMNS, "cycle"])
    with pytest.raises(NotTheLayout, match="not an assessment export"):
        columns_found(["a", "b"])
