"""A concern, the steps that followed it, and who is named to hear of concerns. Words lie in the vault, not here."""

from __future__ import annotations

import uuid_utils
from django.db import models
from django.db.models import F, Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, PROGRAMME, audiences
from betterwork.modules.alerts.rules import CERTAINTIES, STATES, STEPS
from betterwork.modules.registry.models import Factory

STAFF = audiences(PROGRAMME)


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=STAFF,
    country=STAFF,
    factory=STAFF,
    kind=STAFF,
    certainty=STAFF,
    where=STAFF,
    raised_by=STAFF,
    raised_on=STAFF,
    raised_at=STAFF,
    told=STAFF,
    set_aside_person=STAFF,
    same=NOBODY,
    state=STAFF,
    taken_by=STAFF,
    asked_by=STAFF,
    clock_from=STAFF,
    answer_hours=STAFF,
    follow_up_hours=STAFF,
    answered_at=STAFF,
    followed_up_at=STAFF,
)
class Concern(models.Model):
    """What somebody suspects or saw that cannot wait. What she wrote is the item of the vault with this same id."""

    id = models.CharField(primary_key=True, max_length=32, editable=False)
    """Given by whoever raises it, so that a device's retries count once."""
    country = models.CharField(max_length=2)
    factory = models.ForeignKey(Factory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    certainty = models.CharField(max_length=12, choices=[(one, one) for one in CERTAINTIES])
    where = models.CharField(max_length=200, blank=True)
    """Where it was noticed, as opaque text: ``visit:<key>``, ``question:<CODE>``."""
    raised_by = models.CharField(max_length=64, db_index=True)
    raised_on = models.DateField()
    """The day on which it was noticed, as she or her device says."""
    raised_at = models.DateTimeField()
    """When it reached the platform. The clock runs from here."""
    told = models.PositiveSmallIntegerField()
    """How many persons were told at once."""
    set_aside_person = models.CharField(max_length=64, blank=True)
    """Somebody of the programme whom it is about, where she who raised it says so: she learns nothing of it."""
    same = models.CharField(max_length=200)
    """A salted, slow hash of all that was said, to know a retry from other content under the same id."""
    state = models.CharField(max_length=16, choices=[(one, one) for one in STATES])
    taken_by = models.CharField(max_length=64, blank=True)
    asked_by = models.CharField(max_length=64, blank=True)
    """Who asks for closing, while it is asked for."""
    clock_from = models.DateTimeField()
    """When it was raised, or reopened."""
    answer_hours = models.PositiveIntegerField()
    follow_up_hours = models.PositiveIntegerField()
    answered_at = models.DateTimeField(null=True, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["country", "state", "clock_from"], name="concerns_of_a_country")]

    def __str__(self) -> str:
        return f"concern {self.id}"


@seen_by(id=STAFF, concern=STAFF, number=STAFF, kind=STAFF, done_by=STAFF, done_at=STAFF)
class ConcernStep(models.Model):
    """One thing done about a concern. Its words, where it has any, are the item of the vault with this same id."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(one, one) for one in STEPS])
    done_by = models.CharField(max_length=64)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="steps_of_a_concern_in_order", fields=["concern", "number"])]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.number}"


@seen_by(
    id=STAFF,
    country=STAFF,
    person=STAFF,
    first=STAFF,
    last=STAFF,
    entered_by=STAFF,
    entered_at=STAFF,
    confirmed_at=STAFF,
    ended_by=STAFF,
    ended_at=STAFF,
)
class NamedPerson(models.Model):
    """Somebody who hears of the concerns of a country and answers them. Days are whole, both ends inside."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    person = models.CharField(max_length=64, db_index=True)
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    entered_by = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When she said that she knows. It counts before, too: a concern does not wait for it."""
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """Ended at this moment, before its last day."""

    class Meta:
        indexes = [models.Index(fields=["country", "person"], name="named_of_a_country")]
        constraints = [
            models.CheckConstraint(
                name="a_naming_ends_after_it_starts", condition=Q(last__isnull=True) | Q(last__gte=F("first"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.person}"
