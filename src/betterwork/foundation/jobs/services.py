"""Enqueuing jobs, and every mark that their running makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.events.plain import plain_check, without_addresses
from betterwork.foundation.jobs.declaring import JobTask, task_called
from betterwork.foundation.jobs.models import Attempt, Job, Schedule, Step
from betterwork.foundation.jobs.rules import (
    AFTER_A_LOSS,
    CANCELLED,
    DONE,
    FAILED,
    KEEP_DONE,
    KEEP_FAILED,
    LOST,
    RUNNING,
    STOPPED,
    WAITING,
    Progress,
)
from betterwork.foundation.jobs.schedules import SCHEDULES
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.rules import id_check

PLATFORM = "platform"
"""The actor of what the clock begins and what the platform does by itself."""

WORKER_DIED = gettext_noop("The worker stopped while it did this.")
WORKER_DIED_TOO_OFTEN = gettext_noop("The worker stopped each time while it did this; it is not tried again.")
ANOTHER_WAITS = gettext_noop("Not needed any more: another one that does the same waits already.")


class LeaseLost(BetterWorkError):
    """The worker was taken for dead and another one has the job: nothing of this attempt may be kept."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a running job is. Every mark is made under a claim and refused when it lapsed."""

    job: UUID
    worker: str
    attempt: int


def job_enqueue(
    *,
    task: JobTask[..., Any],
    at: datetime,
    actor: str = PLATFORM,
    arguments: Mapping[str, Any] | None = None,
    key: str = "",
    due_at: datetime | None = None,
    priority: int | None = None,
) -> Job:
    """Ask for a job to be run, in the caller's transaction, and return it.

    With a ``key``, a job of the same kind and key that waits already is returned instead of a new one. Not run before
    ``due_at``. Raises WrongUse for arguments that are not plain or look like an e-mail address.
    """
    id_check(actor)
    given = dict(arguments or {})
    plain_check(given, where=f"arguments of {task.name}")
    plain_check(key, where=f"key of {task.name}")
    for _try in range(5):
        same = Job.objects.filter(task=task.module_path, key=key, state=WAITING) if key else Job.objects.none()
        waiting = same.first()
        if waiting is not None:
            if waiting.attempt == 0 and (due_at or at) < waiting.due_at:
                same.filter(pk=waiting.pk).update(due_at=due_at or at)
            return waiting
        try:
            with transaction.atomic():
                return Job.objects.create(
                    task=task.module_path,
                    queue=task.queue_name,
                    priority=task.priority if priority is None else priority,
                    key=key,
                    actor=actor,
                    arguments=given,
                    enqueued_at=at,
                    due_at=due_at or task.run_after or at,
                    attempts_allowed=task.attempts,
                )
        except IntegrityError:  # another one was enqueued meanwhile, and perhaps taken already
            if not key:
                raise
    raise BetterWorkError(f"{task.name} could not be enqueued: others with the same key come and go too fast")


def job_claim(*, worker: str, lease: timedelta, at: datetime) -> Job | None:
    """Take the next job that is due, the most urgent first; None when there is none. A short transaction of its own."""
    due = Job.objects.filter(state=WAITING, due_at__lte=at).order_by("-priority", "due_at", "id")
    if not due.exists():  # without asking to write: on SQLite that would make others wait
        return None
    with transaction.atomic():
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.state, job.worker, job.attempt = RUNNING, worker, job.attempt + 1
        job.lease_until, job.started_at, job.finished_at = at + lease, at, None
        job.progress_done, job.progress_of, job.progress_words, job.problem = 0, 0, "", ""
        job.save()
        Attempt.objects.create(job=job, number=job.attempt, started_at=at)
    return job


def job_beat(*, claim: Claim, lease_until: datetime, progress: Progress | None) -> bool:
    """Show that a job's worker lives, and how far it is. False when the lease was lost."""
    seen = {} if progress is None else _progress_columns(progress)
    return bool(_held(claim).update(lease_until=lease_until, **seen))


def job_done(*, claim: Claim, result: Any, progress: Progress | None, at: datetime) -> None:
    """Mark a job as done; in the transaction of what it wrote, where it writes together.

    Raises :class:`LeaseLost`, so that what it wrote is rolled back, and WrongUse for a result that is not plain.
    """
    plain_check(result, where="the result of the job")
    seen = {} if progress is None else _progress_columns(progress)
    with transaction.atomic():
        if not _held(claim).update(state=DONE, result=result, finished_at=at, lease_until=None, problem="", **seen):
            raise LeaseLost("the job is another worker's by now")
        _attempt_ended(claim, outcome=DONE, problem="", at=at)


def job_failed(*, claim: Claim, problem: str, again: datetime | None, at: datetime) -> bool:
    """Mark an attempt as failed; the job waits until ``again``, or failed for good. False when the lease was lost."""
    with transaction.atomic():
        job = _held(claim).select_for_update().first()
        if job is None:
            return False
        job.problem = without_addresses(problem)
        _attempt_ended(claim, outcome=FAILED, problem=job.problem, at=at)
        _wait_or_fail(job, again=again, at=at)
    return True


def job_put_back(*, claim: Claim, at: datetime) -> bool:
    """Let a job wait again at once because its worker was told to stop. False when the lease was lost."""
    with transaction.atomic():
        job = _held(claim).select_for_update().first()
        if job is None:
            return False
        job.attempts_allowed += 1
        _attempt_ended(claim, outcome=STOPPED, problem="", at=at)
        _wait_or_fail(job, again=at, at=at)
    return True


def jobs_rescue(*, at: datetime) -> int:
    """Let jobs wait again whose workers show no sign of life; return how many. The lost attempt counts as one."""
    lapsed = Job.objects.filter(state=RUNNING, lease_until__lt=at)
    if not lapsed.exists():
        return 0
    with transaction.atomic():
        jobs = list(lapsed.select_for_update(skip_locked=True).order_by("id")[:100])
        for job in jobs:
            tried_out = job.attempt >= job.attempts_allowed
            job.problem = WORKER_DIED_TOO_OFTEN if tried_out else WORKER_DIED
            _attempt_ended(Claim(job.pk, job.worker, job.attempt), outcome=LOST, problem=WORKER_DIED, at=at)
            _wait_or_fail(job, again=None if tried_out else at + AFTER_A_LOSS, at=at)
    return len(jobs)


def step_done(*, claim: Claim, name: str, lease_until: datetime, progress: Progress | None, at: datetime) -> None:
    """Mark a step of a job as done, in the transaction of the step. Raises :class:`LeaseLost`.

    A sign of life too: on SQLite a job that hastens from step to step leaves no gap for another to be written.
    """
    Step.objects.create(job_id=claim.job, name=name, done_at=at)
    if not job_beat(claim=claim, lease_until=lease_until, progress=progress):
        raise LeaseLost("the job is another worker's by now")


@audited(
    "jobs.job.run-again",
    subject=lambda job: f"job {job.pk}",
    state=lambda job: {"task": job.task, "state": job.state, "attempt": job.attempt},
    of="job",
)
def job_retry(*, actor: str, job: Job, at: datetime) -> Job:
    """Run a failed or called-off job again, with as many attempts as it had at first.

    Raises WrongUse for a job that is in no such state, or while another one with its key waits.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in {FAILED, CANCELLED}:
        raise WrongUse(f"this job is {job.state}: only one that failed or was called off is run again")
    job.state, job.due_at, job.finished_at = WAITING, at, None
    job.attempts_allowed = job.attempt + task_called(job.task).attempts
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError as error:
        raise WrongUse("another job that does the same waits already: nothing to run again") from error
    return job


@audited(
    "jobs.job.called-off",
    subject=lambda job: f"job {job.pk}",
    state=lambda job: {"task": job.task, "state": job.state, "attempt": job.attempt},
    of="job",
)
def job_cancel(*, actor: str, job: Job, at: datetime) -> Job:
    """Call off a job that waits. Raises WrongUse for one that began, which cannot be called off."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != WAITING:
        raise WrongUse(f"this job is {job.state}: only one that waits can be called off")
    job.state, job.finished_at, job.lease_until = CANCELLED, at, None
    job.save()
    return job


def schedules_enqueue(*, at: datetime) -> int:
    """Enqueue what the schedules have due, each run once; return how many jobs.

    Who moves a schedule's next moment enqueues its job, in one transaction; of several workers one succeeds. Runs
    that were missed while no worker ran are made up once. A schedule that is new, or declared otherwise than
    before, begins with its next moment.
    """
    stored = {one.name: one for one in Schedule.objects.all()}
    count = 0
    for name, one in sorted(SCHEDULES.items()):
        row, when = stored.get(name), str(one.when)
        after = one.when.next_after(at)
        if row is None:
            Schedule.objects.bulk_create([Schedule(name=name, when=when, next_at=after)], ignore_conflicts=True)
        elif row.when != when:
            Schedule.objects.filter(name=name, when=row.when).update(when=when, next_at=after)
        elif row.next_at <= at:
            with transaction.atomic():
                mine = Schedule.objects.filter(name=name, when=when, next_at=row.next_at)
                if mine.update(next_at=after, last_at=row.next_at):
                    job_enqueue(task=one.task, arguments=one.arguments, key=f"schedule {name}", at=at)
                    count += 1
    return count


def jobs_prune(*, at: datetime) -> int:
    """Delete what ended long ago: done and called off after 30 days, failed after 180; return how many jobs."""
    old = Q(state__in=(DONE, CANCELLED), finished_at__lt=at - KEEP_DONE)
    old |= Q(state=FAILED, finished_at__lt=at - KEEP_FAILED)
    return Job.objects.filter(old).delete()[1].get(Job._meta.label, 0)


def actor_forget(*, person_id: str, at: datetime) -> int:
    """Take a person's id off the jobs that she asked for; return how many."""
    return Job.objects.filter(actor=person_id).update(actor="erased")


def _held(claim: Claim) -> Any:
    return Job.objects.filter(pk=claim.job, worker=claim.worker, attempt=claim.attempt, state=RUNNING)


def _progress_columns(progress: Progress) -> dict[str, Any]:
    words = without_addresses(progress.words)[:200]
    return {"progress_done": progress.done, "progress_of": progress.of, "progress_words": words}


def _attempt_ended(claim: Claim, *, outcome: str, problem: str, at: datetime) -> None:
    mine = Attempt.objects.filter(job_id=claim.job, number=claim.attempt)
    mine.update(ended_at=at, outcome=outcome, problem=problem)


def _wait_or_fail(job: Job, *, again: datetime | None, at: datetime) -> None:
    """Let a job that ran wait until ``again``, or fail; call it off where another with its key waits already."""
    job.worker, job.lease_until = "", None
    if again is None:
        job.state, job.finished_at = FAILED, at
        job.save()
        return
    job.state, job.due_at = WAITING, again
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        job.state, job.finished_at, job.problem = CANCELLED, at, ANOTHER_WAITS
        job.save()
