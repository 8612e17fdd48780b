"""Reading files and attachments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.files.models import Attachment, StoredFile
from betterwork.foundation.files.policy import ATTACHMENTS
from betterwork.foundation.files.storing import bytes_read
from betterwork.foundation.files.subjects import rule_of


def attachments_of(*, actor: Actor, kind: str, key: str) -> list[Row]:
    """The attachments of one subject that this actor reaches, oldest first, as the subject's room shows them.

    One query. Raises WrongUse for a kind of subject that no room named.
    """
    rule = rule_of(kind)
    found = ATTACHMENTS.visible_to(actor).filter(kind=kind, key=key)
    return rule.rows.rows(found.select_related("file").order_by("at", "id"))


def attachment_bytes(attachment: Attachment) -> Iterator[bytes]:
    """The content, in pieces. Ask the policy first. Raises BytesMissing, WrongKey before the first piece."""
    assert attachment.file is not None
    return bytes_read(attachment.file.digest, encrypted=attachment.file.encrypted)


def file_bytes(file: StoredFile) -> Iterator[bytes]:
    """The content of a file that another room keeps, in pieces. That room asks its own policy first."""
    return bytes_read(file.digest, encrypted=file.encrypted)


def attachments_of_person(person_id: str) -> list[dict[str, str]]:
    """What is kept of the files that a person added, for herself."""
    rows = Attachment.objects.filter(added_by=person_id).order_by("at", "id")
    return [{"at": row.at.isoformat(), "name": row.name, "title": row.title, "hangs on": row.subject} for row in rows]


def files_unnamed(*, before: datetime) -> QuerySet[StoredFile]:
    """Files that no row of any room names, and that nobody stored since ``before``."""
    rows = StoredFile.objects.filter(asked_at__lt=before)
    for relation in StoredFile._meta.related_objects:
        column = relation.field.attname
        rows = rows.filter(~Exists(relation.related_model._base_manager.filter(**{column: OuterRef("pk")})))
    return rows


def files_faults() -> Iterator[str]:
    """One line for each file whose bytes are missing or are not what they were, in bounded memory."""
    for row in StoredFile.objects.order_by("digest").iterator(chunk_size=200):
        try:
            found, size = hashlib.sha256(), 0
            for piece in bytes_read(row.digest, encrypted=row.encrypted):
                found.update(piece)
                size += len(piece)
        except BetterWorkError as error:
            yield str(error)
            continue
        if found.hexdigest() != row.digest or size != row.size:
            yield f"file {row.digest[:12]}… was changed: put it back from a backup"
