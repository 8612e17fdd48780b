"""Running one job that was taken, and telling how it ended."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.events.plain import error_place, error_words
from betterwork.foundation.jobs.context import Clock, JobContext
from betterwork.foundation.jobs.declaring import JobTask, NoSuchJob, task_called
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.pulse import Pulse, TimeLimitPassed, time_limit
from betterwork.foundation.jobs.rules import DONE, FAILED, LOST, again_at
from betterwork.foundation.jobs.services import Claim, LeaseLost, job_done, job_failed, job_put_back

logger = logging.getLogger("betterwork.jobs")
TOOK_TOO_LONG = gettext_noop("It took longer than it may and was ended.")


class NotAgain(BetterWorkError):
    """Raised by a job that would fail in every attempt: it is not tried again. The message is for people."""


class WorkerStops(BaseException):
    """The worker was told twice to stop: what runs is rolled back and waits again."""


def job_run(job: Job, *, lease: timedelta, clock: Clock, pulse: bool = True) -> str:
    """Run a job that :func:`job_claim` took; return how the attempt ended: done, failed or lost.

    ``pulse`` off: no sign of life and no time limit, for tests that run jobs in their own transaction.
    Raises :class:`WorkerStops` after it put the job back.
    """
    claim = Claim(job.pk, job.worker, job.attempt)
    task = None
    assert job.started_at is not None
    context = JobContext(claim=claim, actor=job.actor, at=job.started_at, clock=clock, lease=lease)
    try:
        task = task_called(job.task)
        beating = Pulse(context, lease=lease, limit=task.time_limit, clock=clock) if pulse else nullcontext()
        limited = time_limit(task.time_limit) if pulse else nullcontext(lambda: None)
        with translation.override("en"), beating, limited as limit_off:
            if task.together:
                with transaction.atomic():
                    result = _call(task, context, job.arguments)
                    limit_off()
                    job_done(claim=claim, result=result, progress=context.said, at=clock())
            else:
                result = _call(task, context, job.arguments)
                limit_off()
                job_done(claim=claim, result=result, progress=context.said, at=clock())
    except LeaseLost:
        logger.warning("the lease was lost: another worker has the job", extra={"job": str(job.pk)})
        return LOST
    except (WorkerStops, KeyboardInterrupt):
        job_put_back(claim=claim, at=clock())
        raise
    except BaseException as error:  # noqa: BLE001 — whatever a job raises, SystemExit too, ends its attempt and not the worker
        return _failed(job, task, claim, error, clock)
    logger.info("job %s done, attempt %s", job.task, job.attempt, extra={"job": str(job.pk)})
    return DONE


def _call(task: JobTask[..., Any], context: JobContext, arguments: dict[str, Any]) -> Any:
    return task.func(context, **arguments) if task.takes_context else task.func(**arguments)


def _failed(job: Job, task: JobTask[..., Any] | None, claim: Claim, error: BaseException, clock: Clock) -> str:
    at = clock()
    again = None
    if task is not None and not isinstance(error, NotAgain | NoSuchJob):
        again = again_at(
            attempt=job.attempt,
            allowed=job.attempts_allowed,
            first=task.first_wait,
            longest=task.longest_wait,
            at=at,
        )
    logger.error(
        "job %s failed in attempt %s of %s: %s",
        job.task,
        job.attempt,
        job.attempts_allowed,
        error_place(error),
        extra={"job": str(job.pk)},
    )
    problem = TOOK_TOO_LONG if isinstance(error, TimeLimitPassed) else error_words(error)
    return FAILED if job_failed(claim=claim, problem=problem, again=again, at=at) else LOST
