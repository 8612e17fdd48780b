"""What the room does on its own: sweeping pieces of files at night."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.schedules import daily
from betterwork.modules.capture.uploading import uploads_sweep


@job(title=_("Take away pieces of photos that are complete"), together=False)
def uploads_sweep_job(context: JobContext) -> dict[str, int]:
    """Sweep; doing it twice takes nothing more."""
    return {"pieces": uploads_sweep(before=context.at - timedelta(days=1))}


daily("capture.uploads.sweep", at=time(2, 45), zone="UTC", task=uploads_sweep_job)
