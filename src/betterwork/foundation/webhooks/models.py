"""Endpoints, what is owed to them, and each try."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON, audiences

_SHE = audiences(OWN_PERSON)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=_SHE,
    person=_SHE,
    scope=_SHE,
    title=_SHE,
    url=_SHE,
    topics=_SHE,
    secret=NOBODY,
    secret_before=NOBODY,
    before_until=_SHE,
    made_at=_SHE,
    state=_SHE,
    stopped_at=_SHE,
    stopped_why=_SHE,
    failing_since=_SHE,
    failures=_SHE,
    waits_until=_SHE,
)
class Endpoint(models.Model):
    """An address that is told. Its secrets lie under the instance's key."""

    ACTIVE, STOPPED, REMOVED = "active", "stopped", "removed"

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    person = models.CharField(max_length=64, db_index=True)
    scope = models.CharField(max_length=100)
    title = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    topics = models.JSONField(default=list)
    secret = models.TextField()
    secret_before = models.TextField(blank=True)
    before_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=ACTIVE)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=200, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    """Tries in a row that failed."""
    waits_until = models.DateTimeField(null=True, blank=True)
    """Until when nothing is sent because it failed."""

    def __str__(self) -> str:
        return f"webhook {self.id}"


@seen_by(
    id=_SHE,
    endpoint=_SHE,
    topic=_SHE,
    body=_SHE,
    made_at=_SHE,
    next_at=_SHE,
    tries=_SHE,
    state=_SHE,
    done_at=_SHE,
)
class Delivery(models.Model):
    """One message owed to one endpoint. ``id`` is its ``webhook-id``."""

    WAITING, RECEIVED, GIVEN_UP = "waiting", "received", "given up"

    id = models.CharField(primary_key=True, max_length=80)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    topic = models.CharField(max_length=80)
    body = models.TextField()
    """What is sent, byte for byte, in every try."""
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default=WAITING)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(name="webhooks_owed", fields=["endpoint", "next_at"], condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"message {self.id}"


@seen_by(id=_SHE, delivery=_SHE, at=_SHE, status=_SHE, milliseconds=_SHE, problem=_SHE)
class Try(models.Model):
    """One call: how it ended. What was answered is not kept."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"try of {self.delivery_id}"
