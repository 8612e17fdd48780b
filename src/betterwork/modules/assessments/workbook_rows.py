"""Reading rows from a workbook (XLSX): every sheet that has the layout's header, cells as their text."""

from __future__ import annotations

import hashlib
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.judging import Reason, Refusal
from betterwork.core.exports.layout import Columns, NotTheLayout, columns_found, columns_recognised
from betterwork.core.exports.rows import RowStore
from betterwork.modules.assessments.text_rows import Refuse

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_ROWS = 1_048_576
"""Rows a sheet can have; a damaged file may claim any number."""

_FORMULA_WITHOUT_RESULT = re.compile(
    rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)

_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr="(\d+)"')


def cell_text(value: Any, *, is_date: bool = False) -> str:
    """A cell's value as the text an export in CSV would hold: ``1``, ``0.5``, ``21/01/2013``.

    ``is_date`` says that the column holds days, so that a time of day in a date cell is left out.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        if is_date or value.time() == time():
            return f"{value.day:02}/{value.month:02}/{value.year:04}"
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float | Decimal | time | timedelta):
        return str(value)
    return str(value)


class WorkbookRows:
    """Keeps the rows of a workbook in a :class:`RowStore`.

    Rows are numbered through all sheets that are read; ``place`` says which sheet and row a number is.
    """

    def __init__(self, *, store: RowStore, refuse: Refuse) -> None:
        self.store, self.refuse = store, refuse
        self.blank_lines = 0
        self.columns: Columns | None = None
        self.unread: list[str] = []
        self._date_kinds: set[bool] = set()  # whether days came as date cells (True) or as text
        self._sheets: list[tuple[int, str]] = []  # (numbers before it, name)
        self._last = 0

    def place(self, number: int) -> str:
        """Where a row lies: its row number, with the sheet's name where several were read."""
        before, name = max(sheet for sheet in self._sheets if sheet[0] < number)
        return f"{number - before}" if len(self._sheets) == 1 else f"{name}!{number - before}"

    @property
    def notes(self) -> list[str]:
        """What a person should know of the sheets and dates."""
        notes = [f"sheet {name!r} has no header of the layout and was not read" for name in self.unread]
        if len(self._date_kinds) == 2:
            notes.append(
                "start dates are partly date cells, partly text: a spreadsheet with other regional settings may have "
                "exchanged day and month in the date cells; compare them with the source"
            )
        return notes

    def read_sheet(self, name: str, rows: Iterator[tuple[Any, ...]]) -> None:
        """Read one sheet, or note that it has no header of the layout. Raises :class:`NotTheLayout`."""
        before, columns = self._last, None
        for row, values in enumerate(rows, start=1):
            if row > MOST_ROWS:
                raise BetterWorkError(f"sheet {name!r} claims more than {MOST_ROWS} rows: the file is damaged")
            if all(value is None or value == "" for value in values):
                self.blank_lines += columns is not None
            elif columns is None:
                columns = self._header(values)
                if columns is None:
                    break
                self._sheets.append((before, name))
            else:
                self._take(before + row, values, columns)
            self._last = before + row
        if columns is None:
            self.unread.append(name)

    def _header(self, values: tuple[Any, ...]) -> Columns | None:
        names = [cell_text(value) for value in values]
        while names and not names[-1].strip():
            names.pop()
        if columns_recognised(names) < 3:
            return None
        columns = columns_found(names)
        self.columns = self.columns or columns
        return columns

    def _take(self, number: int, values: tuple[Any, ...], columns: Columns) -> None:
        start = columns.head[4]
        if start < len(values) and values[start] not in (None, ""):
            self._date_kinds.add(isinstance(values[start], date))
        fields = [cell_text(value, is_date=at == start) for at, value in enumerate(values)]
        if not any(field.strip() for field in fields):
            self.blank_lines += 1
            return
        width = columns.width
        if any(field.strip() for field in fields[width:]):
            refusal = Refusal(Reason.LONG_ROW, "", f"found {len(fields)} cells", f"{width}, as in the header")
            self.refuse(number, fields, refusal)
            return
        fields += [""] * (width - len(fields))
        self.store.add(number, tuple(fields[at] for at in columns.head), tuple(fields[at] for at in columns.tail))


def workbook_read(
    path: Path, *, store: RowStore, refuse: Refuse, advance: Callable[[int], None]
) -> tuple[WorkbookRows, str]:
    """Read a workbook into ``store``; return its rows' reader and the file's SHA-256.

    Raises :class:`BetterWorkError` when it cannot be read or is not an export.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    reader = WorkbookRows(store=store, refuse=refuse)
    with _workbook_opened(path) as book:
        rows_claimed = sum(sheet.max_row or 0 for sheet in book.worksheets)
        paced = _Paced(path.stat().st_size, max(rows_claimed, 1), advance)
        _sheets_read(book, reader, paced.rows)
        paced.finish()
    return reader, sha256


def workbook_looked_at(path: Path) -> None:
    """Make sure that a workbook can be opened and has a sheet of the layout. Raises as :func:`workbook_read`."""
    reader = WorkbookRows(store=RowStore(), refuse=lambda *_: None)
    with _workbook_opened(path) as book:
        _sheets_read(book, reader, _with_header)


def _with_header(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows up to the first that is not blank, which should be the header."""
    for row in islice(rows, MOST_ROWS):
        yield row
        if any(value is not None and value != "" for value in row):
            return


@contextmanager
def _workbook_opened(path: Path) -> Iterator[Workbook]:
    """A workbook whose cells can be trusted. What fails inside the library is raised as one clear line."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(), path.open("rb") as file:  # opened here: the library refuses names it dislikes
            warnings.simplefilter("ignore")  # the library's remarks about styles and extensions say nothing of rows
            _refuse_what_cannot_be_trusted(path)
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except BetterWorkError:
        raise
    except Exception as error:  # a damaged workbook fails anywhere inside the library, with anything
        why = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise BetterWorkError(f"the workbook cannot be read ({why}); open it, save it anew and try again") from error


def _sheets_read(
    book: Workbook, reader: WorkbookRows, some: Callable[[Iterator[tuple[Any, ...]]], Iterator[tuple[Any, ...]]]
) -> None:
    """Read ``some`` of the rows of every sheet. Raises :class:`NotTheLayout` when none has the header."""
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        reader.read_sheet(sheet.title, some(sheet.iter_rows(values_only=True)))
    if reader.columns is None:
        raise NotTheLayout(f"no sheet has the header of an assessment export (sheets: {', '.join(reader.unread)})")


class _Paced:
    """Tells progress in bytes of the file, as far as the rows a workbook claims to have let one guess it."""

    def __init__(self, size: int, rows_claimed: int, advance: Callable[[int], None]) -> None:
        self._left, self._share, self._advance = size, 1000 * size // rows_claimed, advance

    def rows(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows, with a word to whoever watches at every thousandth."""
        for number, row in enumerate(rows, start=1):
            if number % 1000 == 0:
                self._tell(min(self._share, self._left))
            yield row

    def finish(self) -> None:
        """All is read."""
        self._tell(self._left)

    def _tell(self, size: int) -> None:
        self._left -= size
        self._advance(size)


def _refuse_what_cannot_be_trusted(path: Path) -> None:
    """A workbook that swells beyond measure, or formulas whose results were never stored (they would read as blank)."""
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
        if size > 200_000_000 and size > 200 * path.stat().st_size:
            raise BetterWorkError("the workbook swells to more than 200 times its size; save the sheet as CSV instead")
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                with archive.open(part) as sheet:
                    _sheet_checked(sheet.read, part.filename)


def _sheet_checked(read: Callable[[int], bytes], name: str) -> None:
    """Refuse a sheet that the library would read otherwise than it was meant, without a word."""
    last = 0
    for rows in _whole_rows(read):
        if _FORMULA_WITHOUT_RESULT.search(rows):
            raise BetterWorkError(
                f"{name} has formulas without stored results; open the workbook in a spreadsheet program and save it"
            )
        for match in _ROW_NUMBER.finditer(rows):
            number = int(match.group(1)[:12])
            if number <= last:
                raise BetterWorkError(f"{name} is damaged: row {number} comes after row {last}; save it anew")
            last = number


def _whole_rows(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The text of a sheet in pieces that never cut a row."""
    rest = b""
    while block := read(1 << 20):
        text = rest + block
        cut = max(text.rfind(b"<row"), text.rfind(b":row"), 0)
        yield text[:cut]
        rest = text[cut:]
    yield rest
