"""Answers kept for a while, so that a request sent again is not done again."""

from __future__ import annotations

from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY


@seen_by(id=NOBODY, person=NOBODY, key=NOBODY, request=NOBODY, status=NOBODY, kind=NOBODY, body=NOBODY, at=NOBODY)
class KeptAnswer(models.Model):
    """What was answered to a person's request with an ``Idempotency-Key``; written with what the request did."""

    person = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    """The digest of the key that was sent."""
    request = models.CharField(max_length=64)
    """The digest of what was asked: method, address, body."""
    status = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=80)
    body = models.BinaryField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="a_key_is_used_once", fields=["person", "key"])]

    def __str__(self) -> str:
        return f"answer {self.pk}"
