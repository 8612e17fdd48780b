"""The job that mails what is due."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.notices.mailing import digests_send


@job(title=_("Mail notices"), together=False, first_wait=timedelta(minutes=1))
def mails_job(context: JobContext) -> dict[str, int]:
    """Mail what is due; each person by herself."""
    sent = digests_send(at=context.at)
    return {"mails": sent.mails, "failed": sent.failed}


def mails_wake() -> None:
    """After a commit that told somebody of something urgent. It may fail: the schedule looks by itself."""
    job_enqueue(task=mails_job, key="notices.mail", at=timezone.now())
