"""The quarantine file: every refused row with its line, the reason and what was expected."""

from __future__ import annotations

import csv
import heapq
import os
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from betterwork.core.errors import WrongUse
from betterwork.core.exports.judging import Refusal, ascii_safe
from betterwork.core.exports.layout import COLUMNS, Columns
from betterwork.core.exports.rows import RowStore
from betterwork.modules.assessments.rules import never_a_formula
from betterwork.modules.assessments.text_rows import any_field_size

HEADER = ("line", "reason", "message", *COLUMNS)
_Line = tuple[int, str, str, Sequence[str]]  # number, reason, message without its place, fields


class Quarantine:
    """Gathers refused rows of one file: broken ones as they come on disk, others by number in little memory."""

    def __init__(self) -> None:
        self._broken = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._broken)
        self._broken_rows = 0
        self._numbers, self._heads, self._tails = array("Q"), array("I"), array("I")
        self._refusals: list[Refusal] = []

    def close(self) -> None:
        """Let go of the temporary file."""
        self._broken.close()

    def __len__(self) -> int:
        return self._broken_rows + len(self._refusals)

    def add_broken(self, number: int, fields: Sequence[str], refusal: Refusal) -> None:
        """A row that could not be taken apart. They come in the order of the file."""
        self._writer.writerow([number, refusal.reason, refusal.message(""), *fields])
        self._broken_rows += 1

    def add(self, number: int, head: int, tail: int, refusal: Refusal) -> None:
        """A row that is in the store."""
        self._numbers.append(number)
        self._heads.append(head)
        self._tails.append(tail)
        self._refusals.append(refusal)

    def write(self, file: TextIO, *, name: str, store: RowStore, columns: Columns, place: Callable[[int], str]) -> None:
        """Write all refused rows in the order of the file they come from; ``name`` is that file's."""
        writer = csv.writer(file, lineterminator="\n")
        broken = self._read_broken(columns)
        for number, reason, message, fields in heapq.merge(broken, self._kept(store), key=lambda line: line[0]):
            where = place(number)
            texts = (where, reason, f"{name}, line {where}{message}", *fields)
            writer.writerow([never_a_formula(ascii_safe(text)) for text in texts])

    def _kept(self, store: RowStore) -> Iterator[_Line]:
        for at in sorted(range(len(self._numbers)), key=self._numbers.__getitem__):
            refusal = self._refusals[at]
            fields = store.heads[self._heads[at]] + store.tails[self._tails[at]]
            yield self._numbers[at], refusal.reason, refusal.message(""), fields

    def _read_broken(self, columns: Columns) -> Iterator[_Line]:
        self._broken.seek(0)
        with any_field_size():
            yield from self._broken_lines(columns)

    def _broken_lines(self, columns: Columns) -> Iterator[_Line]:
        for number, reason, message, *fields in csv.reader(self._broken):
            yield int(number), reason, message, columns.in_layout_order(fields)


class QuarantineFile:
    """A quarantine on disk. It appears under its name when it is finished, and only when it holds rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        special = path.exists() and not path.is_file()  # a device or pipe is written to, never replaced
        self._unfinished = path if special else path.with_name(f".quarantine.{os.getpid()}.part")
        self._file: TextIO | None = None
        self._complete = True

    def __enter__(self) -> QuarantineFile:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        try:
            self._file.close()
            if self._complete and self._unfinished != self.path:
                self._unfinished.replace(self.path)
        except OSError as error:
            self._complete = False
            raise self._cannot(error) from error
        finally:
            if not self._complete and self._unfinished != self.path:
                self._unfinished.unlink(missing_ok=True)

    def add(
        self, rows: Quarantine, *, name: str, store: RowStore, columns: Columns, place: Callable[[int], str]
    ) -> None:
        """Write the refused rows of the export called ``name``. Raises :class:`WrongUse` when it cannot be written."""
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._unfinished.open("w", encoding="utf-8", newline="")
                csv.writer(self._file, lineterminator="\n").writerow(HEADER)
            self._complete = False
            rows.write(self._file, name=name, store=store, columns=columns, place=place)
            self._file.flush()
            self._complete = True
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> WrongUse:
        what = f"{self.path}: the quarantine file cannot be written ({error.strerror})"
        return WrongUse(f"{what}; all else that was said of the import holds")
