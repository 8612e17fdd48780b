"""Reading jobs: the list, one of them with its history, the schedules, the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.declaring import title_of
from betterwork.foundation.jobs.models import Attempt, Job, Schedule
from betterwork.foundation.jobs.rules import FAILED, RUNNING, STATES, WAITING, Daily, Every
from betterwork.foundation.jobs.schedules import SCHEDULES


@dataclass(frozen=True, slots=True)
class JobsFigures:
    """How the jobs stand: how many wait, run, have failed; for how long the oldest that is due has waited."""

    waiting: int
    running: int
    failed: int
    oldest_waiting_seconds: float


@dataclass(frozen=True, slots=True)
class ScheduleShown:
    """When a schedule runs next."""

    name: str
    title: Any
    when: str
    next_at: datetime
    last_at: datetime | None
    minutes: int = 0
    clock: str = ""
    zone: str = ""


def jobs_figures(*, at: datetime) -> JobsFigures:
    """Figures for the metrics: one query."""
    found = Job.objects.filter(state__in=(WAITING, RUNNING, FAILED)).aggregate(
        waiting=Count("pk", filter=Q(state=WAITING)),
        running=Count("pk", filter=Q(state=RUNNING)),
        failed=Count("pk", filter=Q(state=FAILED)),
        oldest=Min("due_at", filter=Q(state=WAITING, due_at__lte=at)),
    )
    age = (at - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return JobsFigures(found["waiting"], found["running"], found["failed"], age)


def jobs_list(*, state: str = "", most: int = 100) -> list[Job]:
    """Jobs, newest first. Raises WrongUse for a state that is none."""
    if state and state not in STATES:
        raise WrongUse(f"no job is {state!r}: {', '.join(STATES)}")
    rows = Job.objects.order_by("-enqueued_at", "-id")
    return list((rows.filter(state=state) if state else rows)[:most])


def job_found(given: str) -> Job:
    """The job of an id, or of the first characters of one when they fit one job only. Raises WrongUse."""
    text = given.strip().lower().replace("-", "")
    if not 8 <= len(text) <= 32 or not set(text) <= set("0123456789abcdef"):
        raise WrongUse(f"{given!r} is no id of a job: betterwork jobs list shows them")
    found = list(
        Job.objects.filter(pk__gte=UUID(text.ljust(32, "0")), pk__lte=UUID(text.ljust(32, "f"))).order_by("pk")[:2]
    )
    if len(found) != 1:
        raise WrongUse(f"{'several jobs have' if found else 'no job has'} the id {given}: write it whole")
    return found[0]


def attempts_of(job: Job) -> list[Attempt]:
    """The attempts of a job, the last first."""
    return list(Attempt.objects.filter(job=job).order_by("-number"))


def schedules_list(*, at: datetime) -> list[ScheduleShown]:
    """Every schedule that is declared, the next to run first."""
    stored = {row.name: row for row in Schedule.objects.all()}
    shown = []
    for name, one in SCHEDULES.items():
        row = stored.get(name)
        current = row if row is not None and row.when == str(one.when) else None
        shown.append(
            ScheduleShown(
                name=name,
                title=title_of(one.task.module_path),
                when=str(one.when),
                next_at=current.next_at if current else one.when.next_after(at),
                last_at=row.last_at if row else None,
                minutes=one.when.minutes if isinstance(one.when, Every) else 0,
                clock=f"{one.when.clock:%H:%M}" if isinstance(one.when, Daily) else "",
                zone=one.when.zone if isinstance(one.when, Daily) else "",
            )
        )
    return sorted(shown, key=lambda one: (one.next_at, one.name))


def jobs_of_actor(*, person: str) -> list[dict[str, Any]]:
    """What a person asked for, in plain values, oldest first."""
    rows = Job.objects.filter(actor=person).order_by("enqueued_at", "id")
    return [{"job": str(title_of(one.task)), "asked": one.enqueued_at.isoformat(), "state": one.state} for one in rows]
