"""The outbox: events, and what is owed to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, PROGRAMME, audiences

_PROGRAMME = audiences(PROGRAMME)


@seen_by(number=_PROGRAMME, name=_PROGRAMME, content=NOBODY, at=_PROGRAMME)
class Event(models.Model):
    """A fact, never changed. Numbers grow; a transaction that was rolled back leaves a gap."""

    number = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    content = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "number"], name="events_by_name")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@seen_by(
    id=_PROGRAMME,
    event=_PROGRAMME,
    subscriber=_PROGRAMME,
    tries=_PROGRAMME,
    next_at=_PROGRAMME,
    done_at=_PROGRAMME,
    problem=_PROGRAMME,
)
class Delivery(models.Model):
    """One event owed to one subscriber, until ``done_at``."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    """The last failure, in words for people."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="an_event_is_owed_once_to_a_subscriber", fields=["event", "subscriber"])
        ]
        indexes = [models.Index(name="events_owed", fields=["event", "subscriber"], condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"event {self.event_id} to {self.subscriber}"


@seen_by(id=_PROGRAMME, name=_PROGRAMME, subscriber=_PROGRAMME, after=_PROGRAMME, since=_PROGRAMME)
class Subscription(models.Model):
    """From where on a subscriber is owed the events of a name: written when it is first seen."""

    name = models.CharField(max_length=80)
    subscriber = models.CharField(max_length=80)
    after = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="a_subscriber_begins_once", fields=["name", "subscriber"])]

    def __str__(self) -> str:
        return f"{self.subscriber} to {self.name}"
