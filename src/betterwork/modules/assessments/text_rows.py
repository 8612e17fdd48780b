"""Reading rows from text: any encoding and separator of the exports seen, one physical line after the other.

Two things make it fast and safe. The text of a row's head and of its tail is looked up as it
stands in the line before anything is parsed, since both come again and again. And a line is a row
of its own unless its quotes really run on: a stray quote costs its own line, never the rest.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path

from betterwork.core.exports.judging import Reason, Refusal, quoted
from betterwork.core.exports.layout import Columns, NotTheLayout, columns_found, columns_recognised
from betterwork.core.exports.rows import RowStore

SEPARATORS = ",;\t|"
MOST_LINES_IN_A_FIELD = 200
LONGEST_HEADER = 1 << 16
BLOCK = 1 << 18
MOST_TEXTS_REMEMBERED = 200_000

Refuse = Callable[[int, Sequence[str], Refusal], None]
"""Called with (line number, fields as read, why) for each row refused while reading."""

_SEP_LINE = re.compile(r'"?sep=(.)"?\1*', re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARK = "betterwork.mark"


def _mark_bytes(error: UnicodeError) -> tuple[str, int]:
    """Keep bytes that are not text as lone surrogates, so that only the rows that hold them are refused."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_MARK, _mark_bytes)


class CountedFile(io.BufferedIOBase):
    """A file that is digested and counted while it is read, once, from beginning to end."""

    def __init__(self, path: Path, advance: Callable[[int], None]) -> None:
        self.name = str(path)
        self._file = path.open("rb", buffering=0)
        self._advance = advance
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, at most ``size``."""
        data = self._file.read(-1 if size is None else size) or b""
        self._digest.update(data)
        self._advance(len(data))
        return data

    def read1(self, size: int = -1, /) -> bytes:
        """The next block. The size asked for is a hint of the text layer's, too small to be quick."""
        return self.read(BLOCK)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    @property
    def sha256(self) -> str:
        """The digest of what was read so far."""
        return self._digest.hexdigest()


def encoding_of(beginning: bytes) -> tuple[str, int]:
    """(encoding, length of the byte order mark) by a file's first bytes: UTF-8 unless it looks like UTF-16."""
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            return encoding, len(mark)
    sample = beginning[:200]  # the header: ASCII, so that every second byte of UTF-16 is zero
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and max(even, odd) > len(sample) * 0.35 and min(even, odd) < len(sample) * 0.1:
        return ("utf-16-le" if odd > even else "utf-16-be"), 0
    return "utf-8", 0


@contextmanager
def text_opened(path: Path, advance: Callable[[int], None]) -> Iterator[tuple[io.TextIOWrapper, CountedFile]]:
    """Open a text file in its own encoding; what is not text in it comes as lone surrogates."""
    with path.open("rb") as file:
        encoding, mark = encoding_of(file.read(512))
    with CountedFile(path, advance) as raw:
        raw.read(mark)
        yield io.TextIOWrapper(raw, encoding=encoding, errors=_MARK, newline=""), raw


def header_read(text: io.TextIOWrapper) -> tuple[Columns, str, int]:
    """(columns, separator, number of the header's line), reading up to and with the header.

    Blank lines before it do not matter, nor does a first line ``sep=;``.
    Raises :class:`NotTheLayout`.
    """
    declared, number = "", 0
    while line := text.readline(LONGEST_HEADER):
        number += 1
        if not line.strip() and number < 100:
            continue
        names = line.rstrip("\r\n")
        separator_line = _SEP_LINE.fullmatch(names.strip("\r\n "))
        if separator_line and not declared:
            declared = separator_line.group(1)
            continue
        separator = _separator_of(names, declared)
        return columns_found(_names(names, separator)), separator, number
    raise NotTheLayout("the file is empty; an assessment export begins with its header line")


def _separator_of(line: str, declared: str) -> str:
    candidates = ([declared] if declared and declared not in '"\r\n' else []) + list(SEPARATORS)
    return max(candidates, key=lambda separator: columns_recognised(_names(line, separator)))


def _names(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


class TextRows:
    """Takes the lines of one file after its header and keeps its rows in a :class:`RowStore`."""

    def __init__(
        self, *, columns: Columns, separator: str, first: int, store: RowStore, refuse: Refuse, lines: Iterator[str]
    ) -> None:
        self.columns, self.separator, self.store, self.refuse, self.lines = columns, separator, store, refuse, lines
        self.number = first  # of the last line taken from ``lines``
        self.blank_lines = 0
        self._pushed: deque[tuple[int, str]] = deque()
        self._head_of, self._tail_of = itemgetter(*columns.head), itemgetter(*columns.tail)
        other = rf'[^"\r\n{re.escape(separator)}][^\r\n{re.escape(separator)}]*'
        field = rf'(?:"[^"]*(?:""[^"]*)*"|{other}|){re.escape(separator)}'
        self._head_pattern = re.compile(f"(?:{field}){{{len(columns.head)}}}")
        # The end of a field of several lines, when it is the first of its row: the rest looks like a whole row.
        self._closes_at_once = re.compile(
            rf'[^"{re.escape(separator)}]*(?:""[^"{re.escape(separator)}]*)*"{re.escape(separator)}'
        )
        self._head_texts: dict[str, int] = {}
        self._tail_texts: dict[str, int] = {}

    def read(self) -> None:
        """Read to the end."""
        store, head_pattern = self.store, self._head_pattern
        add_number, add_head, add_tail = store.numbers.append, store.head_of_row.append, store.tail_of_row.append
        known_head, known_tail = self._head_texts.get, self._tail_texts.get
        head_text, head = "\0", None  # of the last row whose head was known
        for line in self.lines:
            self.number += 1
            if not line.startswith(head_text):
                match = head_pattern.match(line)
                head_text = match.group() if match else "\0"
                head = known_head(head_text)
            if head is not None:
                tail = known_tail(line[len(head_text) :])
                if tail is not None:
                    add_number(self.number)
                    add_head(head)
                    add_tail(tail)
                    continue
            self._take(self.number, line)
            while self._pushed:
                self._take(*self._pushed.popleft())
            head = known_head(head_text)

    def _take(self, number: int, line: str) -> None:
        """Parse one record that begins with ``line``; lines that turn out to be others' are pushed back."""
        fields: list[str] | None
        alone = fields = self._alone(line)
        if fields is None:
            fields = self._running_on(number, line)
        if fields is None:
            return
        if not any(field and not field.isspace() for field in fields):
            self.blank_lines += 1
            return
        width = self.columns.width
        if len(fields) != width:
            reason = Reason.SHORT_ROW if len(fields) < width else Reason.LONG_ROW
            self.refuse(
                number, fields, Refusal(reason, "", f"found {len(fields)} fields", f"{width}, as in the header")
            )
        elif self.columns.last_may_be_cut_unseen and not line.endswith(("\n", "\r", '"')):
            found = f"the file ends inside this row, after {quoted(fields[-1])}"
            self.refuse(number, fields, Refusal(Reason.SHORT_ROW, self.columns.names[-1], found, "a line end after it"))
        else:
            self.store.add(number, self._head_of(fields), self._tail_of(fields))
            if alone is not None and self.columns.head_comes_first:
                self._remember(line)

    def _remember(self, line: str) -> None:
        """Keep the texts of a row that is one physical line, so that the next like it need not be parsed."""
        match = self._head_pattern.match(line)
        if match is None:
            return
        for texts in (self._head_texts, self._tail_texts):
            if len(texts) >= MOST_TEXTS_REMEMBERED:
                texts.clear()
        self._head_texts[match.group()] = self.store.head_of_row[-1]
        self._tail_texts[line[match.end() :]] = self.store.tail_of_row[-1]

    def _alone(self, line: str) -> list[str] | None:
        """The fields of a line that is a record by itself, or None."""
        if '"' not in line:
            return line.rstrip("\r\n").split(self.separator)
        try:
            return next(csv.reader([line], delimiter=self.separator, strict=True), [])
        except csv.Error:
            return None

    def _running_on(self, number: int, first: str) -> list[str] | None:
        """The fields of a record of several lines: some field holds line breaks, but never a whole row."""
        lines = [first]
        numbers = [number]
        closed = True

        def as_long_as_open() -> Iterator[str]:
            """The lines one by one: the reader asks for another only while a quote is open, and parses each once."""
            nonlocal closed
            yield first
            while len(lines) < MOST_LINES_IN_A_FIELD and (following := self._next_line()) is not None:
                numbers.append(following[0])
                lines.append(following[1])
                if not self._closes_at_once.match(following[1]):
                    alone = self._alone(following[1])
                    if alone is not None and len(alone) == self.columns.width:
                        break
                yield following[1]
            closed = False

        next(csv.reader(as_long_as_open(), delimiter=self.separator))
        if closed:
            fields = self._together(lines)
            if fields is not None and len(fields) == self.columns.width:
                return fields
        self._pushed.extendleft(reversed(list(zip(numbers[1:], lines[1:], strict=True))))
        found = f"a quote that is not closed, in {quoted(first.rstrip())}"
        fields = first.rstrip("\r\n").split(self.separator)
        self.refuse(number, fields, Refusal(Reason.UNCLOSED_QUOTE, "", found, "quotes that close within their row"))
        return None

    def _together(self, lines: list[str]) -> list[str] | None:
        try:
            records = list(csv.reader(lines, delimiter=self.separator, strict=True))
        except csv.Error:
            return None
        return records[0] if len(records) == 1 else None

    def _next_line(self) -> tuple[int, str] | None:
        if self._pushed:
            return self._pushed.popleft()
        line = next(self.lines, None)
        if line is None:
            return None
        self.number += 1
        return self.number, line


@contextmanager
def any_field_size() -> Iterator[None]:
    """Let fields be as long as they are: the csv module's limit would cut a file at a long text."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def text_read(
    path: Path, *, store: RowStore, refuse: Refuse, advance: Callable[[int], None]
) -> tuple[Columns, str, int]:
    """Read a text export into ``store``; return (columns, SHA-256 of the file, blank lines).

    Raises :class:`NotTheLayout` when it is not an export.
    """
    with any_field_size(), text_opened(path, advance) as (text, raw):
        columns, separator, number = header_read(text)
        rows = TextRows(columns=columns, separator=separator, first=number, store=store, refuse=refuse, lines=text)
        rows.read()
        return columns, raw.sha256, rows.blank_lines
