"""Writing many rows of the two large tables at once.

Beside Django's own ``bulk_create``, which makes an object and a list of columns of each row: here that would be most of
the time of a batch, inside the one transaction for which every other device waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

_BETWEEN, _AROUND = "\x1f", "\x1e"
_FORM = "(FORMAT csv, DELIMITER E'\\x1f', QUOTE E'\\x1e', NULL '')"


@dataclass(frozen=True, slots=True)
class Table:
    """Where rows go: columns with their types on PostgreSQL; with ``unique``, what is there already is replaced."""

    name: str
    columns: tuple[tuple[str, str], ...]
    unique: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """The columns as a statement names them."""
        return ", ".join(f'"{name}"' for name, _type in self.columns)

    def sql(self, vendor: str) -> str:
        """One statement: for each row on SQLite, for all of them on PostgreSQL."""
        places = ", ".join(["%s"] * len(self.columns))
        into = f"INSERT INTO {self.name} ({self.names})"
        if vendor == "postgresql":
            taken = ", ".join(
                f"NULLIF(sent->{place}, 'null')" if of == "jsonb" else f"(sent->>{place})::{of}"
                for place, (_name, of) in enumerate(self.columns)
            )
            found = f"{into} SELECT {taken} FROM jsonb_array_elements(%s::jsonb) AS sent"  # noqa: S608 - our own
        else:
            found = f"{into} VALUES ({places})"
        return f"{found}{self._replacing()}"

    def as_json(self, rows: Sequence[tuple[Any, ...]]) -> str:
        """All rows as one text: what is replaced where it is there cannot be copied in."""
        inside = [place for place, (_name, of) in enumerate(self.columns) if of == "jsonb"]
        told = [list(row) for row in rows]
        for row in told:
            for place in inside:
                row[place] = None if row[place] is None else orjson.Fragment(row[place])
        return orjson.dumps(told).decode()

    def as_copy(self, rows: Sequence[tuple[Any, ...]]) -> bytes | None:
        """All rows for PostgreSQL's COPY, the way in which driver and server together do least; None where they cannot.

        Between values and around nothing stand signs that JSON never holds and no field takes; counted all the same.
        """
        lines = [_BETWEEN.join(["" if one is None else str(one) for one in row]) for row in rows]
        text = "\n".join(lines)
        counts = text.count(_BETWEEN), text.count("\n"), text.count(_AROUND), text.count("\r")
        return text.encode() if counts == (len(rows) * (len(self.columns) - 1), len(rows) - 1, 0, 0) else None

    def _replacing(self) -> str:
        if not self.unique:
            return ""
        news = ", ".join(f'"{name}" = excluded."{name}"' for name, _type in self.columns if name not in self.unique)
        return f" ON CONFLICT ({', '.join(self.unique)}) DO UPDATE SET {news}"


OPERATIONS = Table(
    "capture_captureoperation",
    (
        ("id", "varchar"),
        ("capture_id", "varchar"),
        ("about", "varchar"),
        ("field", "varchar"),
        ("value", "jsonb"),
        ("bases", "jsonb"),
        ("device", "varchar"),
        ("by", "varchar"),
        ("made", "varchar"),
        ("taken_at", "timestamptz"),
        ("digest", "varchar"),
        ("number", "bigint"),
    ),
)
ANSWERS = Table(
    "capture_captureanswer",
    (
        ("capture_id", "varchar"),
        ("about", "varchar"),
        ("registers", "jsonb"),
        ("determination", "varchar"),
        ("answered", "boolean"),
        ("conflicts", "integer"),
        ("later", "boolean"),
        ("serious", "boolean"),
        ("files", "integer"),
    ),
    unique=("capture_id", "about"),
)


def rows_write(table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows, whose JSON is text already and moments as the database takes them, in the open transaction."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copied = None if table.unique else table.as_copy(rows)
            if copied is None:
                cursor.execute(table.sql("postgresql"), [table.as_json(rows)])
                return
            # Django passes on no COPY: what the driver raises must be its IntegrityError too, as of every other way.
            copying = f"COPY {table.name} ({table.names}) FROM STDIN WITH {_FORM}"
            with connection.wrap_database_errors, cursor.copy(copying) as copy:
                copy.write(copied)
        else:
            cursor.executemany(table.sql(connection.vendor), rows)
