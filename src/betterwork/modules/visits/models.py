"""Visits, who goes, who was told before arrival, plans, and the time that visits take."""

from __future__ import annotations

import secrets

import uuid_utils
from django.db import models
from django.db.models import F, Q

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import (
    ASSESSING_TEAM,
    AUTHORITY,
    COMMITTEE,
    FACTORY,
    NOBODY,
    OWN_PERSON,
    PROGRAMME,
    audiences,
)
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.rules import (
    ACTIVITIES,
    ASSESSMENT,
    CANCELLED,
    DONE,
    KINDS,
    LEAD,
    MAKING,
    MOST_MINUTES,
    PARTS,
    PLAN_STATES,
    PLANNED,
    PROPOSED,
    STATES,
    UNDER_WAY,
)

STAFF = audiences(PROGRAMME)
TEAM = audiences(PROGRAMME, ASSESSING_TEAM, AUTHORITY)
"""The programme's people and the inspectors who come along."""
ARRIVED = audiences(PROGRAMME, ASSESSING_TEAM, AUTHORITY, FACTORY, COMMITTEE)
"""The same and, once it may be known there at all, the people of the factory."""


def new_id() -> str:
    """An opaque id that grows with time."""
    return uuid_utils.uuid7().hex


def new_salt() -> str:
    """Chance that nobody guesses, so that a digest in the trail says nothing of what it stands for."""
    return secrets.token_hex(16)


@seen_by(
    id=STAFF,
    country=STAFF,
    first_day=STAFF,
    last_day=STAFF,
    state=STAFF,
    job=STAFF,
    problem_digest=STAFF,
    quality=STAFF,
    unplaced=STAFF,
    trouble=STAFF,
    aside_why=STAFF,
    made_by=STAFF,
    made_at=STAFF,
    ended_at=STAFF,
)
class Plan(models.Model):
    """A proposal of assessment visits for some weeks of a country. Days are whole, both ends inside."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=12, default=MAKING)
    job = models.CharField(max_length=40, blank=True)
    problem_digest = models.CharField(max_length=64, blank=True)
    """Of all that the plan was made from: the same plan comes of the same."""
    quality = models.JSONField(default=dict, blank=True)
    unplaced = models.JSONField(default=list, blank=True)
    """Factories without a visit: {"factory", "rule", "cause", "detail", "also", "instead"} of each."""
    trouble = models.CharField(max_length=500, blank=True)
    """Why no plan could be made at all."""
    aside_why = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_plan_ends_after_it_starts", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(name="a_plan_has_a_state", condition=Q(state__in=sorted(PLAN_STATES))),
            models.UniqueConstraint(
                name="one_plan_of_a_country_is_made_or_looked_at",
                fields=["country"],
                condition=Q(state__in=("making", "proposed")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.first_day}"


@seen_by(
    id=TEAM,
    country=ARRIVED,
    factory=ARRIVED,
    kind=ARRIVED,
    first_day=ARRIVED,
    last_day=ARRIVED,
    unannounced=TEAM,
    joint=TEAM,
    state=ARRIVED,
    plan=STAFF,
    why=STAFF,
    overruled=STAFF,
    overruled_why=STAFF,
    arrived_on=ARRIVED,
    arrived_at=STAFF,
    arrived_by=STAFF,
    done_at=STAFF,
    done_by=STAFF,
    cancelled_at=STAFF,
    cancelled_by=STAFF,
    cancelled_why=STAFF,
    made_by=STAFF,
    made_at=STAFF,
    salt=NOBODY,
)
class Visit(models.Model):
    """A visit to a factory on whole days, both ends inside. ``id`` is its opaque key.

    An unannounced one is nobody's business before ``arrived_at``, but for those whom ``policy`` names.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    factory = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    first_day = models.DateField()
    last_day = models.DateField()
    unannounced = models.BooleanField(default=True)
    joint = models.BooleanField(default=False)
    """Together with the labour inspectorate."""
    state = models.CharField(max_length=12, default=PLANNED)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    why = models.JSONField(default=list, blank=True)
    """Why the plan proposed it so: {"because", "detail"} of each reason, for ``words.reason_words``."""
    overruled = models.JSONField(default=list, blank=True)
    """The rules that somebody overruled, by their codes."""
    overruled_why = models.TextField(blank=True)
    arrived_on = models.DateField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    """When arrival was recorded: there the secrecy ends."""
    arrived_by = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=64, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=64, blank=True)
    cancelled_why = models.TextField(blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    salt = models.CharField(max_length=32, default=new_salt, editable=False)

    class Meta:
        indexes = [
            models.Index(name="visits_by_day", fields=["country", "first_day", "last_day"]),
            models.Index(name="visits_of_a_factory", fields=["factory", "kind", "state", "last_day"]),
        ]
        constraints = [
            models.CheckConstraint(name="a_visit_ends_after_it_starts", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(name="a_visit_has_a_kind", condition=Q(kind__in=sorted(KINDS))),
            models.CheckConstraint(name="a_visit_has_a_state", condition=Q(state__in=sorted(STATES))),
            models.CheckConstraint(
                name="what_is_proposed_is_of_a_plan", condition=~Q(state=PROPOSED) | Q(plan__isnull=False)
            ),
            models.CheckConstraint(
                name="who_is_under_way_has_arrived",
                condition=Q(state__in=(PROPOSED, PLANNED), arrived_at__isnull=True, arrived_on__isnull=True)
                | Q(state__in=(UNDER_WAY, DONE), arrived_at__isnull=False, arrived_on__isnull=False)
                | Q(state=CANCELLED),
            ),
            models.CheckConstraint(
                name="what_is_cancelled_says_why",
                condition=Q(state=CANCELLED, cancelled_at__isnull=False) & ~Q(cancelled_why="")
                | ~Q(state=CANCELLED) & Q(cancelled_at__isnull=True, cancelled_why=""),
            ),
            models.CheckConstraint(name="what_is_overruled_says_why", condition=Q(overruled=[]) | ~Q(overruled_why="")),
            models.UniqueConstraint(
                name="one_assessment_to_come_of_a_factory",
                fields=["factory"],
                condition=Q(kind=ASSESSMENT, state__in=(PLANNED, UNDER_WAY)),
            ),
            models.UniqueConstraint(
                name="a_plan_proposes_a_factory_once", fields=["plan", "factory"], condition=Q(state=PROPOSED)
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"


@seen_by(
    id=STAFF,
    visit=TEAM,
    person=TEAM,
    part=TEAM,
    added_by=STAFF,
    added_at=STAFF,
    left_by=STAFF,
    left_at=STAFF,
    left_why=STAFF,
)
class VisitMember(models.Model):
    """Somebody of the team of a visit, from when she was named until she was taken off it."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="members")
    person = models.CharField(max_length=64, db_index=True)
    part = models.CharField(max_length=12)
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    left_by = models.CharField(max_length=64, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_member_has_a_part", condition=Q(part__in=sorted(PARTS))),
            models.UniqueConstraint(
                name="nobody_is_twice_in_a_team", fields=["visit", "person"], condition=Q(left_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="one_leads_a_visit", fields=["visit"], condition=Q(left_at__isnull=True, part=LEAD)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.visit_id}"


@seen_by(id=STAFF, visit=STAFF, person=STAFF, why=STAFF, told_by=STAFF, told_at=STAFF)
class Told(models.Model):
    """Somebody outside the team who needs to know of a visit before arrival, and why."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="told")
    person = models.CharField(max_length=64, db_index=True)
    why = models.TextField()
    told_by = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="nobody_is_told_twice", fields=["visit", "person"])]

    def __str__(self) -> str:
        return f"told of {self.visit_id}"


_TIME = audiences(PROGRAMME, OWN_PERSON)


@seen_by(id=_TIME, visit=_TIME, person=_TIME, day=_TIME, minutes=_TIME, activity=_TIME, entered_at=_TIME)
class TimeSpent(models.Model):
    """The minutes that a person spent on a visit on one day with one activity."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="time")
    person = models.CharField(max_length=64, db_index=True)
    day = models.DateField()
    minutes = models.PositiveIntegerField()
    activity = models.CharField(max_length=12)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="time_of_a_day_is_entered_once", fields=["visit", "person", "day", "activity"]
            ),
            models.CheckConstraint(
                name="a_day_has_its_minutes", condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES)
            ),
            models.CheckConstraint(name="time_has_an_activity", condition=Q(activity__in=sorted(ACTIVITIES))),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes"
