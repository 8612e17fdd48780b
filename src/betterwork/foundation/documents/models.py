"""Sealed documents: written once, never changed, corrected only by a successor that says why."""

from __future__ import annotations

from django.db import models


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
