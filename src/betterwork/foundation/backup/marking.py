"""The mark: a table in the main database while a restore is under way. It alone allows starting over."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from betterwork.core.errors import WrongUse
from betterwork.foundation.backup.folders import home, kept_files
from betterwork.foundation.backup.rules import NotEmpty
from betterwork.foundation.backup.snapshots import MAIN
from betterwork.foundation.ledger.rules import moment
from betterwork.foundation.vault.router import VAULT

MARK = "betterwork_restoring"
_LOCK = 0x726573746F7265  # any constant: the name of the restore's lock in PostgreSQL


def restoring_check() -> None:
    """Refuse to work on an instance whose restore has not come to its end. Called before the database is looked at.

    Raises :class:`NotEmpty`.
    """
    if MARK in connections[MAIN].introspection.table_names():
        raise NotEmpty(
            "this instance is being restored, or its restore was cut off. If no restore is running, "
            "run betterwork restore FILE again: it starts over"
        )


@contextmanager
def restore_alone() -> Iterator[None]:
    """Hold the instance for one restore. Raises :class:`WrongUse` while another runs. Ends with its process."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "restoring.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WrongUse("another restore into this home is running: wait until it ends") from error
        connection = connections[MAIN]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
                if not cursor.fetchone()[0]:
                    raise WrongUse("another restore into this database is running: wait until it ends")
        try:
            yield
        finally:
            if connection.vendor == "postgresql" and connection.connection is not None:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def mark_set(*, backup_id: str, at: datetime) -> None:
    """Mark the main database, if both are empty or a restore was cut off; from then on all in them may be dropped.

    Waits for a command that is making the databases at this moment. Raises :class:`NotEmpty`.
    """
    lock = sqlite3.connect(home() / "starting.lock", timeout=120, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        if _marked_here():
            return
        for name in (MAIN, VAULT):
            if connections[name].introspection.table_names():
                raise NotEmpty(f"{_what(connections[name])} holds an instance already. {_instead(connections[name])}")
        for name, path in kept_files(home()):
            raise NotEmpty(f"{path} is there already, and a backup brings {name.partition('/')[0]}: name a new home")
        with transaction.atomic(using=MAIN), connections[MAIN].cursor() as cursor:
            cursor.execute(f"CREATE TABLE {MARK} (backup varchar(64), place varchar(1000), since varchar(40))")
            cursor.execute(
                f"INSERT INTO {MARK} VALUES (%s, %s, %s)",  # noqa: S608
                [backup_id, _place(), moment(at)],
            )
    finally:
        lock.close()


def _marked_here() -> bool:
    if MARK not in connections[MAIN].introspection.table_names():
        return False
    with connections[MAIN].cursor() as cursor:
        cursor.execute(f"SELECT place FROM {MARK}")  # noqa: S608
        place = cursor.fetchone()[0]
    if place != _place():
        raise NotEmpty(
            "the restore that was cut off here had another vault or another home: set VAULT_DATABASE_URL and "
            f"BETTERWORK_HOME as they were then ({place}), or begin with empty databases and a new home"
        )
    return True


def mark_remove() -> None:
    """The last step: all is there."""
    with connections[MAIN].cursor() as cursor:
        cursor.execute(f"DROP TABLE {MARK}")


def instance_empty(*, mark_too: bool) -> None:
    """Take out what a restore put in: files of the home, every table, the mark last. Only while the mark stands."""
    assert MARK in connections[MAIN].introspection.table_names(), "only a marked database is emptied"
    for _name, path in kept_files(home()):
        path.unlink()
    for name in (VAULT, MAIN):
        connection = connections[name]
        tables = set(connection.introspection.table_names())
        _dropped(connection, sorted(tables - {MARK}))
    if mark_too:
        mark_remove()


def _dropped(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            for table in tables:
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}{cascade}")
    finally:
        connection.enable_constraint_checking()


def _place() -> str:
    """What a marked main database may empty besides itself: this vault, and files of this home."""
    vault, main = connections[VAULT], connections[MAIN]
    names = [str(vault.settings_dict.get(part) or "") for part in ("HOST", "PORT", "NAME")]
    if vault.vendor == "sqlite" and Path(names[2]).is_relative_to(home()):
        names[2] = str(Path(names[2]).relative_to(home()))
    # A home that has the main database in it may be moved with it.
    inside = main.vendor == "sqlite" and Path(str(main.settings_dict["NAME"])).is_relative_to(home())
    return f"vault {' '.join(one for one in names if one)}, home {'here' if inside else home()}"


def _what(connection: BaseDatabaseWrapper) -> str:
    name = connection.settings_dict["NAME"]
    return str(name) if connection.vendor == "sqlite" else f"the database {name}"


def _instead(connection: BaseDatabaseWrapper) -> str:
    if connection.vendor == "sqlite":
        return "Restore into a new BETTERWORK_HOME, or move its files away first"
    return "Restore into new, empty databases (createdb), which DATABASE_URL and VAULT_DATABASE_URL name"
