"""What a backup carries and what not, how its parts are named, and what its figures say. No clock, no chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from betterwork.core.errors import BetterWorkError, WrongUse

FORMAT = "betterwork backup"
VERSION = 1
PIECE = 4 << 20
"""Rows of a table are written in pieces of about this many bytes: what is held in memory at a time."""

HEAD, FILES_LIST, MANIFEST = "backup.json", "files.jsonl", "manifest.json"
FILE, HOME, KEY = "files", "home", "keys"
"""What a member that is no table holds: a stored file, something of the home, a key."""

_TABLE = re.compile(r"tables/(\w+)/(\w+)/(\d+)\.jsonl")
_THING = re.compile(r"(files|home|keys)/(?!/)([\w.%~/+=,@-]+)")

NOT_CARRIED: Mapping[str, str] = {
    "django_session": "who is signed in at this moment: everybody signs in anew",
    "usersessions_usersession": "where people were signed in: the sessions it lists are not carried",
}
"""Tables that a backup leaves out, each with the reason."""


class BadBackup(WrongUse):
    """This file is no whole backup, or none that this program can put back. Nothing was changed."""


class NotEmpty(BetterWorkError):
    """There is something in this instance, or the restore of it was cut off."""


def lease_ended(row: dict[str, Any]) -> dict[str, Any]:
    """A job that ran: its worker is not there any more, so its lease ended, and another worker takes it over."""
    if row["state"] != "running":
        return row
    return row | {"worker": "before-the-backup", "lease_until": row["started_at"] or row["enqueued_at"]}


SETTLED: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"jobs_job": lease_ended}
"""Tables of which a part of a row is not carried as it is: a worker's hold on a job ends with its instance."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a table holds: how many rows, one digest over all of them, and the last number its sequence gave out."""

    rows: int
    sha256: str
    last_number: int = 0

    @property
    def same(self) -> tuple[int, str]:
        """What must be equal before and after: a sequence may be ahead without a row."""
        return self.rows, self.sha256


@dataclass(frozen=True, slots=True)
class Thing:
    """A file, by its name in the backup ("files/ab/cd/…", "home/quarantine/…")."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TablePiece:
    """What the name of a member says: some rows of this table."""

    database: str
    table: str
    number: int


def piece_name(database: str, table: str, number: int) -> str:
    """The name of the member that holds a piece of a table."""
    return f"tables/{database}/{table}/{number:06}.jsonl"


def piece_of(name: str) -> TablePiece | None:
    """What a member's name says of a table; None for a name of another kind."""
    found = _TABLE.fullmatch(name)
    return TablePiece(found[1], found[2], int(found[3])) if found else None


def thing_of(name: str) -> tuple[str, str] | None:
    """(which kind, path) of a member that is a file; None for a name of another kind, or one that leads elsewhere."""
    found = _THING.fullmatch(name)
    if found is None or any(part in {"", ".", ".."} for part in found[2].split("/")):
        return None
    return found[1], found[2]


def targets(applied: list[tuple[str, str]], parents: Mapping[tuple[str, str], set[tuple[str, str]]]) -> list[Any]:
    """The last migrations of each app among those applied. ``parents`` are those that each one stands on."""
    known = set(applied)
    followed = {parent for one in known for parent in parents.get(one, ()) if parent[0] == one[0]}
    return sorted(known - followed)
