"""What the room does on its own: sweeping at night."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.files.services import files_sweep
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.schedules import daily
from betterwork.foundation.ledger.rules import OPERATOR


@job(title=_("Take away files that nothing names any more"), together=False)
def files_sweep_job(context: JobContext) -> dict[str, int]:
    """Sweep; doing it twice takes nothing more."""
    swept = files_sweep(actor=OPERATOR, at=context.at)
    return {"files": len(swept.digests), "unfinished": swept.unfinished}


daily("files.sweep", at=time(2, 30), zone="UTC", task=files_sweep_job)
