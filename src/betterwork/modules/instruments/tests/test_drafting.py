"""Writing a version: lineage as the work is done, codes kept, upper levels global, every step put back exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betterwork.core.instrument import CountryMark, Kind, Known, Question, ReportingLevel, ToolVersion
from betterwork.modules.instruments.changes import codes_touched, part_of, part_put
from betterwork.modules.instruments.checklist import lineage_faults
from betterwork.modules.instruments.drafting import (
    labels_set,
    laws_set,
    mark_set,
    question_added,
    question_edited,
    question_moved,
    question_restored,
    question_withdrawn,
    reasons_set,
)
from betterwork.modules.instruments.lineage import (
    Content,
    Frame,
    NotInADraft,
    begun_from,
    lineage_total,
    links_read_off,
)
from betterwork.modules.instruments.merging import parts_joined, question_split, questions_merged
from betterwork.modules.instruments.reference import shipped_tool
from betterwork.modules.instruments.rules import version_check, version_content, version_from_content

WHY = "the law changed"


def question(code: str, point: str = "", **more) -> Question:
    point = point or code.rpartition("-")[0]
    cluster = point.partition("-")[0]
    return Question(code, Kind.COMPLIANCE, cluster, f"Cluster {cluster}", point, f"Point {point}", f"{code}?", **more)


BASE = ToolVersion(
    "test",
    "1",
    "2020-01-01",
    "",
    tuple(question(code) for code in ("A-1-1", "A-1-2", "A-1-3", "A-2-1", "A-2-2", "B-1-1", "B-1-2")),
)
FRAME = Frame(BASE, "2", used=frozenset({"A-1-9"}))
NATIONAL = replace(FRAME, national=True)
START = begun_from(BASE)


def relations(content: Content) -> set[tuple[str, str, str]]:
    return {(link.predecessor, link.successor, str(link.relation)) for link in content.links}


def as_version(content: Content) -> ToolVersion:
    return ToolVersion("test", "2", "2026-01-01", "", content.questions, marks=content.marks)


@pytest.mark.capability("B2")
def test_new_words_are_a_rewording_with_its_reason_and_the_old_words_again_are_none() -> None:
    after = question_edited(FRAME, START, "A-1-1", {"text": "Otherwise?"}, WHY)
    assert relations(after) == {("A-1-1", "A-1-1", "reworded")}
    assert after.links[0].reason == WHY
    assert question_edited(FRAME, after, "A-1-1", {"text": "A-1-1?"}) == START


def test_guidance_tags_and_marks_change_no_meaning() -> None:
    changed = {"guidance": "Look at it.", "tags": ("Public Disclosure",), "publicly_reported": True}
    assert question_edited(FRAME, START, "A-1-1", changed).links == ()


@pytest.mark.capability("B2")
def test_another_reporting_level_and_another_point_are_moves() -> None:
    after = question_edited(FRAME, START, "A-1-1", {"reporting_level": ReportingLevel.NATIONAL}, WHY)
    after = question_moved(FRAME, after, "A-1-2", "B-1", after="B-1-1", reason=WHY)
    assert relations(after) == {("A-1-1", "A-1-1", "moved"), ("A-1-2", "A-1-2", "moved")}
    assert [one.code for one in after.questions][-3:] == ["B-1-1", "A-1-2", "B-1-2"]
    assert after.by_code["A-1-2"].cluster == "Cluster B"


def test_another_place_in_its_point_is_no_move() -> None:
    after = question_moved(FRAME, START, "A-1-3", "A-1", after="")
    assert [one.code for one in after.questions][:3] == ["A-1-3", "A-1-1", "A-1-2"]
    assert after.links == ()


@pytest.mark.capability("B2")
def test_a_split_names_each_part_and_is_taken_back_whole() -> None:
    laws = laws_set(START, "A-1-1", ["c138"])
    after = question_split(FRAME, laws, "A-1-1", [("A-1-1", "One?"), ("A-1-4", "Two?")], WHY)
    assert relations(after) == {("A-1-1", "A-1-1", "split"), ("A-1-1", "A-1-4", "split")}
    assert after.legal == {("A-1-1", "c138"), ("A-1-4", "c138")}
    assert parts_joined(FRAME, after, "A-1-4") == laws
    with pytest.raises(NotInADraft, match="one of two parts"):
        question_withdrawn(FRAME, after, "A-1-4", WHY)
    with pytest.raises(NotInADraft, match="already"):
        question_split(FRAME, after, "A-1-4", [("A-1-5", "One?"), ("A-1-6", "Two?")], WHY)


@pytest.mark.capability("B2")
def test_a_merge_names_each_predecessor_and_is_taken_back_whole() -> None:
    after = questions_merged(FRAME, START, ["A-1-1", "B-1-1"], "A-1-8", "Both?", WHY)
    assert relations(after) == {("A-1-1", "A-1-8", "merged"), ("B-1-1", "A-1-8", "merged")}
    assert after.by_code["A-1-8"].point_code == "A-1"
    back = parts_joined(FRAME, after, "A-1-8")
    assert set(back.questions) == set(START.questions)
    assert back.links == ()
    gone = question_withdrawn(FRAME, after, "A-1-8", WHY)
    assert relations(gone) == {("A-1-1", "", "withdrawn"), ("B-1-1", "", "withdrawn")}


def test_what_is_withdrawn_says_why_and_comes_back_where_it_stood() -> None:
    with pytest.raises(NotInADraft, match="Say why"):
        question_withdrawn(FRAME, START, "A-1-2", " ")
    after = question_withdrawn(FRAME, START, "A-1-2", WHY)
    assert relations(after) == {("A-1-2", "", "withdrawn")}
    assert question_restored(FRAME, after, "A-1-2") == START


def test_an_added_question_that_is_withdrawn_leaves_nothing() -> None:
    after = question_added(FRAME, START, question("B-1-3"), reason=WHY)
    assert relations(after) == {("", "B-1-3", "added")}
    assert question_withdrawn(FRAME, after, "B-1-3", WHY) == START


@pytest.mark.parametrize("code", ["A-1-1", "A-1-9", "A 1", "", "é", "a" * 41])
def test_a_code_in_use_or_ever_used_is_given_to_no_other_question(code: str) -> None:
    start = question_withdrawn(FRAME, START, "A-1-1", WHY)
    with pytest.raises(NotInADraft):
        question_added(FRAME, start, question("A-1-7").__class__(**{**_fields("A-1-7"), "code": code}), reason=WHY)


def _fields(code: str) -> dict:
    one = question(code)
    return {name: getattr(one, name) for name in one.__slots__}


@pytest.mark.capability("B1")
@pytest.mark.parametrize(
    "step",
    [
        lambda: labels_set(NATIONAL, START, level="point", code="A-1", label="Other"),
        lambda: labels_set(NATIONAL, START, level="cluster", code="A", label="Other"),
        lambda: question_added(NATIONAL, START, question("C-1-1"), reason=WHY),
        lambda: question_edited(NATIONAL, START, "A-1-1", {"standard_kind": "national"}),
        lambda: question_moved(NATIONAL, question_withdrawn(NATIONAL, START, "A-2-1", WHY), "A-2-2", "A-1", reason=WHY),
        lambda: question_withdrawn(NATIONAL, question_withdrawn(NATIONAL, START, "A-2-1", WHY), "A-2-2", WHY),
        lambda: questions_merged(NATIONAL, START, ["A-1-1", "A-2-1", "A-2-2"], "A-1-1", "All?", WHY),
    ],
)
def test_a_country_changes_no_cluster_and_no_point(step) -> None:
    with pytest.raises(NotInADraft, match=r"same in all countries"):
        step()


@pytest.mark.capability("B1")
def test_a_country_writes_questions_under_them() -> None:
    after = question_added(NATIONAL, START, question("A-2-3"), reason=WHY)
    assert after.by_code["A-2-3"].point == "Point A-2"
    assert labels_set(FRAME, START, level="cluster", code="A", label="New").by_code["A-2-1"].cluster == "New"


def test_a_reason_is_given_later_to_every_link_of_a_question() -> None:
    after = question_edited(FRAME, START, "A-1-1", {"text": "Otherwise?"})
    assert after.links[0].reason == ""
    assert reasons_set(after, "A-1-1", WHY).links[0].reason == WHY
    with pytest.raises(NotInADraft, match="same as before"):
        reasons_set(after, "A-1-2", WHY)


def test_the_lineage_of_the_shipped_tool_is_whole_and_read_off_where_it_says_nothing() -> None:
    older, newer = shipped_tool().versions
    frame = Frame(older, "2014")
    content = Content(newer.questions, links_read_off(frame, newer.questions, shipped_tool().lineage))
    assert lineage_faults(frame, content) == []
    assert set(content.links) == set(shipped_tool().lineage)


def test_a_version_of_a_country_survives_the_way_through_its_document() -> None:
    marks = (CountryMark("A-1-1", "KH", Known.YES, Known.NO),)
    asked = (replace(BASE.questions[0], choices=("a", "b"), unit="workers"), *BASE.questions[1:])
    version = replace(BASE, questions=asked, country="KH", marks=marks)
    assert version_from_content(version_content(version))[0] == version
    assert "country" not in version_content(BASE)
    assert "unit" not in version_content(BASE)["questions"][0]


# -- any sequence of steps and undos ---------------------------------------------------------------

CODES = [one.code for one in BASE.questions] + ["A-1-5", "A-2-5", "B-1-5", "B-1-6"]
codes = st.sampled_from(CODES)
texts = st.sampled_from(["One?", "Two?", "A-1-1?", ""])
reasons = st.sampled_from(["", WHY])
steps = st.one_of(
    st.tuples(st.just(question_edited), st.tuples(codes, texts.map(lambda text: {"text": text}), reasons)),
    st.tuples(
        st.just(question_edited),
        st.tuples(codes, st.sampled_from(list(ReportingLevel)).map(lambda one: {"reporting_level": one}), reasons),
    ),
    st.tuples(st.just(question_withdrawn), st.tuples(codes, reasons)),
    st.tuples(st.just(question_restored), st.tuples(codes)),
    st.tuples(st.just(question_moved), st.tuples(codes, st.sampled_from(["A-1", "A-2", "B-1"]))),
    st.tuples(st.just(question_added), st.tuples(codes.map(question))),
    st.tuples(
        st.just(question_split),
        st.tuples(codes, st.lists(st.tuples(codes, texts), min_size=1, max_size=3), reasons),
    ),
    st.tuples(
        st.just(questions_merged),
        st.tuples(st.lists(codes, min_size=1, max_size=3), codes, texts, reasons),
    ),
    st.tuples(st.just(parts_joined), st.tuples(codes)),
    st.just("undo"),
)


@pytest.mark.capability("B2")
@given(st.lists(steps, max_size=25), st.booleans())
@settings(max_examples=150)
def test_any_sequence_of_steps_and_undos_keeps_the_lineage_whole_and_every_step_is_put_back(sequence, national) -> None:
    frame = NATIONAL if national else FRAME
    content, stack = START, []
    for step in sequence:
        before = content
        if step == "undo":
            if stack:
                wanted, part = stack.pop()
                content = part_put(content, part)
                assert content == wanted
            continue
        made, given_ = step
        try:
            content = made(frame, content, *given_)
        except NotInADraft:
            continue
        stack.append((before, part_of(before, content)))
        assert lineage_faults(frame, content) == []
        assert len(content.by_code) == len(content.questions)
        total = lineage_total(frame, content)
        assert {old for old, _ in total} - {""} == set(frame.asked)
        assert {new for _, new in total} - {""} == set(content.by_code)
        if content.questions:
            version_check(as_version(content), content.links)
        if national:
            points = {(one.cluster_code, one.cluster, one.point_code, one.point) for one in BASE.questions}
            assert {(o.cluster_code, o.cluster, o.point_code, o.point) for o in content.questions} == points
    while stack:
        wanted, part = stack.pop()
        content = part_put(content, part)
        assert content == wanted
    assert content == START


@given(st.sampled_from(CODES[:7]), st.sampled_from(["c1", "c2"]), st.sampled_from(["KH", "VN"]))
def test_law_and_marks_are_put_back_too(code: str, law: str, country: str) -> None:
    after = mark_set(laws_set(START, code, [law]), CountryMark(code, country, Known.YES))
    assert part_put(after, part_of(START, after)) == START
    assert part_put(START, part_of(after, START)) == after
    assert codes_touched(START, after) == [code]
