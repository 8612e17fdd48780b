"""Files by their content, and what they hang on. The name that a person gave stands apart from the content."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import (
    ASSESSING_TEAM,
    COMMITTEE,
    FACTORY,
    NOBODY,
    OWN_PERSON,
    PROGRAMME,
    SURVEY_CUSTODIAN,
    audiences,
)

READERS = audiences(PROGRAMME, ASSESSING_TEAM, FACTORY, COMMITTEE, SURVEY_CUSTODIAN)
"""Who may have an attachment at all; of each kind of subject one of these (``subjects.py``)."""
_AND_WHO_ADDED = READERS | {OWN_PERSON}
"""She too, whatever became of her role since: it is handed to her with what is kept of her."""


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    digest=audiences(PROGRAMME), media_type=READERS, size=READERS, encrypted=NOBODY, made_at=READERS, asked_at=NOBODY
)
class StoredFile(models.Model):
    """Bytes in the storage, by the SHA-256 of what they are when clean."""

    digest = models.CharField(primary_key=True, max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    encrypted = models.BooleanField()
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    """When somebody last stored this content: until a while after, the sweep leaves it alone."""

    def __str__(self) -> str:
        return f"{self.media_type} {self.digest[:12]}"


@seen_by(
    id=READERS,
    kind=_AND_WHO_ADDED,
    key=_AND_WHO_ADDED,
    file=READERS,
    name=_AND_WHO_ADDED,
    title=_AND_WHO_ADDED,
    added_by=audiences(PROGRAMME, ASSESSING_TEAM, SURVEY_CUSTODIAN, OWN_PERSON),
    at=_AND_WHO_ADDED,
    removed_at=audiences(PROGRAMME),
)
class Attachment(models.Model):
    """A file that hangs on a thing of another room, under the name that a person gave it."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="attachments")
    """Empty when it was removed and its time is over."""
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    added_by = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="attachments_of_a_subject", fields=["kind", "key", "at"])]
        constraints = [
            models.CheckConstraint(
                name="an_attachment_that_stands_has_its_file",
                condition=models.Q(file__isnull=False) | models.Q(removed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"attachment {self.id} of {self.subject}"

    @property
    def subject(self) -> str:
        """What it hangs on, as the ledger names it: ``visit VN/2015-7``."""
        return f"{self.kind} {self.key}"
