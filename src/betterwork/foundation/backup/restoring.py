"""Putting a backup back: the databases as they were, then files, then as this program wants them, then seen to hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup.folders import home, kept_path, key_folder
from betterwork.foundation.backup.marking import MARK
from betterwork.foundation.backup.reading import Described, Taker, Whole, backup_read
from betterwork.foundation.backup.rules import FILE, HOME, BadBackup, targets
from betterwork.foundation.backup.snapshots import MAIN
from betterwork.foundation.backup.tables import Table, columns_check, rows_put, sequence_set, table_counted
from betterwork.foundation.backup.taking import Progress
from betterwork.foundation.files.rules import digest_in
from betterwork.foundation.files.settings_of import files_storage
from betterwork.foundation.ledger.keys import folder_sync
from betterwork.foundation.ledger.queries import ledger_faults
from betterwork.foundation.ledger.seals import missing_seals
from betterwork.foundation.vault.router import VAULT


def migrations_check(described: Described) -> None:
    """Refuse a backup of a program that knows more than this one. Raises :class:`BadBackup`."""
    if set(described.migrations) != {MAIN, VAULT}:
        raise BadBackup("this backup holds other databases than this program has")
    loader = MigrationLoader(None)  # what the program knows; no database is looked at, none is made
    for applied in described.migrations.values():
        unknown = sorted(set(applied) - set(loader.graph.nodes) - set(loader.replacements))
        if unknown:
            app, migration = unknown[0]
            raise BadBackup(
                f"this backup was written by program version {described.program}, which knows tables that this one "
                f"does not ({app} {migration}): restore with that version or a later one"
            )


def tables_make(described: Described, progress: Progress) -> None:
    """Make the tables as the program had them that wrote the backup, without a row in them."""
    for name in (VAULT, MAIN):
        executor = MigrationExecutor(connections[name])
        graph = executor.loader.graph
        parents = {key: {(one.key[0], one.key[1]) for one in node.parents} for key, node in graph.node_map.items()}
        wanted = targets([one for one in described.migrations[name] if one in graph.nodes], parents)
        plan = executor.migration_plan(wanted)
        done = 0

        def told(action: str, migration: Any = None, fake: bool = False, whole: int = len(plan)) -> None:
            nonlocal done
            done += action == "apply_success"
            progress("making tables", min(done, whole), whole)

        executor.progress_callback = told  # type: ignore[assignment]
        executor.migrate(wanted, plan)
        connection = connections[name]
        with transaction.atomic(using=name), connection.cursor() as cursor:
            for table in set(connection.introspection.table_names()) - {MARK, "django_migrations"}:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - what migrations put in


def rows_and_files_put(
    file: IO[bytes], key: bytes | None, whole: Whole, *, keys_aside: str, progress: Callable[[int], None]
) -> None:
    """Put every row, file and key in its place; each database in one transaction that holds only if its digests do."""
    tables = whole.described.tables
    for table in tables.values():
        columns_check(connections[table.database], table)

    def thing(kind: str, path: str, size: int, chunks: Iterator[bytes]) -> None:
        if kind == FILE:
            _stored_put(path, size, chunks)
        elif kind == HOME:
            file_write(kept_path(home(), path), chunks)
        else:
            _key_put(path, b"".join(chunks), keys_aside)

    def piece(table: Table, data: bytes) -> None:
        rows_put(connections[table.database], table, data)

    with ExitStack() as both:
        for name in (MAIN, VAULT):  # the one entered last is committed first
            both.enter_context(transaction.atomic(using=name, durable=True))
        read = backup_read(file, key, Taker(thing, piece), progress=progress)
        if read != whole:
            raise BadBackup("the file was changed while it was read")
        for name, table in tables.items():
            connection = connections[table.database]
            if table_counted(connection, table).same != whole.tables[name].same:
                raise BetterWorkError(f"the rows of {name} are not what they were: this database keeps them otherwise")
            sequence_set(connection, table, whole.tables[name].last_number)


def made_current() -> None:
    """Bring the tables to where this program wants them, and put the seals on."""
    for name in (VAULT, MAIN):
        call_command("migrate", database=name, verbosity=0, interactive=False, skip_checks=True)


def held_check(whole: Whole) -> list[str]:
    """What does not hold in the ledger, against the head in the manifest; at most ten lines.

    Raises BetterWorkError when the seals are not on.
    """
    unsealed = missing_seals()
    if unsealed:
        raise BetterWorkError(f"the seals of {', '.join(unsealed)} could not be put on")
    found = []
    for fault in ledger_faults(expect=whole.head):
        found.append(str(fault))
        if len(found) == 10:
            break
    return found


def file_write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file to stay after a power cut. Cut off, a part of it is there: nobody looks while the mark stands."""
    missing = [one for one in (path.parent, *path.parent.parents) if not one.exists()]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    for folder in {path.parent, *(one.parent for one in missing)}:
        folder_sync(folder)


def _stored_put(path: str, size: int, chunks: Iterator[bytes]) -> None:
    if digest_in(path) is None:
        raise BadBackup(f"this backup holds a stored file under a name that is none: {path}")
    storage = files_storage()
    if isinstance(storage, FileSystemStorage):
        file_write(Path(storage.location) / path, chunks)
        return
    if storage.exists(path):  # a restore that was cut off put it there, perhaps not wholly
        storage.delete(path)
    named = storage.save(path, _Streamed(chunks, size))
    if named != path:
        raise BetterWorkError(f"the storage of files gave {path} another name: {named}")


class _Streamed(File):  # type: ignore[type-arg]
    """Chunks as a file that a storage takes."""

    def __init__(self, chunks: Iterator[bytes], size: int) -> None:
        super().__init__(None, name="restored")
        self._given, self.size, self._held = chunks, size, b""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self._given

    def read(self, most: int = -1) -> bytes:
        while most < 0 or len(self._held) < most:
            data = next(self._given, b"")
            if not data:
                break
            self._held += data
        cut = len(self._held) if most < 0 else most
        found, self._held = self._held[:cut], self._held[cut:]
        return found


def _key_put(name: str, data: bytes, aside: str) -> None:
    """Put a key in its place; another one that lies there is kept beside it."""
    path = key_folder() / name
    if "/" in name:
        raise BadBackup(f"this backup holds a key under a name that is none: {name}")
    draft = path.with_name(f"{name}.part")
    file_write(draft, [data])
    if path.exists() and path.read_bytes() != data:
        path.replace(path.with_name(f"{name}.before-restore-{aside[:16]}"))
    draft.replace(path)
    folder_sync(path.parent)
