"""Storing, attaching, removing and sweeping files."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import digest as digest_of
from betterwork.core.errors import WrongUse
from betterwork.foundation.files.cleaning import cleaned
from betterwork.foundation.files.models import Attachment, StoredFile
from betterwork.foundation.files.queries import files_unnamed
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import name_clean
from betterwork.foundation.files.settings_of import size_limit
from betterwork.foundation.files.storing import bytes_drop, bytes_put, bytes_there, paths_stored
from betterwork.foundation.files.subjects import rule_of
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append

KEEP_UNNAMED = timedelta(days=1)
"""For how long bytes that no row names are left alone: a form may still be on its way."""
KEEP_REMOVED = timedelta(days=30)
"""For how long what was removed can be had back."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away: contents, by digest, and the number of pieces that were never finished."""

    digests: tuple[str, ...]
    unfinished: int


def file_store(*, content: bytes | IO[bytes], at: datetime) -> StoredFile:
    """Look into a file, clean it, and store it by what it is then; the same content twice is one file.

    The bytes are on the disk before the row is: killed at any moment, a file is there whole or not at all. Call it
    before opening a transaction of your own: looking into a large picture takes seconds. Raises :class:`FileRefused`.
    """
    limit = size_limit()
    given = content if isinstance(content, bytes) else content.read(limit + 1)
    if len(given) > limit:
        raise FileRefused(
            _("This file is too large: %(most)s MB at most. Make it smaller and choose it again.")
            % {"most": limit // 1_000_000}
        )
    clean = cleaned(given)
    return _stored(clean.data, clean.media_type, at)


def made_store(*, content: bytes, media_type: str, at: datetime) -> StoredFile:
    """Store what the platform itself made, as it is: nothing in it comes from a person, so nothing is cleaned.

    The bytes keep their digest, so that a document can name them. Whole or not at all, as in :func:`file_store`.
    """
    return _stored(content, media_type, at)


def _stored(data: bytes, media_type: str, at: datetime) -> StoredFile:
    name = digest_of(data)
    with transaction.atomic():
        _content_lock(name)
        row = StoredFile.objects.filter(digest=name).first()
        if row is not None and bytes_there(name, encrypted=row.encrypted):
            row.asked_at = max(at, row.asked_at)
            row.save(update_fields=["asked_at"])
            return row
        encrypted = bytes_put(name, data)
        made = {"media_type": media_type, "size": len(data), "encrypted": encrypted, "asked_at": at}
        row, _new = StoredFile.objects.update_or_create(
            digest=name, defaults=made, create_defaults={**made, "made_at": at}
        )
        return row


def _kept(attachment: Attachment) -> dict[str, Any]:
    """What the ledger keeps of an attachment: not its name, which may speak of a person."""
    kept = {"subject": attachment.subject, "file": attachment.file_id, "removed": attachment.removed_at is not None}
    return kept | ({"media_type": attachment.file.media_type, "size": attachment.file.size} if attachment.file else {})


def _named(attachment: Attachment) -> str:
    return f"attachment {attachment.id}"


@audited("attachment.added", subject=_named, state=_kept)
def attachment_add(
    *, actor: str, kind: str, key: str, file: StoredFile, name: str, title: str = "", at: datetime
) -> Attachment:
    """Hang a stored file on a subject, under the name a person gave it (cleaned; with the ending of its real kind).

    Raises WrongUse for a kind of subject that no room named, and for a key that is none.
    """
    rule_of(kind)
    if not key or len(key) > 200:
        raise WrongUse("an attachment needs the key of what it hangs on, at most 200 characters")
    return Attachment.objects.create(
        kind=kind,
        key=key,
        file=file,
        name=name_clean(name, file.media_type),
        title=" ".join(title.split())[:200],
        added_by=actor,
        at=at,
    )


@audited("attachment.removed", subject=_named, state=_kept, of="attachment")
def attachment_remove(*, actor: str, attachment: Attachment, at: datetime) -> Attachment:
    """Take a file off what it hangs on. Nobody can have it any more; its bytes go with a later sweep.

    Raises WrongUse when it was removed before.
    """
    if not Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=at):
        raise WrongUse("this attachment was removed already")
    attachment.refresh_from_db()
    return attachment


@transaction.atomic(durable=True)
def attachment_seen(*, actor: str, attachment: Attachment, at: datetime) -> None:
    """Write into the ledger that somebody has downloaded an attachment, before she gets a byte of it."""
    entry_append(
        kind=AUDIT,
        action="attachment.seen",
        actor=actor,
        subject=_named(attachment),
        content={"subject": attachment.subject, "file": attachment.file_id},
        at=at,
    )


@transaction.atomic
def attachments_person_erase(*, person_id: str, at: datetime) -> int:
    """Take what a person wrote about her files away: their names and titles, and who added them; return how many."""
    rows = Attachment.objects.filter(added_by=person_id).select_related("file")
    for row in rows:
        ending = row.name.rpartition(".")[2]
        Attachment.objects.filter(pk=row.pk).update(name=f"file.{ending}", title="", added_by="")
    return len(rows)


def files_sweep(*, actor: str, at: datetime) -> Swept:
    """Take away what no row names any more, after a time of grace, and what a power cut left unfinished.

    First rows, then bytes, each under the lock that storing takes: killed at any moment, no row is left without its
    bytes. What is swept is told in the ledger.
    """
    Attachment.objects.filter(removed_at__lt=at - KEEP_REMOVED, file__isnull=False).update(file=None)
    unnamed = list(files_unnamed(before=at - KEEP_UNNAMED).values_list("digest", flat=True))
    dropped = {name for name in unnamed if _row_drop(name, at)}
    gone: set[str] = set()
    unfinished = 0
    for path, name in paths_stored(before=at - KEEP_UNNAMED):
        if name is None:
            bytes_drop(path)
            unfinished += 1
        elif _bytes_drop_unnamed(path, name):
            gone.add(name)
    if gone or dropped or unfinished:
        digests = sorted(gone | dropped)
        with transaction.atomic():
            content = {"files": digests[:1000], "count": len(digests), "unfinished": unfinished}
            entry_append(kind=AUDIT, action="files.swept", actor=actor, subject="files all", content=content, at=at)
    return Swept(tuple(sorted(gone | dropped)), unfinished)


def _row_drop(name: str, at: datetime) -> bool:
    with transaction.atomic():
        _content_lock(name)
        return bool(files_unnamed(before=at - KEEP_UNNAMED).filter(digest=name).delete()[0])


def _bytes_drop_unnamed(path: str, name: str) -> bool:
    with transaction.atomic():
        _content_lock(name)
        encrypted = path.endswith(".sealed")
        if StoredFile.objects.filter(digest=name, encrypted=encrypted).exists():
            return False
        bytes_drop(path)
        return True


def _content_lock(name: str) -> None:
    """Make others wait who store or sweep the same content. SQLite's transactions are IMMEDIATE: they wait already."""
    if connection.vendor == "postgresql":
        number = int(name[:16], 16) - (1 << 63)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
