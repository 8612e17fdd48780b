"""Tools as files: what goes out comes back exactly, and a bad file is refused in one clear line."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from betterwork.core.errors import BetterWorkError
from betterwork.core.instrument import (
    AnswerKind,
    CountryMark,
    Kind,
    Known,
    LegalLink,
    Lineage,
    Question,
    Relation,
    ReportingLevel,
    ToolVersion,
    TranslatedText,
)
from betterwork.modules.instruments.exchange_fields import ToolFile, list_written, value_read
from betterwork.modules.instruments.exchange_workbook import workbook_read, workbook_write
from betterwork.modules.instruments.exchange_yaml import yaml_read, yaml_write
from betterwork.modules.instruments.reference import shipped_tool
from betterwork.modules.instruments.rules import BadTool

SHIPPED = ToolFile(shipped_tool().versions[1], shipped_tool().lineage)
SMALL = ToolFile(
    ToolVersion(
        tool="trial",
        version="2026",
        in_force_from="2026-01-01",
        approval="draft",
        country="VN",
        questions=(
            Question(
                "A-1",
                Kind.COMPLIANCE,
                "A",
                "Ánh sáng",
                "A-1",
                "Đèn",
                "=1+1 is it lit? \"yes\" & 'no'\nsecond line",
                noncompliant_answer="no",
                legal_basis=("C155", "Law; with a \\ sign"),
                tags=("x",),
                publicly_reported=True,
                zero_tolerance=Known.NO,
                guidance="- @look",
                only_where_it_applies=True,
                reporting_level=ReportingLevel.NATIONAL,
                source="#!",
            ),
            Question(
                "F-1",
                Kind.FACT,
                "A",
                "Ánh sáng",
                "A-2",
                "عدد",
                "How many?",
                answer=AnswerKind.CHOICE,
                choices=("few; or none", "many"),
                unit="lamps",
                least="0",
                most="007",
            ),
            Question("A-2", Kind.COMPLIANCE, "A", "Ánh sáng", "A-1", "Đèn", "Asked again under the first point?"),
        ),
        translations=(TranslatedText("A-1", "text", "km", "តើមានពន្លឺឬទេ?"), TranslatedText("A-1", "text", "ar", "هل؟")),
        legal=(LegalLink("A-1", "ilo-c155", "C155"),),
        marks=(CountryMark("A-1", "VN", Known.YES, Known.UNKNOWN),),
    ),
    (Lineage("2014", "2026", "Z-9", "A-1", Relation.REWORDED, "clearer: it's so"),),
)
WAYS = {"workbook": (workbook_write, workbook_read), "yaml": (yaml_write, yaml_read)}


@pytest.mark.capability("B2", "P1")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("file", [SHIPPED, SMALL], ids=["shipped", "small"])
def test_what_goes_out_comes_back_exactly(way: str, file: ToolFile) -> None:
    write, read = WAYS[way]
    data = write(file)
    assert read(data) == file
    assert write(read(data)) == data


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30) | st.sampled_from(
    [
        "=A1",
        "yes",
        "no",
        "null",
        "2014",
        "1e5",
        "~",
        "- a",
        "a: b",
        "#x",
        "{a}",
        "0x1",
        "2014-01-01",
        " space ",
        "'",
        "\n",
    ]
)
_SAID = _TEXT.filter(str.strip)
_PART = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12) | st.sampled_from(
    [";", "\\", "a;b"]
)


@st.composite
def files(draw: Any) -> ToolFile:
    codes = draw(st.lists(st.from_regex(r"[A-Z]{1,3}-[0-9]{1,2}", fullmatch=True), min_size=1, max_size=4, unique=True))
    parts = st.lists(_PART, max_size=3).map(tuple)
    questions = tuple(
        Question(
            code,
            draw(st.sampled_from(Kind)),
            draw(_TEXT),
            draw(_SAID),
            draw(_TEXT),
            draw(_SAID),
            draw(_SAID),
            standard_kind=draw(st.sampled_from(["", "core", "national"])),
            reporting_level=draw(st.sampled_from(ReportingLevel)),
            noncompliant_answer=draw(st.sampled_from(["", "yes", "no"])),
            legal_basis=draw(parts),
            tags=draw(parts),
            publicly_reported=draw(st.booleans()),
            zero_tolerance=draw(st.sampled_from(Known)),
            guidance=draw(_TEXT),
            only_where_it_applies=draw(st.booleans()),
            source=draw(_TEXT),
            answer=draw(st.sampled_from(AnswerKind)),
            unit=draw(_TEXT),
            choices=draw(parts),
            least=draw(_TEXT),
        )
        for code in codes
    )
    code = st.sampled_from(codes)
    lineage = st.builds(Lineage, _TEXT, _TEXT, _TEXT, code, st.sampled_from(Relation), _TEXT)
    return ToolFile(
        ToolVersion(
            draw(_TEXT),
            draw(_TEXT),
            "2026-01-01",
            draw(_TEXT),
            questions,
            country=draw(st.sampled_from(["", "VN"])),
            translations=tuple(
                draw(st.lists(st.builds(TranslatedText, code, st.just("text"), st.just("vi"), _TEXT), max_size=2))
            ),
            legal=tuple(draw(st.lists(st.builds(LegalLink, code, _TEXT, _TEXT), max_size=2))),
            marks=tuple(
                draw(
                    st.lists(
                        st.builds(CountryMark, code, st.just("VN"), st.sampled_from(Known), st.sampled_from(Known)),
                        max_size=2,
                    )
                )
            ),
        ),
        tuple(draw(st.lists(lineage, max_size=3))),
    )


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(file=files())
def test_any_version_comes_back_or_is_refused_before_it_goes_out(way: str, file: ToolFile) -> None:
    write, read = WAYS[way]
    try:
        data = write(file)
    except BadTool:
        # Only what the way itself cannot hold: noncharacters, and nothing that a person could type.
        assert any(sign in repr(file) for sign in ("\\ufffe", "\\uffff", "\\ufeff", "\\x", "\\U", "\\u2028", "\\u2029"))
        return
    assert read(data) == file


@given(st.lists(_PART, max_size=5).map(tuple))
def test_a_list_in_one_cell_comes_back(values: tuple[str, ...]) -> None:
    assert value_read("questions", "tags", list_written(values)) == values


# --- workbooks that people bring back ------------------------------------------------------------


def _edited(change: Any) -> bytes:
    book = load_workbook(io.BytesIO(workbook_write(SMALL)))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: str, cell: str, value: Any) -> Any:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def test_a_workbook_saved_by_another_program_comes_back_the_same() -> None:
    def keep_the_equals_sign_a_text(book: Workbook) -> None:
        book["questions"]["H2"].data_type = "s"

    assert workbook_read(_edited(keep_the_equals_sign_a_text)) == SMALL


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_put("questions", "P4", "=1+1"), "sheet questions, row 4, column guidance: holds a formula"),
        (_put("questions", "A3", "A-1"), "sheet questions, row 3, column code: 'A-1' stands in row 2 already"),
        (
            _put("questions", "N3", "perhaps"),
            "row 3, column zero_tolerance: is 'perhaps': write one of yes, no, not known",
        ),
        (_put("questions", "M3", "true?"), "row 3, column publicly_reported: is 'true?': write yes or no"),
        (_put("questions", "H3", None), "row 3, column text: is empty: it is needed"),
        (_put("questions", "H3", 1.5), "row 3, column text: holds the number 1.5"),
        (_put("questions", "H3", datetime(2026, 1, 1, 12)), "row 3, column text: holds a moment"),
        (_put("questions", "B1", "sort"), "sheet questions, row 1: the column 'sort' is not known"),
        (_put("questions", "B1", "code"), "sheet questions, row 1: the column code stands twice"),
        (_put("questions", "Q1", None), "sheet questions, row 1: the column source is missing"),
        (_put("questions", "T5", "hello"), "row 5: the cell beyond the last heading holds 'hello'"),
        (_put("answers", "A2", "X-9"), "sheet answers, row 2, column code: 'X-9' is no question of this workbook"),
        (_put("lineage", "E2", "renamed"), "sheet lineage, row 2, column relation: is 'renamed'"),
        (_put("tool", "A7", "colour"), "sheet tool: 'colour' is not known"),
        (_put("questions", "A4000", "Z-1"), "sheet questions has more than 3000 rows"),
        (lambda book: book.remove(book["lineage"]), "the sheet lineage is missing"),
        (lambda book: book["questions"].delete_rows(1, 9), "sheet questions is empty: its first row holds"),
        (lambda book: book["questions"].delete_rows(2, 9), "there is no question"),
    ],
)
def test_a_bad_workbook_is_refused_with_its_place(change: Any, message: str) -> None:
    with pytest.raises(BadTool) as refused:
        workbook_read(_edited(change))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_numbers_and_days_that_a_spreadsheet_made_of_text_are_text_again() -> None:
    def change(book: Workbook) -> None:
        book["tool"]["B3"] = 2026
        book["tool"]["B4"] = datetime(2026, 1, 1)
        book["questions"]["H2"].data_type = "s"

    found = workbook_read(_edited(change)).version
    assert (found.version, found.in_force_from) == ("2026", "2026-01-01")


def _bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_write(SMALL))) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in packed.namelist():
            data = packed.read(name)
            bomb.writestr(name, data + b" " * 20_000_000 if name.endswith("sheet2.xml") else data)
    return out.getvalue()


_WHOLE = workbook_write(SMALL)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        _WHOLE[:-200],
        _WHOLE[:3000] + b"\0" * 400 + _WHOLE[3400:],
        _bomb(),
        b"PK\x05\x06" + b"\0" * 18,
        b"x" * 10_000_001,
    ],
    ids=["empty", "text", "cut", "spoilt", "bomb", "empty zip", "large"],
)
def test_a_file_that_is_no_workbook_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(BetterWorkError) as refused:
        workbook_read(data)
    assert str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: other/1\n", "line 1: this is not a tool"),
        ("schema: betterwork.tool/1\n", "there are no clusters"),
        ("schema: betterwork.tool/1\nclusters: []\n", "there is no question"),
        ("a: [1\n", "this is not YAML"),
        ("a: &x [1]\nb: *x\n", "line 1: anchors"),
        ("a: !!python/object:os.system x\n", "line 1: tags"),
        ("[" * 5000, "nested deeper"),
        ("just text", "line 1: the file is written as names with values"),
        ("", "line 1: the file is written as names with values"),
        ("schema: betterwork.tool/1\ncolour: red\n", "line 2: 'colour' is not known"),
        ("schema: betterwork.tool/1\ntool: a\ntool: b\n", "line 3: tool stands twice"),
        ("schema: betterwork.tool/1\nclusters: x\n", "line 2: clusters is written as a list"),
    ],
)
def test_bad_yaml_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadTool) as refused:
        yaml_read(text.encode())
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: F-1", "code: A-1", "the question 'A-1' stands in line"),
        ("zero_tolerance: no", "zero_tolerance: never", "zero_tolerance is 'never': write one of"),
        ("publicly_reported: yes", "publicly_reported: [yes]", "publicly_reported is a list or has parts"),
        ("      text: How many?\n", "", "the question F-1 has no text"),
        ("      text: How many?", "      wording: How many?", "'wording' is not known in a row of questions"),
    ],
)
def test_a_bad_value_in_yaml_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    text = yaml_write(SMALL).decode()
    assert old in text
    with pytest.raises(BadTool, match=r"^line \d+: ") as refused:
        yaml_read(text.replace(old, new, 1).encode())
    assert message in str(refused.value)


def test_yaml_in_another_encoding_is_refused() -> None:
    with pytest.raises(BadTool, match="not UTF-8"):
        yaml_read("schema: betterwork.tool/1\ntool: é".encode("latin-1"))


def test_rows_beyond_what_a_workbook_says_of_its_size_are_read_too() -> None:
    """Some programs leave the size of the empty sheet: questions must not be taken for withdrawn because of it."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook_write(SHIPPED))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:C2"/>', part)
            new.writestr(name, part)
    assert workbook_read(out.getvalue()).version.questions == SHIPPED.version.questions
