"""What the vault does on its own: finishing what a power cut left."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.schedules import every
from betterwork.foundation.vault.services import vault_settle


@job(title=_("Finish changes of the vault that were cut off"), together=False)
def vault_settle_job(context: JobContext) -> dict[str, int]:
    """Make what was decided, drop what was not; doing it twice changes nothing."""
    return {"settled": vault_settle(at=context.at)}


every("vault.settle", minutes=15, task=vault_settle_job)
