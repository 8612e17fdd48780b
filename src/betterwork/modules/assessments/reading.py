"""Reading an export file of any kind into a row store, rows refused on the way named by line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.core.exports.layout import Columns, NotTheLayout
from betterwork.core.exports.rows import RowStore
from betterwork.modules.assessments.text_rows import Refuse, header_read, text_opened, text_read
from betterwork.modules.assessments.workbook_rows import workbook_looked_at, workbook_read

_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True, slots=True)
class FileRead:
    """What is known of a file once it was read. ``place`` says where a row number lies, for a person."""

    columns: Columns
    sha256: str
    blank_lines: int
    place: Callable[[int], str]
    notes: list[str]


def file_read(path: Path, *, store: RowStore, refuse: Refuse, advance: Callable[[int], None]) -> FileRead:
    """Read one export into ``store``. ``advance`` is told the bytes read since it was told last.

    Raises :class:`BetterWorkError` naming the file when it is not an export, and
    :class:`WrongUse` when it cannot be opened.
    """
    try:
        if _is_workbook(path):
            reader, sha256 = workbook_read(path, store=store, refuse=refuse, advance=advance)
            assert reader.columns is not None
            notes = reader.notes + _extra_columns(reader.columns)
            return FileRead(reader.columns, sha256, reader.blank_lines, reader.place, notes)
        columns, sha256, blank_lines = text_read(path, store=store, refuse=refuse, advance=advance)
        return FileRead(columns, sha256, blank_lines, str, _extra_columns(columns))
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read ({error.strerror or error})") from error
    except BetterWorkError as error:
        raise type(error)(f"{path}: {error}") from error


def file_looked_at(path: Path) -> int:
    """Size of a file in bytes, once it is sure that it begins like an export. Raises as :func:`file_read`."""
    if path.exists() and not path.is_file():
        raise WrongUse(f"{path}: this is no file but a pipe or device; save what it gives in a file first")
    try:
        if _is_workbook(path):
            workbook_looked_at(path)
        else:
            with text_opened(path, lambda _: None) as (text, _):
                header_read(text)
        return path.stat().st_size
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read ({error.strerror or error})") from error
    except NotTheLayout as error:
        raise NotTheLayout(f"{path}: {error}") from error
    except BetterWorkError as error:
        raise BetterWorkError(f"{path}: {error}") from error


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(8)
    if beginning == _OLD_EXCEL:
        raise BetterWorkError("this is an old or protected Excel file; save it as .xlsx without a password, or as CSV")
    return beginning.startswith(b"PK\x03\x04") or (path.suffix.lower() == ".xlsx" and zipfile.is_zipfile(path))


def _extra_columns(columns: Columns) -> list[str]:
    if not columns.extra:
        return []
    return [f"columns that are not read: {', '.join(name or '(no name)' for name in columns.extra)}"]
