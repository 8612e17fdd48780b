"""Releases and their withdrawals: both sealed, so that a withdrawal is a row of its own."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import EVERYBODY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.documents.models import SealedDocument

_STAFF = audiences(PROGRAMME)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=EVERYBODY,
    kind=EVERYBODY,
    key=EVERYBODY,
    title=EVERYBODY,  # whoever receives a release reads what it is, under which rule and by whose authority
    country=EVERYBODY,
    document=EVERYBODY,
    section=EVERYBODY,
    file_digest=EVERYBODY,
    audience=EVERYBODY,
    scope=_STAFF,
    role=_STAFF,
    person=audiences(PROGRAMME, OWN_PERSON),
    authority=EVERYBODY,
    rule=EVERYBODY,
    starts=EVERYBODY,
    ends=EVERYBODY,
    given_by=audiences(PROGRAMME, OWN_PERSON),
    given_at=EVERYBODY,
)
class Release(models.Model):
    """One thing given to one recipient. Its days are both inside; without a last day it is in force until withdrawn."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True)
    """What it is called by in the room that gave it."""
    title = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    """Whose staff see that it was given; empty for what is of the whole programme."""
    document = models.ForeignKey(SealedDocument, null=True, on_delete=models.PROTECT, related_name="releases")
    section = models.CharField(max_length=40, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    audience = models.CharField(max_length=40)
    scope = models.CharField(max_length=100)
    role = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=64, blank=True)
    authority = models.CharField(max_length=300)
    rule = models.CharField(max_length=300)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="releases_of_a_recipient", fields=["audience", "scope"]),
            models.Index(name="releases_of_a_thing", fields=["kind", "key"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_release_gives_one_thing",
                condition=models.Q(document__isnull=False, file_digest="")
                | models.Q(document__isnull=True) & ~models.Q(file_digest=""),
            ),
            models.CheckConstraint(
                name="a_release_ends_after_it_starts",
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.id}"


@seen_by(release=EVERYBODY, reason=EVERYBODY, withdrawn_by=audiences(PROGRAMME, OWN_PERSON), at=EVERYBODY)
class Withdrawal(models.Model):
    """That a release is in force no more, from this moment, and why."""

    release = models.OneToOneField(Release, primary_key=True, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=500)
    withdrawn_by = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"withdrawal of {self.release_id}"
