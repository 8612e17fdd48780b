"""Writing a snapshot into an archive: stored files, what lies in the home, keys, tables, and the manifest."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

import orjson
from django.db import connections

from betterwork import __version__
from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup.archive import Writer
from betterwork.foundation.backup.envelope import BLOCK
from betterwork.foundation.backup.folders import home, kept_files, key_folder
from betterwork.foundation.backup.rules import (
    FILE,
    FILES_LIST,
    FORMAT,
    HEAD,
    HOME,
    KEY,
    MANIFEST,
    NOT_CARRIED,
    VERSION,
    Counted,
    Thing,
    piece_name,
)
from betterwork.foundation.backup.snapshots import MAIN, Snapshot
from betterwork.foundation.backup.tables import (
    Pieces,
    Table,
    last_number,
    row_count,
    rows_read,
    table_counted,
    tables_of_models,
)
from betterwork.foundation.files.rules import path_of
from betterwork.foundation.files.settings_of import files_storage
from betterwork.foundation.ledger.rules import GENESIS, Head, moment

Progress = Callable[[str, int, int], None]
"""What is done, how much of it, of how much."""


class Swept(Exception):
    """A file was swept between the snapshot and its reading."""


@dataclass(slots=True)
class Taken:
    """What went into a backup."""

    tables: dict[str, Counted] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    missing: list[str] = field(default_factory=list)
    """Stored files that a row names and the storage has not got: a fault of the instance, not of the backup."""
    head: Head = field(default_factory=lambda: Head(0, GENESIS))

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables.values())


def archive_write(
    archive: Writer, shot: Snapshot, *, backup_id: str, at: datetime, with_keys: bool, progress: Progress
) -> Taken:
    """Write everything. Raises :class:`Swept` when it must be begun again."""
    tables = tables_of_models()
    archive.add(HEAD, _json(_head(shot, tables, backup_id, at)))
    taken = Taken()
    with tempfile.TemporaryFile() as listed:
        index = _Index(archive, listed, taken)
        _files_write(index, shot, progress)
        for name, path in kept_files(home()):
            with path.open("rb") as file:
                index.stream(f"{HOME}/{name}", path.stat().st_size, _chunks(file))
        for path in sorted(key_folder().iterdir()) if with_keys else []:
            if path.is_file():
                data = path.read_bytes()
                index.stream(f"{KEY}/{path.name}", len(data), [data])
        _tables_write(archive, shot, tables, taken, progress)
        size = listed.tell()
        listed.seek(0)
        archive.stream(FILES_LIST, size, _chunks(listed))
    taken.head = shot.head()
    archive.add(MANIFEST, _json(_manifest(taken, index.digest, backup_id)))
    return taken


def things_of_rows(shot: Snapshot) -> Iterator[tuple[str, str, bool]]:
    """(path in the storage, digest, whether encrypted) of every stored file that the main database names."""
    with shot.databases[MAIN].chunked_cursor() as cursor:
        cursor.execute("SELECT digest, encrypted FROM files_storedfile ORDER BY digest")
        while rows := cursor.fetchmany(1000):
            for digest, encrypted in rows:
                yield path_of(digest, encrypted=bool(encrypted)), digest, bool(encrypted)


def tables_counted(shot: Snapshot, progress: Progress) -> Iterator[tuple[Table, Counted]]:
    """Every table with what it holds, as a backup would say it."""
    tables = tables_of_models()
    for number, table in enumerate(tables):
        progress("tables", number, len(tables))
        yield table, table_counted(shot.databases[table.database], table)
    progress("tables", len(tables), len(tables))


def things_counted(shot: Snapshot, progress: Progress) -> Iterator[Thing]:
    """Every file with its digest, as a backup would say it; those that are missing are left out."""
    for path, _digest, _encrypted in things_of_rows(shot):
        opened = _storage_open(path)
        if opened is not None:
            with opened[0] as file:
                yield _thing(f"{FILE}/{path}", _chunks(file))
    for name, path_there in kept_files(home()):
        with path_there.open("rb") as file:
            yield _thing(f"{HOME}/{name}", _chunks(file))


class _Index:
    """Writes files into the archive and a line about each into a list, which goes in after them."""

    def __init__(self, archive: Writer, listed: IO[bytes], taken: Taken) -> None:
        self._archive, self._listed, self._taken, self._digest = archive, listed, taken, hashlib.sha256()

    def stream(self, name: str, size: int, chunks: Iterable[bytes]) -> Thing:
        """Write a file."""
        found = hashlib.sha256()

        def passing() -> Iterator[bytes]:
            left = size
            for chunk in chunks:  # a file that grows meanwhile is carried as long as it was
                part = chunk[:left]
                found.update(part)
                left -= len(part)
                yield part

        try:
            self._archive.stream(name, size, passing())
        except EOFError as error:
            raise BetterWorkError(f"{name} became shorter while it was read: run the backup again") from error
        thing = Thing(name, size, found.hexdigest())
        line = thing_line(thing)
        self._listed.write(line)
        self._digest.update(line)
        self._taken.files += 1
        self._taken.file_bytes += size
        return thing

    @property
    def digest(self) -> str:
        """The digest of the list."""
        return self._digest.hexdigest()


def thing_line(thing: Thing) -> bytes:
    """A file in the list of files."""
    return orjson.dumps([thing.name, thing.size, thing.sha256]) + b"\n"


def _files_write(index: _Index, shot: Snapshot, progress: Progress) -> None:
    with shot.databases[MAIN].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM files_storedfile")
        whole = int(cursor.fetchone()[0])
    for number, (path, digest, encrypted) in enumerate(things_of_rows(shot)):
        progress("stored files", number, whole)
        opened = _storage_open(path)
        if opened is None:
            if not _still_named(digest, encrypted):
                raise Swept
            index._taken.missing.append(path)
            continue
        with opened[0] as file:
            index.stream(f"{FILE}/{path}", opened[1], _chunks(file))
    progress("stored files", whole, whole)


def _storage_open(path: str) -> tuple[Any, int] | None:
    storage = files_storage()
    try:
        return storage.open(path), storage.size(path)
    except FileNotFoundError:
        return None


def _still_named(digest: str, encrypted: bool) -> bool:
    with connections[MAIN].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM files_storedfile WHERE digest = %s AND encrypted = %s", [digest, encrypted]
        )
        return bool(cursor.fetchone()[0])


def _tables_write(archive: Writer, shot: Snapshot, tables: list[Table], taken: Taken, progress: Progress) -> None:
    whole = sum(row_count(shot.databases[one.database], one) for one in tables)
    done = 0
    for table in tables:
        connection = shot.databases[table.database]
        pieces = Pieces(rows_read(connection, table))
        for number, (piece, rows) in enumerate(pieces, start=1):
            archive.add(piece_name(table.database, table.name, number), piece)
            done += rows
            progress("rows", done, whole)
        taken.tables[f"{table.database}.{table.name}"] = pieces.counted(last_number(connection, table))


def _head(shot: Snapshot, tables: list[Table], backup_id: str, at: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": backup_id,
        "at": moment(at),
        "program": __version__,
        "migrations": shot.migrations(),
        "tables": [one.content() for one in tables],
        "not_carried": dict(NOT_CARRIED),
    }


def _manifest(taken: Taken, files_digest: str, backup_id: str) -> dict[str, Any]:
    return {
        "id": backup_id,
        "ledger_head": str(taken.head),
        "tables": {
            name: {"rows": one.rows, "sha256": one.sha256, "last_number": one.last_number}
            for name, one in taken.tables.items()
        },
        "files": {"count": taken.files, "bytes": taken.file_bytes, "sha256": files_digest, "missing": taken.missing},
    }


def _thing(name: str, chunks: Iterable[bytes]) -> Thing:
    found, size = hashlib.sha256(), 0
    for chunk in chunks:
        found.update(chunk)
        size += len(chunk)
    return Thing(name, size, found.hexdigest())


def _chunks(file: Any) -> Iterator[bytes]:
    while data := file.read(BLOCK):
        yield data


def _json(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
