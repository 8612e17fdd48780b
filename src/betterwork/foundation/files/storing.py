"""Bytes in the storage, named by their digest: there whole, or not there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.files.rules import digest_in, path_of
from betterwork.foundation.files.settings_of import files_key, files_storage
from betterwork.foundation.ledger import keys

INCOMING = "incoming"
"""The folder of what is being written; what lies there for long was left by a power cut."""


class BytesMissing(BetterWorkError):
    """The storage has not got the bytes that a row names, or not as they were stored."""


def bytes_put(digest: str, data: bytes) -> bool:
    """Put the bytes there under their digest, whole or not at all; return whether they are encrypted.

    On a disk: a name of their own, flushed to the disk, then the right name in one step. A service stores whole.
    """
    key, storage = files_key(), files_storage()
    path = path_of(digest, encrypted=key is not None)
    stored = data if key is None else keys.wrap(key, data, bound_to=_bound(digest))
    folder = _disk(storage)
    if folder is not None:
        _disk_put(folder, path, stored)
    elif not storage.exists(path):
        named = storage.save(path, ContentFile(stored))
        if named != path:  # another process was quicker
            storage.delete(named)
    return key is not None


def bytes_there(digest: str, *, encrypted: bool) -> bool:
    """Whether the storage has bytes under this digest."""
    return files_storage().exists(path_of(digest, encrypted=encrypted))


def bytes_read(digest: str, *, encrypted: bool) -> Iterator[bytes]:
    """The bytes, in pieces where they are stored as they are, else in one: the seal of a key is on the whole.

    Raises :class:`BytesMissing` before the first piece.
    """
    storage, path = files_storage(), path_of(digest, encrypted=encrypted)
    try:
        handle = storage.open(path)
    except OSError as error:
        raise BytesMissing(f"file {digest[:12]}… is not in the storage: put it back from a backup") from error
    if not encrypted:
        return iter(handle.chunks())
    with handle:
        sealed = handle.read()
    key = files_key()
    if key is None:
        raise keys.WrongKey("files were stored under a key, and there is none now: set FILES_KEY to it")
    return iter([keys.unwrap(key, sealed, bound_to=_bound(digest), what=f"file {digest[:12]}…")])


def bytes_drop(path: str) -> None:
    """Take bytes out of the storage."""
    files_storage().delete(path)


def paths_stored(*, before: datetime) -> Iterator[tuple[str, str | None]]:
    """(path, digest) of all that was put there before a moment; no digest for what was never finished."""
    storage = files_storage()
    for path in _walked(storage, ""):
        digest = digest_in(path)
        if digest is None and not path.startswith(f"{INCOMING}/"):
            continue  # not ours
        try:
            if storage.get_modified_time(path) < before:
                yield path, digest
        except OSError:
            continue  # it was finished or taken away meanwhile


def _walked(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in files)
    for name in folders:
        yield from _walked(storage, f"{prefix}{name}")


def _disk(storage: Storage) -> Path | None:
    return Path(storage.location) if isinstance(storage, FileSystemStorage) else None


def _disk_put(folder: Path, path: str, stored: bytes) -> None:
    final, draft = folder / path, folder / INCOMING / secrets.token_hex(16)
    for one in (final.parent, draft.parent):
        _folder_make(one)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(stored)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    keys.folder_sync(final.parent)


def _folder_make(folder: Path) -> None:
    """Make a folder and those above it, each named for good in the one above."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        _folder_make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    keys.folder_sync(folder.parent)


def _bound(digest: str) -> str:
    return f"betterwork file {digest}"
