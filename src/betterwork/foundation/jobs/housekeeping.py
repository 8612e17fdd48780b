"""The jobs of this room itself: delivering events, and forgetting what ended long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.events.services import events_deliver, subscriptions_settle
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.services import job_enqueue, jobs_prune


@job(title=_("Hand out events"), together=False, priority=10, first_wait=timedelta(seconds=5))
def events_deliver_job(context: JobContext) -> dict[str, int]:
    """Hand out the events that are due; each handler commits by itself."""
    delivered = events_deliver(at=context.at)
    return {"handled": delivered.handled, "failed": delivered.failed}


@job(title=_("Look for events that a subscriber is still owed"), together=False)
def events_settle_job(context: JobContext) -> dict[str, int]:
    """Write what is owed to subscribers and was not known to be."""
    return {"owed": subscriptions_settle(at=context.at)}


@job(title=_("Forget jobs that ended long ago"))
def jobs_prune_job(context: JobContext) -> dict[str, int]:
    """Delete old jobs."""
    return {"forgotten": jobs_prune(at=context.at)}


def events_wake(*, at: datetime) -> None:
    """Enqueue the delivery of events, unless it waits already."""
    job_enqueue(task=events_deliver_job, key="events", at=at)


def events_published() -> None:
    """After a commit that published. It may fail: the worker looks by itself every second."""
    events_wake(at=timezone.now())
