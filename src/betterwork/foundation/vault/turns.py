"""Whose turn it is to change an item: a lock that goes with the process that holds it, however that ends.

Whoever gets it knows that nobody is at the item any more: a change that was written down and never decided was left by
a power cut.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

WAITS = 5.0
"""Seconds for which somebody waits for another one who changes the item: her change takes a small part of one."""
_PAUSE = 0.01


@contextmanager
def turn_of(item: str) -> Iterator[bool]:
    """Wait for the turn at an item; False where another one keeps it. Not to be entered twice by one process.

    On PostgreSQL a lock of the session that also commits the entry by which a change is decided: when it is free, that
    session is over, and so is what it had begun. On SQLite, which is used by one machine, a lock of a file.
    """
    with _turn_of_session(number_of(item)) if connection.vendor == "postgresql" else _turn_of_file(item) as got:
        yield got


def number_of(item: str) -> int:
    """The number of an item's lock in PostgreSQL."""
    return int.from_bytes(hashlib.sha256(f"betterwork vault turn {item}".encode()).digest()[:8], "big", signed=True)


def file_of(item: str) -> Path:
    """The file that is locked for an item on SQLite. A few files serve all items."""
    name = hashlib.sha256(item.encode()).hexdigest()[:2]
    return Path(settings.BETTERWORK_HOME) / "cache" / "vault" / f"{name}.lock"


@contextmanager
def _turn_of_session(number: int) -> Iterator[bool]:
    def asked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            return bool(cursor.fetchone()[0])

    got = _waited(asked)
    try:
        yield got
    finally:
        if got:
            with suppress(DatabaseError), connection.cursor() as cursor:  # a session that is gone has let go
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _turn_of_file(item: str) -> Iterator[bool]:
    path = file_of(item)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def asked() -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield _waited(asked)
    finally:
        os.close(handle)


def _waited(asked: Callable[[], bool]) -> bool:
    until = time.monotonic() + WAITS
    while not asked():
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE)
    return True
