"""Reading rows: quotes, separators and encodings, line by line, against Python's own csv reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.judging import Reason
from betterwork.core.exports.layout import COLUMNS, NotTheLayout, columns_found
from betterwork.core.exports.rows import RowStore
from betterwork.modules.assessments.reading import file_read
from betterwork.modules.assessments.tests.exports import csv_text
from betterwork.modules.assessments.text_rows import MOST_LINES_IN_A_FIELD, TextRows, encoding_of, header_read
from betterwork.modules.assessments.workbook_rows import cell_text

WHOLE = ["Cambodia", "1", "Works", "10", "1/2/2014", "1", "CAT", "Cluster", "Point", "A-1", "Is it?", "NCQ", "0", "Tag"]


def read(text: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, Reason]]]:
    """((line, fields) kept, (line, reason) refused) of a file's text, header and all."""
    file = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogatepass")), encoding="utf-8", newline="")
    columns, separator, number = header_read(file)
    store, refused = RowStore(), []
    TextRows(
        columns=columns,
        separator=separator,
        first=number,
        store=store,
        refuse=lambda number, _, refusal: refused.append((number, refusal.reason)),
        lines=file,
    ).read()
    kept = [
        (number, [*store.heads[head], *store.tails[tail]])
        for number, head, tail in zip(store.numbers, store.head_of_row, store.tail_of_row, strict=True)
    ]
    return kept, refused


def line(**changes: str) -> str:
    fields = [changes.get(f"c{at}", field) for at, field in enumerate(WHOLE)]
    return ",".join(fields)


HEADER = ",".join(COLUMNS)

field_texts = st.text(alphabet=st.sampled_from('ab1,;"\n\r =é€\u2028\x85'), max_size=6)
rows_of_any_text = st.lists(st.lists(field_texts, min_size=14, max_size=14), max_size=8)


@given(rows_of_any_text, st.sampled_from(",;\t|"))
def test_what_a_csv_writer_wrote_is_read_back_whole(rows: list[list[str]], separator: str) -> None:
    rows = [row for row in rows if any(field.strip() for field in row)]
    kept, refused = read(csv_text(rows, separator=separator))
    assert refused == []
    assert [fields for _, fields in kept] == rows


@given(
    st.lists(
        st.sampled_from([line(), line(c10='"Is it, now?"'), line(c2='"Works, ""One"""'), line(c12="1")]), max_size=12
    )
)
def test_lines_met_before_give_the_same_fields_as_a_csv_reader(lines: list[str]) -> None:
    text = "\r\n".join([HEADER, *lines, ""])
    kept, refused = read(text)
    assert refused == []
    assert [fields for _, fields in kept] == list(csv.reader(io.StringIO(text, newline="")))[1:]


def test_a_stray_quote_costs_its_own_line_and_no_other() -> None:
    kept, refused = read(
        "\n".join([HEADER, line(), line(c10='"Is it?'), line(c9="A-2"), line(c9="A-3", c10='"a, b?"'), ""])
    )
    assert refused == [(3, Reason.UNCLOSED_QUOTE)]
    assert [(number, fields[9]) for number, fields in kept] == [(2, "A-1"), (4, "A-2"), (5, "A-3")]


def test_text_after_a_closing_quote_costs_its_own_line_and_no_other() -> None:
    kept, refused = read("\n".join([HEADER, line(c10='"Is it"x?'), line(), ""]))
    assert refused == [(2, Reason.UNCLOSED_QUOTE)]
    assert [number for number, _ in kept] == [3]


def test_two_stray_quotes_that_pair_up_over_a_whole_row_swallow_nothing() -> None:
    kept, refused = read("\n".join([HEADER, line(c13='"'), line(c9="A-2"), line(c13='"'), line(c9="A-4"), ""]))
    assert refused == [(2, Reason.UNCLOSED_QUOTE), (4, Reason.UNCLOSED_QUOTE)]
    assert [fields[9] for _, fields in kept] == ["A-2", "A-4"]


def test_lines_that_stay_open_are_parsed_in_a_time_that_grows_with_them_and_not_with_their_square() -> None:
    asked: list[int] = []
    real = csv.reader

    def counted(lines: Iterable[str], *arguments: object, **options: object) -> object:
        def passed_on() -> Iterator[str]:
            for one in lines:
                asked.append(1)
                yield one

        return real(passed_on(), *arguments, **options)  # type: ignore[call-overload]

    many = MOST_LINES_IN_A_FIELD - 50
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("betterwork.modules.assessments.text_rows.csv.reader", counted)
        kept, refused = read("\n".join([HEADER, line(c10='"Is it?'), *['x,""y'] * many, ""]))
    assert (len(kept), len(refused)) == (0, many + 1)
    assert len(asked) < 20 * many


def test_a_field_may_hold_line_breaks() -> None:
    kept, refused = read("\r\n".join([HEADER, line(c10='"Is it\nreally\r\n\r\nso?"'), line(c9="A-2"), ""]))
    assert refused == []
    assert [(number, fields[10]) for number, fields in kept] == [(2, "Is it\nreally\r\n\r\nso?"), (6, "Is it?")]


def test_the_beginning_of_a_broken_line_is_never_remembered_as_a_row() -> None:
    broken = line(c10='"Is it\nso?"')
    kept, refused = read("\n".join([HEADER, broken, broken, line(c10='"Is it'), line(c9="A-9"), ""]))
    assert refused == [(6, Reason.UNCLOSED_QUOTE)]
    assert [fields[9] for _, fields in kept] == ["A-1", "A-1", "A-9"]


def test_a_quote_open_at_the_end_of_the_file_gives_the_lines_after_it_back() -> None:
    kept, refused = read("\n".join([HEADER, line(c10='"Is it?'), "a,b", "", 'c"']))
    assert refused == [(2, Reason.UNCLOSED_QUOTE), (3, Reason.SHORT_ROW), (5, Reason.SHORT_ROW)]
    assert kept == []


def test_short_and_long_rows_are_refused_and_blank_lines_are_no_rows() -> None:
    kept, refused = read("\n".join([HEADER, "", "  ", "," * 13, '"",', line() + ",x", "a,b", line()[:40], line(), ""]))
    assert refused == [(6, Reason.LONG_ROW), (7, Reason.SHORT_ROW), (8, Reason.SHORT_ROW)]
    assert [number for number, _ in kept] == [9]


def test_a_last_row_without_line_end_is_taken_where_a_cut_would_change_nothing() -> None:
    kept, refused = read(f"{HEADER}\n{line()}")
    assert refused == []
    assert len(kept) == 1


def test_a_last_row_that_may_be_cut_in_a_column_that_counts_is_refused() -> None:
    names = [*COLUMNS[:3], *COLUMNS[4:], COLUMNS[3]]  # Quest.ID comes last
    fields = [*WHOLE[:3], *WHOLE[4:], "10"]
    whole, cut = ",".join(fields), ",".join([*fields[:-1], "1"])
    kept, refused = read(f"{','.join(names)}\n{whole}\n{cut}")
    assert refused == [(3, Reason.SHORT_ROW)]
    assert [row[3] for _, row in kept] == ["10"]


def test_a_line_that_names_the_separator_and_blank_lines_may_stand_before_the_header() -> None:
    kept, refused = read("\r\n".join(["sep=;", "", HEADER.replace(",", ";"), line().replace(",", ";"), ""]))
    assert refused == []
    assert [(number, len(fields)) for number, fields in kept] == [(4, 14)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_is_told_by_the_first_bytes(encoding: str) -> None:
    beginning = HEADER.encode(encoding)
    found, mark = encoding_of(beginning)
    assert beginning[mark:].decode(found) == HEADER


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_bytes_that_are_no_text_are_kept_apart_from_good_rows(tmp_path: Path, encoding: str) -> None:
    good = f"{HEADER}\n{line()}\n".encode(encoding)
    bad = line(c2="caf").encode(encoding) + "\n".encode(encoding)
    bad = bad.replace(
        "caf".encode(encoding), "caf".encode(encoding) + (b"\xe9" if encoding == "utf-8" else b"\x00\xd8")
    )
    path = tmp_path / "export.csv"
    path.write_bytes(good + bad)
    store = RowStore()
    file_read(path, store=store, refuse=lambda *_: pytest.fail("nothing is broken"), advance=lambda _: None)
    names = [store.heads[head][2] for head in store.head_of_row]
    assert names[0] == "Works"
    with pytest.raises(UnicodeEncodeError):
        names[1].encode("utf-8")


def test_a_digest_and_all_bytes_are_told_while_a_file_is_read(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "export.csv"
    path.write_bytes(csv_text([WHOLE] * 20_000).encode("utf-8-sig"))
    told: list[int] = []
    found = file_read(path, store=RowStore(), refuse=lambda *_: pytest.fail("nothing is broken"), advance=told.append)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert sum(told) == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"hello", "not an assessment export"),
        (HEADER.replace("Finding", "Found").encode(), "no column Finding"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "save it as .xlsx"),
        (b"PK\x03\x04" + b"x" * 99, "the workbook cannot be read"),
        (HEADER.encode("utf-32"), "not an assessment export"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_its_name_and_a_reason(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(BetterWorkError, match=message) as raised:
        file_read(path, store=RowStore(), refuse=lambda *_: None, advance=lambda _: None)
    assert str(path) in str(raised.value)


def test_a_header_is_refused_where_the_separator_is_none_of_those_known() -> None:
    with pytest.raises(NotTheLayout):
        read(HEADER.replace(",", "^") + "\n")


def test_cells_become_the_text_a_csv_would_hold() -> None:
    from datetime import date, datetime

    assert [cell_text(value) for value in (None, True, 1, 1.0, 0.5, "=1+1", 1e20)] == [
        "", "TRUE", "1", "1", "0.5", "=1+1", "1e+20",
    ]  # fmt: skip
    assert cell_text(datetime(2013, 1, 21)) == cell_text(date(2013, 1, 21)) == "21/01/2013"
    assert cell_text(datetime(2013, 1, 21, 9, 30), is_date=True) == "21/01/2013"
    assert cell_text(datetime(2013, 1, 21, 9, 30)) == "2013-01-21 09:30:00"


def test_the_columns_of_the_sample_have_their_head_first() -> None:
    assert columns_found(COLUMNS).head_comes_first
    assert not columns_found([*COLUMNS[7:], *COLUMNS[:7]]).head_comes_first
