"""Photos and documents, in pieces: what is acknowledged is on the disk for good, and goes on where it stopped.

A piece is appended to a file of its own under ``uploads/``, flushed, and only then counted in the row. Whatever a power
cut leaves beyond what was counted is cut off by the next piece. Where files are kept under a key, the pieces are too.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.services import file_store
from betterwork.foundation.files.settings_of import files_key, size_limit
from betterwork.foundation.ledger import keys
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.vault.rules import NothingHere
from betterwork.modules.capture.models import Capture, CaptureUpload
from betterwork.modules.capture.of_visits import is_on_team
from betterwork.modules.capture.rules import MOST_CHUNK

FOLDER = "uploads"


class WrongOffset(BetterWorkError):
    """A piece that does not begin where the last one ended. ``received`` says where to go on."""

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(f"go on at byte {received}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a file is here for good."""

    received: int
    complete: bool


def file_state(*, capture: Capture, sha256: str) -> Progress:
    """How much of a file is here."""
    row = CaptureUpload.objects.filter(capture=capture, sha256=sha256).first()
    return Progress(row.received if row else 0, bool(row and row.file_id))


def file_chunk_take(
    *, actor: str, capture: Capture, sha256: str, offset: int, size: int, data: bytes, device: str = "", at: datetime
) -> Progress:
    """Take a piece of a file; with the last one the file is looked into, cleaned and stored.

    What is here already is not taken again. Outside any transaction. Raises :class:`WrongOffset` with where to go on,
    :class:`WrongUse` for what is too large, and FileRefused, after which nothing of it is here, where the bytes are not
    what they were said to be or the file is of a kind that is not taken. Raises NothingHere for who is not on the team.
    """
    if not is_on_team(actor, capture.visit):
        raise NothingHere
    if not 0 < size <= size_limit():
        raise FileRefused(_("This file is too large: %(most)s MB at most.") % {"most": size_limit() // 1_000_000})
    if not data or len(data) > MOST_CHUNK or offset + len(data) > size:
        words = _("A piece of a file holds at most %(most)s bytes, and none beyond its end.")
        raise WrongUse(words % {"most": MOST_CHUNK})
    row, _made = CaptureUpload.objects.get_or_create(
        capture=capture, sha256=sha256, defaults={"size": size, "device": device, "by": actor, "began_at": at}
    )
    with _part(row) as part:
        row.refresh_from_db()
        if row.file_id is not None:
            return Progress(row.size, True)
        if row.size != size:
            row.size, row.received = size, 0
        received = part.settled(row.received)
        if offset != received:
            raise WrongOffset(received)
        part.append(data)
        row.received, row.refused = received + len(data), ""
        if row.received < size:
            row.save(update_fields=["size", "received", "refused"])
            return Progress(row.received, False)
        _completed(actor, row, part, at)  # the last piece counts only once the whole is stored
    return Progress(size, True)


def _completed(actor: str, row: CaptureUpload, part: _Part, at: datetime) -> None:
    """Store what is whole. What is not what it was said to be is emptied, and told."""
    content = part.read()
    if hashlib.sha256(content).hexdigest() != row.sha256:
        _emptied(row, part, _("What arrived is not what was sent. It is sent again."))
    try:
        stored = file_store(content=content, at=at)
    except FileRefused as error:
        _emptied(row, part, str(error))
    with transaction.atomic():
        row.file, row.completed_at = stored, at
        row.save(update_fields=["size", "received", "refused", "file", "completed_at"])
        entry_append(
            kind=AUDIT,
            action="capture.file.taken",
            actor=actor,
            subject=f"capture {row.capture_id}",
            content={"file": stored.digest, "media_type": stored.media_type, "size": stored.size},
            at=at,
        )
    part.drop()


def _emptied(row: CaptureUpload, part: _Part, why: str) -> None:
    row.received, row.refused = 0, why[:300]
    row.save(update_fields=["received", "refused"])
    part.drop()
    raise FileRefused(why)


class _Part:
    """The pieces of one file that came so far, on the disk."""

    def __init__(self, path: Path, handle: int, name: str) -> None:
        self._path, self._handle, self._name, self._key = path, handle, name, files_key()

    def settled(self, counted: int) -> int:
        """Cut off what was never counted; how much there is then."""
        offset, plain = 0, 0
        for start, length, held in self._pieces():
            if plain + held > counted:
                break
            plain, offset = plain + held, start + length
        os.ftruncate(self._handle, offset)
        return plain

    def append(self, data: bytes) -> None:
        """Put a piece behind the others, for good."""
        end = os.lseek(self._handle, 0, os.SEEK_END)
        sealed = data if self._key is None else keys.wrap(self._key, data, bound_to=self._bound(end))
        for one in (len(sealed).to_bytes(4, "big"), sealed):
            while one:
                one = one[os.write(self._handle, one) :]
        os.fsync(self._handle)

    def read(self) -> bytes:
        """All of it. Raises WrongKey where another key was set meanwhile."""
        whole = []
        for start, length, _held in self._pieces():
            sealed = os.pread(self._handle, length - 4, start + 4)
            bound = self._bound(start)
            known = self._key
            whole.append(sealed if known is None else keys.unwrap(known, sealed, bound_to=bound, what="a piece"))
        return b"".join(whole)

    def drop(self) -> None:
        """Take it away."""
        os.ftruncate(self._handle, 0)
        self._path.unlink(missing_ok=True)

    def _pieces(self) -> Iterator[tuple[int, int, int]]:
        """(where it begins, its length with what says its length, how many bytes of the file it holds)."""
        end, at = os.fstat(self._handle).st_size, 0
        while at + 4 <= end:
            length = int.from_bytes(os.pread(self._handle, 4, at), "big")
            if not 0 < length <= MOST_CHUNK + 1024 or at + 4 + length > end:
                return
            yield at, length + 4, length - (0 if self._key is None else _SEAL)
            at += length + 4

    def _bound(self, at: int) -> str:
        return f"betterwork piece {self._name} {at}"


_SEAL = len(keys.wrap(bytes(keys.KEY_BYTES), b"", bound_to=""))
"""How much longer a piece is under its seal."""


@contextmanager
def _part(row: CaptureUpload) -> Iterator[_Part]:
    """The pieces of one file, for one request at a time."""
    name = f"{row.capture_id}-{row.sha256}"
    folder = Path(settings.BETTERWORK_HOME) / FOLDER
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys.folder_sync(folder.parent)
    path = folder / f"{name}.part"
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            same = os.fstat(handle).st_ino == path.stat().st_ino
        except FileNotFoundError:
            same = False
        if same:
            break
        os.close(handle)  # another request took it away meanwhile
    try:
        if os.fstat(handle).st_size == 0:
            keys.folder_sync(folder)
        yield _Part(path, handle, name)
    finally:
        os.close(handle)


def uploads_sweep(*, before: datetime) -> int:
    """Take away pieces of uploads that are complete, and of rows that are gone; how many."""
    folder, count = Path(settings.BETTERWORK_HOME) / FOLDER, 0
    if not folder.is_dir():
        return 0
    for path in folder.glob("*.part"):
        capture, _dash, sha256 = path.stem.partition("-")
        open_now = CaptureUpload.objects.filter(capture=capture, sha256=sha256, file__isnull=True).exists()
        if not open_now and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count
