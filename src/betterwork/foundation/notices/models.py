"""Notices, what people chose, and how mailing to each of them stands."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON, audiences
from betterwork.foundation.notices.rules import APP, URGENCIES

SHE = audiences(OWN_PERSON)


def new_id() -> str:
    """An opaque id that grows with time."""
    return str(uuid_utils.uuid7().hex)


@seen_by(
    id=SHE,
    person=SHE,
    kind=SHE,
    facts=SHE,
    url=SHE,
    key=NOBODY,
    how=SHE,
    made_at=SHE,
    read_at=SHE,
    mailed_at=SHE,
)
class Notice(models.Model):
    """One thing that one person is told."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    person = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    key = models.CharField(max_length=64)
    """What makes it the same when it is told again."""
    how = models.CharField(max_length=8)
    """How soon it is mailed; decided when it is given, and anew when she chooses otherwise before it was."""
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_notice_is_told_once", fields=["person", "kind", "key"]),
            models.CheckConstraint(name="a_notice_has_an_urgency", condition=Q(how__in=URGENCIES)),
        ]
        indexes = [
            models.Index(name="notices_of_a_person", fields=["person", "-made_at"]),
            models.Index(
                name="notices_to_mail",
                fields=["how", "made_at"],
                condition=Q(mailed_at__isnull=True, read_at__isnull=True) & ~Q(how=APP),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@seen_by(id=NOBODY, person=SHE, kind=SHE, how=SHE, set_at=SHE)
class Preference(models.Model):
    """How soon a person wants a kind to be mailed to her."""

    person = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    how = models.CharField(max_length=8)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_preference_per_kind", fields=["person", "kind"]),
            models.CheckConstraint(name="a_preference_is_an_urgency", condition=Q(how__in=URGENCIES)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.how}"


@seen_by(person=SHE, failures=NOBODY, next_at=NOBODY, last_at=SHE)
class Mailing(models.Model):
    """How mailing to a person stands: when it may be tried next, and how often it failed in a row."""

    person = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.person
