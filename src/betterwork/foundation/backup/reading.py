"""Reading a backup: part by part, each held against the manifest that ends it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

from betterwork.foundation.backup.archive import Reader
from betterwork.foundation.backup.envelope import source_open, version_check
from betterwork.foundation.backup.rules import (
    FILES_LIST,
    FORMAT,
    HEAD,
    MANIFEST,
    BadBackup,
    Counted,
    Thing,
    piece_of,
    thing_of,
)
from betterwork.foundation.backup.tables import Table
from betterwork.foundation.backup.taking import thing_line
from betterwork.foundation.ledger.rules import Head, head_from_text

_MOST_OF_A_MEMBER = 1 << 31
_EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class Described:
    """What the beginning of a backup says."""

    id: str
    at: str
    program: str
    migrations: Mapping[str, list[tuple[str, str]]]
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Whole:
    """A backup that was read to its end, and holds what it says."""

    described: Described
    head: Head
    tables: Mapping[str, Counted]
    files: int
    file_bytes: int
    missing: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables.values())


def _thing_passed_over(kind: str, path: str, size: int, chunks: Iterator[bytes]) -> None:
    for _chunk in chunks:
        pass


def _piece_passed_over(table: Table, piece: bytes) -> None:
    return


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes what a backup holds; by itself it looks and keeps nothing."""

    thing: Callable[[str, str, int, Iterator[bytes]], None] = _thing_passed_over
    piece: Callable[[Table, bytes], None] = _piece_passed_over


def backup_read(
    file: IO[bytes], key: bytes | None, taker: Taker | None = None, *, progress: Callable[[int], None] | None = None
) -> Whole:
    """Read a backup to its end, giving its parts to ``taker``. ``progress`` is told how many bytes were read.

    A second reading (with a taker) counts on the first for what is found only at the end. Raises :class:`BadBackup`
    for anything that does not hold, WrongKey.
    """
    reading = _Reading(taker or Taker())
    source = source_open(file, key, looked_through=taker is not None)
    try:
        for name, size, chunks in Reader(source).members():
            reading.member(name, size, chunks)
            if progress:
                progress(file.tell())
        return reading.whole()
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadBackup(f"this backup is not written as one ({type(error).__name__}: {error})") from error


@dataclass(slots=True)
class _Reading:
    taker: Taker
    described: Described | None = None
    manifest: dict[str, Any] | None = None
    rows: dict[str, int] = field(default_factory=dict)
    digests: dict[str, Any] = field(default_factory=dict)
    listed: Any = field(default_factory=hashlib.sha256)
    files: int = 0
    file_bytes: int = 0

    def member(self, name: str, size: int, chunks: Iterator[bytes]) -> None:
        if self.manifest is not None:
            raise BadBackup(f"this backup goes on after its end: {name}")
        if self.described is None:
            self.described = _described(_held(name, size, chunks), name)
        elif name == MANIFEST:
            self.manifest = orjson.loads(_held(name, size, chunks))
        elif name == FILES_LIST:
            self._list(chunks)
        elif (found := piece_of(name)) is not None:
            self._piece(f"{found.database}.{found.table}", _held(name, size, chunks))
        elif (thing := thing_of(name)) is not None:
            self._thing(name, *thing, size, chunks)
        else:
            raise BadBackup(f"this backup holds something that this program does not know: {name}")

    def _piece(self, name: str, piece: bytes) -> None:
        assert self.described is not None
        self.digests.setdefault(name, hashlib.sha256()).update(piece)
        self.rows[name] = self.rows.get(name, 0) + piece.count(b"\n")
        self.taker.piece(self.described.tables[name], piece)

    def _thing(self, name: str, kind: str, path: str, size: int, chunks: Iterator[bytes]) -> None:
        found = hashlib.sha256()

        def passing() -> Iterator[bytes]:
            for chunk in chunks:
                found.update(chunk)
                yield chunk

        self.taker.thing(kind, path, size, passing())
        self.listed.update(thing_line(Thing(name, size, found.hexdigest())))
        self.files += 1
        self.file_bytes += size

    def _list(self, chunks: Iterator[bytes]) -> None:
        said = hashlib.sha256()
        for chunk in chunks:
            said.update(chunk)
        if said.digest() != self.listed.digest():
            raise BadBackup("the files of this backup are not those that it lists")

    def whole(self) -> Whole:
        """What was read. Raises :class:`BadBackup` unless it is what the manifest says."""
        if self.described is None or self.manifest is None:
            raise BadBackup("this backup has no end")
        said = self.manifest
        tables = {name: Counted(one["rows"], one["sha256"], one["last_number"]) for name, one in said["tables"].items()}
        if set(tables) != set(self.described.tables) or said["id"] != self.described.id:
            raise BadBackup("this backup ends with the manifest of another one")
        for name, one in tables.items():
            digest = self.digests[name].hexdigest() if name in self.digests else _EMPTY
            if one.same != (self.rows.get(name, 0), digest):
                raise BadBackup(f"the rows of {name} in this backup are not those that its manifest says")
        files = said["files"]
        if (files["count"], files["bytes"], files["sha256"]) != (self.files, self.file_bytes, self.listed.hexdigest()):
            raise BadBackup("the files of this backup are not those that its manifest says")
        return Whole(
            self.described,
            head_from_text(said["ledger_head"]),
            tables,
            self.files,
            self.file_bytes,
            tuple(files["missing"]),
        )


def _held(name: str, size: int, chunks: Iterator[bytes]) -> bytes:
    if size > _MOST_OF_A_MEMBER:
        raise BadBackup(f"a member of this backup is too large to be one: {name}")
    return b"".join(chunks)


def _described(content: bytes, name: str) -> Described:
    said = orjson.loads(content) if name == HEAD else {}
    if said.get("format") != FORMAT:
        raise BadBackup("this is no backup of an instance")
    version_check(said["version"])
    tables = {f"{one['database']}.{one['name']}": Table.of_content(one) for one in said["tables"]}
    migrations = {
        database: [(str(app), str(migration)) for app, migration in rows]
        for database, rows in said["migrations"].items()
    }
    return Described(str(said["id"]), str(said["at"]), str(said["program"]), migrations, tables)
