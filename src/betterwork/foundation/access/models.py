"""Roles given and access taken. Which roles exist stands in ``doors.roles``."""

from __future__ import annotations

import uuid_utils
from django.db import models

from betterwork.foundation.access.rules import NOT_NEEDED
from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import (
    ASSESSING_TEAM,
    NOBODY,
    OWN_PERSON,
    PROGRAMME,
    SURVEY_CUSTODIAN,
    audiences,
)

STAFF_AND_SHE = audiences(PROGRAMME, OWN_PERSON)
OWNERS_TOO = audiences(PROGRAMME, OWN_PERSON, ASSESSING_TEAM, SURVEY_CUSTODIAN)
"""Whoever owns what was opened sees who opened it, as what and why."""


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


@seen_by(
    id=STAFF_AND_SHE,
    person=STAFF_AND_SHE,
    role=STAFF_AND_SHE,
    scope=STAFF_AND_SHE,
    starts=STAFF_AND_SHE,
    ends=STAFF_AND_SHE,
    reason=audiences(PROGRAMME),
    given_by=STAFF_AND_SHE,
    given_at=STAFF_AND_SHE,
    second=STAFF_AND_SHE,
    confirmed_by=STAFF_AND_SHE,
    confirmed_at=STAFF_AND_SHE,
    ended_by=STAFF_AND_SHE,
    ended_at=STAFF_AND_SHE,
    end_reason=audiences(PROGRAMME),
)
class Grant(models.Model):
    """A role over a scope for a period. Persons are named by their opaque ids."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    person = models.CharField(max_length=64, db_index=True)
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=100)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    given_by = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    second = models.CharField(max_length=12, default=NOT_NEEDED)
    """Whether a second person must confirm it, as it was decided when it was given: see ``rules.second_person``."""
    confirmed_by = models.CharField(max_length=64, blank=True)
    """Who confirmed it as the second person; empty while it waits. One that needs none names its giver."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=64, blank=True)
    """Who ended it before its time, or refused it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_grant_ends_after_it_starts",
                condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} over {self.scope}"


@seen_by(
    id=OWNERS_TOO,
    person=OWNERS_TOO,
    role=OWNERS_TOO,
    scope=OWNERS_TOO,
    purpose=OWNERS_TOO,
    reason=OWNERS_TOO,
    starts=OWNERS_TOO,
    ends=OWNERS_TOO,
    ended_at=OWNERS_TOO,
    ended_by=OWNERS_TOO,
)
class Elevation(models.Model):
    """Access taken for a short time, for a reason: a role over a scope, or one purpose (``vault <item>``)."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    person = models.CharField(max_length=64, db_index=True)
    role = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_elevation_has_a_reason_and_an_end",
                condition=models.Q(ends__gt=models.F("starts")) & ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="an_elevation_is_a_role_or_a_purpose",
                condition=(models.Q(purpose="") & ~models.Q(role="")) | (~models.Q(purpose="") & models.Q(role="")),
            ),
        ]

    def __str__(self) -> str:
        return self.purpose or f"{self.role} over {self.scope}"


@seen_by(id=NOBODY, elevation=OWNERS_TOO, person=OWNERS_TOO)
class ElevationOwner(models.Model):
    """An owner of what an elevation opens, who was told of it and may read it and end it."""

    elevation = models.ForeignKey(Elevation, on_delete=models.CASCADE, related_name="owners")
    person = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="an_owner_is_told_once", fields=["elevation", "person"])]

    def __str__(self) -> str:
        return f"{self.person} of {self.elevation_id}"
