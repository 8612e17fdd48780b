"""Tables as they are carried: every one that a model has, row by row in the order of the key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.apps import apps
from django.db import models, router
from django.db.backends.base.base import BaseDatabaseWrapper

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup.kinds import kind_of, reader, writer
from betterwork.foundation.backup.rules import NOT_CARRIED, PIECE, SETTLED, BadBackup, Counted

_FEW, _MANY = 4, 500
_ENOUGH = 1 << 20
_CASTS = {"json": "jsonb", "address": "inet"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: in which database, its columns with the kind of each, and which of them are its key."""

    database: str
    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [name for name, _kind in self.columns]

    def content(self) -> dict[str, Any]:
        """For the head of a backup."""
        return {"database": self.database, "name": self.name, "columns": self.columns, "key": self.key}

    @staticmethod
    def of_content(said: Any) -> Table:
        """From the head of a backup."""
        columns = tuple((str(name), str(kind)) for name, kind in said["columns"])
        return Table(str(said["database"]), str(said["name"]), columns, tuple(map(str, said["key"])))


def tables_of_models() -> list[Table]:
    """Every table that a model has and that is carried, those of the vault first; nobody has to name them."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if not options.managed or options.proxy or options.swapped or options.db_table in NOT_CARRIED:
            continue
        found[options.db_table] = _table(model, router.db_for_write(model))
    return sorted(found.values(), key=lambda one: (one.database != "vault", one.database, one.name))


def _table(model: type[models.Model], database: str) -> Table:
    options = model._meta
    columns = tuple((str(field.column), kind_of(field)) for field in options.concrete_fields)
    return Table(database, options.db_table, columns, tuple(str(field.column) for field in options.pk_fields))


def tables_without_model(connection: BaseDatabaseWrapper, tables: Iterable[Table]) -> list[str]:
    """Tables of a database that no model has: what an app left that is not installed any more."""
    known = {one.name for one in tables} | set(NOT_CARRIED) | {"django_migrations"}
    return sorted(set(connection.introspection.table_names()) - known)


def row_count(connection: BaseDatabaseWrapper, table: Table) -> int:
    """How many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_quoted(connection, table.name)}")  # noqa: S608 - a model's table
        return int(cursor.fetchone()[0])


def rows_read(connection: BaseDatabaseWrapper, table: Table) -> Iterator[bytes]:
    """The lines of a table: one JSON array per row, in the order of the key, alike on both databases.

    In bounded memory, inside the transaction that the caller opened. Raises BetterWorkError for a value with no form.
    """
    readers = [reader(kind, connection) for _name, kind in table.columns]
    settled, names = SETTLED.get(table.name), table.names
    with connection.chunked_cursor() as cursor:
        cursor.execute(_selecting(connection, table))
        at_once = _FEW
        while rows := cursor.fetchmany(at_once):
            size = 0
            for row in rows:
                try:
                    values = [None if value is None else read(value) for read, value in zip(readers, row, strict=True)]
                    if settled is not None:
                        values = list(settled(dict(zip(names, values, strict=True))).values())
                    line = orjson.dumps(values) + b"\n"
                except (TypeError, ValueError) as error:
                    raise BetterWorkError(f"a row of {table.name} holds what no backup can: {error}") from error
                size += len(line)
                yield line
            # As many rows at once as make about a megabyte: a document may have 1 kB or 10 MB.
            at_once = min(max(len(rows) * _ENOUGH // size, _FEW), _MANY, at_once * 2)


def _selecting(connection: BaseDatabaseWrapper, table: Table) -> str:
    columns = ", ".join(_quoted(connection, name) for name in table.names)
    kinds = dict(table.columns)
    collate = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    order = ", ".join(_quoted(connection, name) + (collate if kinds[name] == "text" else "") for name in table.key)
    return f"SELECT {columns} FROM {_quoted(connection, table.name)} ORDER BY {order}"  # noqa: S608


class Pieces:
    """The lines of a table in pieces, counted and digested as they go by."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines, self._digest, self.rows = lines, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        held: list[bytes] = []
        size = 0
        for line in self._lines:
            held.append(line)
            size += len(line)
            if size >= PIECE:
                yield self._counted(held)
                held, size = [], 0
        if held:
            yield self._counted(held)

    def _counted(self, held: list[bytes]) -> tuple[bytes, int]:
        piece = b"".join(held)
        self._digest.update(piece)
        self.rows += len(held)
        return piece, len(held)

    def counted(self, last_number: int = 0) -> Counted:
        """What went by."""
        return Counted(self.rows, self._digest.hexdigest(), last_number)


def table_counted(connection: BaseDatabaseWrapper, table: Table) -> Counted:
    """How many rows a table has, and the digest over them."""
    pieces = Pieces(rows_read(connection, table))
    for _piece in pieces:
        pass
    return pieces.counted(last_number(connection, table))


def columns_check(connection: BaseDatabaseWrapper, table: Table) -> None:
    """Raise :class:`BadBackup` unless the database has this table with these columns."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if table.name in there:
            # Asked of an empty answer: Django's own description reads the table's SQL and fails at CHECK (x IN (1, 2)).
            cursor.execute(f"SELECT * FROM {_quoted(connection, table.name)} WHERE 1 = 0")  # noqa: S608
            if {name for name, *_of in cursor.description} == set(table.names):
                return
    raise BadBackup(
        f"this backup holds a table {table.name} with other columns than this program makes: "
        "install what the instance had that it was taken from"
    )


def rows_put(connection: BaseDatabaseWrapper, table: Table, piece: bytes) -> int:
    """Put the rows of a piece into their table; return how many. Inside the caller's transaction."""
    writers = [writer(kind, connection) for _name, kind in table.columns]
    rows: list[Sequence[Any]] = []
    for line in piece.splitlines():
        values = orjson.loads(line)
        rows.append([None if value is None else put(value) for put, value in zip(writers, values, strict=True)])
    columns = ", ".join(_quoted(connection, name) for name in table.names)
    into = f"{_quoted(connection, table.name)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("%s" for _column in table.columns)
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
    return len(rows)


def last_number(connection: BaseDatabaseWrapper, table: Table) -> int:
    """The last number that the table's sequence gave out; 0 where it has none. Rows deleted since had some of them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")
            if cursor.fetchone() is None:
                return 0
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
            found = cursor.fetchone()
            return int(found[0] or 0) if found else 0
        sequence = _sequence(cursor, table)
        if sequence is None:
            return 0
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - named by the database
        value, called = cursor.fetchone()
        return int(value) if called else 0


def sequence_set(connection: BaseDatabaseWrapper, table: Table, last: int) -> None:
    """Let the table's sequence go on after ``last`` and after every row that is there."""
    if len(table.key) != 1:
        return
    key = _quoted(connection, table.key[0])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            if last:
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) "  # noqa: S608
                    f"SELECT %s, max(%s, coalesce(max({key}), 0)) FROM {_quoted(connection, table.name)}",
                    [table.name, last],
                )
            return
        sequence = _sequence(cursor, table)
        if sequence is not None:
            cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {_quoted(connection, table.name)}")  # noqa: S608
            highest = max(int(cursor.fetchone()[0]), last)
            cursor.execute("SELECT setval(%s, %s, %s)", [sequence, max(highest, 1), highest > 0])


def _sequence(cursor: Any, table: Table) -> str | None:
    if len(table.key) != 1 or dict(table.columns)[table.key[0]] != "number":
        return None
    cursor.execute("SELECT pg_get_serial_sequence(quote_ident(%s), %s)", [table.name, table.key[0]])
    found = cursor.fetchone()[0]
    return None if found is None else str(found)


def _quoted(connection: BaseDatabaseWrapper, name: str) -> str:
    return str(connection.ops.quote_name(name))
