"""How much may be asked for in a minute, counted over all processes of a machine.

Counted in small files under a lock, and not in the database: reading must not wait until somebody has written. Where
several machines answer, each counts for itself.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from pathlib import Path
from typing import BinaryIO

import orjson
from django.conf import settings

WINDOW = 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is left of a limit: ``wait`` seconds until there is some again, 0 while there is."""

    most: int
    left: int
    wait: int


def counted(name: str, most: int, now: float, *, cost: int = 1) -> Counted:
    """Count one request of ``name`` and say what is left. ``cost=0`` looks and counts nothing.

    A window slides: what was asked for in the last full minute counts by the part of it that still lies within sixty
    seconds. A refused request counts for nothing, so that who waits as told is let in.
    """
    key = blake2b(name.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()
    window, into = divmod(now, WINDOW)
    with _Shard(key[:2]) as file:
        known = _read(file)
        kept = {one: held for one, held in known.items() if window - held[0] < 2}
        at, count, before = kept.get(key, (window, 0, 0))
        if at < window:
            before, count = (count if window - at == 1 else 0), 0
        weighed = before * (1 - into / WINDOW) + count
        if weighed + max(cost, 1) > most:
            wait = _wait(before, count, into, most)
        else:
            count, wait = count + cost, 0
            weighed += cost
        kept[key] = (window, count, before)
        if cost:
            file.seek(0)
            file.truncate()
            file.write(orjson.dumps(kept))
    return Counted(most, max(0, int(most - weighed)), wait)


def _wait(before: int, count: int, into: float, most: int) -> int:
    """Seconds until one more fits: in this window as the last one fades, else in the next as this one does."""
    if count < most and before:
        faded = (1 - (most - 1 - count) / before) * WINDOW
        if faded < WINDOW:
            return max(1, ceil(faded - into))
    rest = WINDOW - into
    fading = (1 - (most - 1) / count) * WINDOW if count else 0.0
    return max(1, ceil(rest + max(0.0, fading)))


def _read(file: BinaryIO) -> dict[str, tuple[float, int, int]]:
    try:
        found = orjson.loads(file.read())
    except orjson.JSONDecodeError:  # new, or cut off by a crash: counted anew
        return {}
    return {str(key): (held[0], held[1], held[2]) for key, held in found.items()}


class _Shard:
    """One of the files, locked while it is open."""

    def __init__(self, name: str) -> None:
        folder = Path(settings.BETTERWORK_HOME) / "cache" / "limits"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / name

    def __enter__(self) -> BinaryIO:
        number = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(number, "r+b")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self._file

    def __exit__(self, *_error: object) -> None:
        self._file.close()
