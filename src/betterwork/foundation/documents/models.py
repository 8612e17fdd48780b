"""Sealed documents: written once, never changed, corrected only by a successor that says why."""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, NOBODY, PROGRAMME, audiences


@seen_by(
    id=NOBODY,
    kind=EVERYBODY,
    key=audiences(PROGRAMME),
    digest=EVERYBODY,
    content_digest=EVERYBODY,
    sections=EVERYBODY,  # audience → digest: what lets one audience's copy be verified without the others
    body=NOBODY,  # all sections at once: read section by section, each for its own audience
    sealed_at=EVERYBODY,
    supersedes=EVERYBODY,
    reason=audiences(PROGRAMME),
)
class SealedDocument(models.Model):
    """One canonical document. The database itself refuses to update or delete a row (see ``seals``)."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    content_digest = models.CharField(max_length=64)
    sections = models.JSONField()
    body = models.BinaryField()
    sealed_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_correction_says_why",
                condition=models.Q(supersedes__isnull=True, reason="")
                | models.Q(supersedes__isnull=False) & ~models.Q(reason=""),
            ),
            # A document has one beginning: only corrections may follow under the same key.
            models.UniqueConstraint(
                name="one_first_document_per_key", fields=["kind", "key"], condition=models.Q(supersedes__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.digest[:12]}"
