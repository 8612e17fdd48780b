"""Work off the request: a report that somebody asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job


@job(title=_("Synthesis report made"), together=False, time_limit=timedelta(hours=1), attempts=3)
def report_job(context: JobContext, *, report: str) -> dict[str, Any]:
    """Make a report and keep it."""
    from betterwork.modules.reports.keeping import report_keep

    report_keep(actor=context.actor, report=report, at=context.at, progress=context.progress)
    return {}
