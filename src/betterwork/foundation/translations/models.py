"""Translations of content, each with its state and the digest of the words it was made from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import PROGRAMME, audiences
from betterwork.foundation.translations.rules import APPROVED, OPEN, STATES

_STAFF = audiences(PROGRAMME)
"""Drafts are the programme's. Approved words leave as plain values, by the room whose text it is."""


@seen_by(
    id=_STAFF,
    subject=_STAFF,
    field=_STAFF,
    language=_STAFF,
    text=_STAFF,
    state=_STAFF,
    source_text=_STAFF,
    source_digest=_STAFF,
    proposed_by=_STAFF,
    proposed_at=_STAFF,
    reviewed_by=_STAFF,
    reviewed_at=_STAFF,
    approved_by=_STAFF,
    approved_at=_STAFF,
)
class Translation(models.Model):
    """One text of a subject in one language. Persons are opaque ids, as in the ledger."""

    subject = models.CharField(max_length=160)
    field = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    source_text = models.TextField()
    source_digest = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=64, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_translation_has_a_known_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="a_translation_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="a_second_person_approved",
                condition=~Q(state=APPROVED)
                | (~Q(approved_by="") & ~Q(approved_by=models.F("proposed_by")) & Q(approved_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="one_open_translation", fields=["subject", "field", "language"], condition=Q(state__in=OPEN)
            ),
            models.UniqueConstraint(
                name="one_approved_translation", fields=["subject", "field", "language"], condition=Q(state=APPROVED)
            ),
        ]
        indexes = [models.Index(name="translations_to_do", fields=["language", "state"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.field} {self.language} {self.state}"
