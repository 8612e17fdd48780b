"""Taking a backup, and restoring one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import orjson
from django.db import connections, transaction

from betterwork import __version__
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.backup.archive import Writer
from betterwork.foundation.backup.envelope import PlainSink, SealedSink
from betterwork.foundation.backup.folders import home, undeclared
from betterwork.foundation.backup.marking import instance_empty, mark_remove, mark_set, restore_alone
from betterwork.foundation.backup.reading import Whole, backup_read
from betterwork.foundation.backup.restoring import (
    file_write,
    held_check,
    made_current,
    migrations_check,
    rows_and_files_put,
    tables_make,
)
from betterwork.foundation.backup.snapshots import snapshot
from betterwork.foundation.backup.tables import tables_of_models, tables_without_model
from betterwork.foundation.backup.taking import Progress, Swept, Taken, archive_write
from betterwork.foundation.ledger.keys import folder_sync
from betterwork.foundation.ledger.rules import AUDIT, moment
from betterwork.foundation.ledger.services import entry_append

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written, and what somebody should know of it."""

    taken: Taken
    size: int
    undeclared: tuple[str, ...]
    """In the home, and no room says whether it belongs into a backup."""
    no_model: tuple[str, ...]
    """Tables that no model has."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the first faults of its ledger: those that the instance had when it was backed up."""

    whole: Whole
    faults: tuple[str, ...]


def instance_backup(
    *, actor: str, path: Path, key: bytes | None, with_keys: bool, at: datetime, progress: Progress
) -> Made:
    """Write everything that the instance keeps into a file, whole or not at all; nobody has to wait for it.

    That it is taken is told in the ledger first, so that the backup itself holds the entry. Raises :class:`WrongUse`
    when there is such a file already, and for keys that would lie in the open.
    """
    if with_keys and key is None:
        raise WrongUse("keys go only into a backup that lies under a key itself: name one with --key-file")
    if path.exists():
        raise WrongUse(f"{path} is there already: name a new file")
    backup_id = secrets.token_hex(16)
    with transaction.atomic(durable=True):
        content = {"encrypted": key is not None, "with_keys": with_keys}
        subject = f"backup {backup_id}"
        entry_append(kind=AUDIT, action="backup.taken", actor=actor, subject=subject, content=content, at=at)
    draft = path.with_name(f"{path.name}.{backup_id[:8]}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            taken = _written(out, key, backup_id=backup_id, at=at, with_keys=with_keys, progress=progress)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        draft.replace(path)
        folder_sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    tables = tables_of_models()
    no_model = {table for name in connections for table in tables_without_model(connections[name], tables)}
    return Made(taken, size, tuple(undeclared(home())), tuple(sorted(no_model)))


def _written(
    out: IO[bytes], key: bytes | None, *, backup_id: str, at: datetime, with_keys: bool, progress: Progress
) -> Taken:
    for _try in range(_TRIES):
        out.seek(0)
        out.truncate()
        archive = Writer(PlainSink(out) if key is None else SealedSink(out, key))
        try:
            with snapshot() as shot:
                taken = archive_write(archive, shot, backup_id=backup_id, at=at, with_keys=with_keys, progress=progress)
            archive.close()
            return taken
        except Swept:
            continue
        finally:
            archive.abandon()
    raise BetterWorkError("files are being swept at this moment: run the backup again")


def backup_check(*, path: Path, key: bytes | None, progress: Progress) -> Whole:
    """Look whether a file is a whole backup that this program can restore; nothing is changed.

    Raises :class:`~.rules.BadBackup`, WrongKey.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        whole = backup_read(file, key, progress=lambda done: progress("looking through", done, size))
    migrations_check(whole.described)
    return whole


def instance_restore(*, path: Path, key: bytes | None, at: datetime, progress: Progress) -> Restored:
    """Put a backup back into an instance that has no tables yet. Writes no entry: what is restored is what was.

    First the whole file is looked through. Then the main database is marked, and all is put in; the mark goes last.
    Killed before that, every command refuses and says so, and this one starts over; when it fails, what it put into
    the databases is taken out again. Raises :class:`~.rules.BadBackup`, WrongKey, :class:`~.rules.NotEmpty`.
    """
    whole = backup_check(path=path, key=key, progress=progress)
    size = path.stat().st_size
    with restore_alone():
        mark_set(backup_id=whole.described.id, at=at)
        try:
            instance_empty(mark_too=False)
            tables_make(whole.described, progress)
            with path.open("rb") as file:
                rows_and_files_put(
                    file,
                    key,
                    whole,
                    keys_aside=whole.described.id,
                    progress=lambda done: progress("putting back", done, size),
                )
            made_current()
            faults = held_check(whole)
            _written_down(whole, at)
        except BaseException:
            with suppress(Exception):
                instance_empty(mark_too=True)
            raise
        mark_remove()
    return Restored(whole, tuple(faults))


def _written_down(whole: Whole, at: datetime) -> None:
    """Say in the home from which backup it was restored: an entry in the ledger would make it another ledger."""
    said = {
        "backup": whole.described.id,
        "backup_at": whole.described.at,
        "restored_at": moment(at),
        "ledger_head": str(whole.head),
        "program": __version__,
    }
    file_write(home() / "restored.json", [orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n"])
