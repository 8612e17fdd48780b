"""What this room does on its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import OPERATOR_ID
from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.modules.alerts.services import overdue_remind, words_tidy


@job(title=_("Erase words whose step never came"), together=False)
def words_tidy_job(context: JobContext) -> dict[str, int]:
    """Words that a power cut or a refused form left behind, a day later; doing it twice changes nothing."""
    return {"erased": words_tidy(actor=OPERATOR_ID, at=context.at)}


@job(title=_("Tell whose concerns are overdue"), together=False)
def overdue_remind_job(context: JobContext) -> dict[str, int]:
    """Each is told once for each time that is over; doing it twice tells nobody twice."""
    return {"told": overdue_remind(at=context.at)}
