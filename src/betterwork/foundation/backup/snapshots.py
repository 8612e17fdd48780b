"""Both databases as they are at one moment, while others go on writing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.ledger.rules import GENESIS, Head
from betterwork.foundation.vault.router import VAULT
from betterwork.foundation.vault.rules import CHANGED, ERASED, PUT

MAIN = "default"
_TRIES = 200
_OF_THE_VAULT = (
    "SELECT coalesce(max(number), 0) FROM ledger_entry WHERE action IN (%s, %s, %s)",
    [PUT, CHANGED, ERASED],
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A connection of its own to each database, inside a read transaction."""

    databases: Mapping[str, BaseDatabaseWrapper]

    def head(self) -> Head:
        """The last entry of the ledger."""
        with self.databases[MAIN].cursor() as cursor:
            cursor.execute("SELECT number, digest FROM ledger_entry ORDER BY number DESC LIMIT 1")
            found = cursor.fetchone()
            return Head(int(found[0]), str(found[1])) if found else Head(0, GENESIS)

    def migrations(self) -> dict[str, list[tuple[str, str]]]:
        """The migrations that each database has."""
        said = {}
        for name, connection in sorted(self.databases.items()):
            with connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT app, name FROM django_migrations")
                said[name] = sorted((str(app), str(migration)) for app, migration in cursor.fetchall())
        return said


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Open one snapshot of both databases that agree with each other. Nobody has to wait for it.

    An item of the vault changes only after its entry in the ledger is committed. So when no such entry was written
    between the moment of the main database and now, the vault has nothing that its ledger does not know, and lacks
    nothing that it names. Raises BetterWorkError when the vault is changed without a pause.
    """
    copies = {name: connections[name].copy() for name in (MAIN, VAULT)}
    try:
        for _try in range(_TRIES):
            for name in (MAIN, VAULT):
                _begin(copies[name])
            if _last_of_the_vault(copies[MAIN]) == _last_of_the_vault(connections[MAIN]):
                break
            for name in (MAIN, VAULT):
                _end(copies[name])
            time.sleep(0.02)
        else:
            raise BetterWorkError("the vault is being changed without a pause: try again when there is less to do")
        yield Snapshot(copies)
    finally:
        for connection in copies.values():
            connection.close()


def _begin(connection: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT 1")
        return
    with connection.cursor() as cursor:
        # Not IMMEDIATE, as everywhere else: a backup must not make writers wait.
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT count(*) FROM sqlite_master")


def _end(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "postgresql":
        connection.rollback()
        return
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK")


def _last_of_the_vault(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute(*_OF_THE_VAULT)
        return int(cursor.fetchone()[0])
