"""One at a time: who changes the interviews of a visit in the vault does so alone.

The vault keeps two changes of an item apart. Here what is read of it before a change, and all items of a visit's
interviews, are kept together with the change, under a lock that a process lets go of when it dies.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from betterwork.foundation.vault.changing import changes_settle


@contextmanager
def alone(item: str, *, at: datetime) -> Iterator[None]:
    """Wait until nobody else changes what belongs to an item; inside, what a power cut left of it is settled.

    Not to be entered twice by one process. Outside any transaction.
    """
    if connection.vendor == "postgresql":
        number = int(item[:15], 16)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        try:
            settled(item, at=at)
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    else:
        with _locked(item):
            settled(item, at=at)
            yield


def settled(item: str, *, at: datetime) -> None:
    """Make or drop at once what a process that died left of an item."""
    changes_settle(at=at, item_id=item)


@contextmanager
def in_turn() -> Iterator[None]:
    """Before a transaction that writes much, on SQLite: wait until those who came before have written.

    SQLite lets one write at a time, and whoever finds it busy sleeps and tries again, each time longer: eight devices
    then mostly sleep. A lock of the machine wakes the next one at once. PostgreSQL needs none of it.
    """
    if connection.vendor == "postgresql":
        yield
    else:
        with _locked("writing"):
            yield


@contextmanager
def _locked(item: str) -> Iterator[None]:
    """A file, locked: SQLite is used by one machine. A few files serve all visits."""
    folder = Path(settings.BETTERWORK_HOME) / "cache" / "capture"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"{item[:2]}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
