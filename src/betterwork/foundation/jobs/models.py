"""Jobs, their attempts and steps, and when schedules run next."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.jobs.rules import RUNNING, STATES, WAITING

_PROGRAMME = audiences(PROGRAMME)


def job_id() -> Any:
    """A new id: it grows with time, so rows written together lie together."""
    return uuid7()


@seen_by(
    id=_PROGRAMME,
    task=_PROGRAMME,
    queue=_PROGRAMME,
    priority=_PROGRAMME,
    key=_PROGRAMME,
    actor=audiences(PROGRAMME, OWN_PERSON),
    arguments=NOBODY,
    state=_PROGRAMME,
    enqueued_at=_PROGRAMME,
    due_at=_PROGRAMME,
    started_at=_PROGRAMME,
    finished_at=_PROGRAMME,
    attempt=_PROGRAMME,
    attempts_allowed=_PROGRAMME,
    worker=NOBODY,
    lease_until=_PROGRAMME,
    progress_done=_PROGRAMME,
    progress_of=_PROGRAMME,
    progress_words=_PROGRAMME,
    problem=_PROGRAMME,
    result=NOBODY,
)
class Job(models.Model):
    """One request to run a function. ``attempt`` grows with each run and, with ``worker``, says whose it is."""

    id = models.UUIDField(primary_key=True, default=job_id, editable=False)
    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0)
    key = models.CharField(max_length=120, blank=True)
    actor = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=WAITING, choices=[(state, state) for state in STATES])
    enqueued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    attempts_allowed = models.PositiveIntegerField()
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_of = models.PositiveBigIntegerField(default=0)
    progress_words = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="what_waits_is_not_enqueued_twice",
                fields=["task", "key"],
                condition=Q(state=WAITING) & ~Q(key=""),
            ),
            models.CheckConstraint(
                name="a_running_job_has_a_lease",
                condition=~Q(state=RUNNING) | Q(lease_until__isnull=False) & ~Q(worker=""),
            ),
        ]
        indexes = [
            models.Index(F("priority").desc(), "due_at", "id", name="jobs_to_take", condition=Q(state=WAITING)),
            models.Index(name="jobs_leases", fields=["lease_until"], condition=Q(state=RUNNING)),
            models.Index(name="jobs_by_state", fields=["state", "-enqueued_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"


@seen_by(
    id=_PROGRAMME,
    job=_PROGRAMME,
    number=_PROGRAMME,
    started_at=_PROGRAMME,
    ended_at=_PROGRAMME,
    outcome=_PROGRAMME,
    problem=_PROGRAMME,
)
class Attempt(models.Model):
    """One run of a job, and how it ended."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="attempts_are_numbered", fields=["job", "number"])]

    def __str__(self) -> str:
        return f"{self.job_id} attempt {self.number}"


@seen_by(id=_PROGRAMME, job=_PROGRAMME, name=_PROGRAMME, done_at=_PROGRAMME)
class Step(models.Model):
    """The mark that a part of a job was done, written with that part."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=120)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="a_step_is_done_once", fields=["job", "name"])]

    def __str__(self) -> str:
        return f"{self.job_id} step {self.name}"


@seen_by(name=_PROGRAMME, when=_PROGRAMME, next_at=_PROGRAMME, last_at=_PROGRAMME)
class Schedule(models.Model):
    """When a declared schedule runs next. ``when`` is the declaration it was computed from."""

    name = models.CharField(max_length=120, primary_key=True)
    when = models.CharField(max_length=80)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
