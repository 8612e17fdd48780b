"""Tokens of persons."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON, audiences

_SHE = audiences(OWN_PERSON)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=_SHE,
    person=_SHE,
    title=_SHE,
    scope=_SHE,
    writes=_SHE,
    prefix=_SHE,
    digest=NOBODY,
    made_at=_SHE,
    ends=_SHE,
    last_used=_SHE,
    ended_at=_SHE,
    ended_by=_SHE,
)
class Token(models.Model):
    """A token, without the secret: its digest only. It is never deleted while its person is here."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    person = models.CharField(max_length=64, db_index=True)
    title = models.CharField(max_length=80)
    scope = models.CharField(max_length=100)
    writes = models.BooleanField(default=False)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends = models.DateTimeField()
    last_used = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_token_ends_after_it_is_made", condition=models.Q(ends__gt=models.F("made_at"))
            )
        ]

    def __str__(self) -> str:
        return f"token {self.id}"
