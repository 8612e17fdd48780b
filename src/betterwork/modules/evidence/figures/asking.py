"""Asking for the tables of a window. Light: pages call it; what computes stands in ``services``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.declaring import task_called
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.evidence.models import Asked

ASKED = "evidence.window.asked"
ASKED_JOB = "betterwork.modules.evidence.jobs.asked_job"
"""Called by its path: what computes must not be imported where pages are made."""


def _asked_state(asked: Asked) -> dict[str, Any]:
    return {
        "country": asked.country,
        "from": asked.starts.isoformat() if asked.starts else None,
        "to": asked.ends.isoformat() if asked.ends else None,
        "cycle": asked.cycle,
    }


@audited(ASKED, subject=str, state=_asked_state)
def window_ask(
    *, actor: str, country: str, starts: date | None, ends: date | None, cycle: int | None, at: datetime
) -> Asked:
    """Ask for the tables of a window of days (both inside), or a cycle, or both; a job makes them.

    Raises :class:`WrongUse` for a window that ends before it begins, or one that asks for nothing.
    """
    if starts is None and ends is None and cycle is None:
        raise WrongUse(_("Choose a first or last day, or a cycle: the latest assessments stand on the page already."))
    if starts and ends and starts > ends:
        raise WrongUse(_("The last day comes before the first."))
    if cycle is not None and not 1 <= cycle <= 1000:
        raise WrongUse(_("Cycles are numbered from 1."))
    asked = Asked(country=country, starts=starts, ends=ends, cycle=cycle, asked_by=actor, asked_at=at)
    job = job_enqueue(task=task_called(ASKED_JOB), actor=actor, arguments={"asked": asked.pk}, at=at)
    asked.job = job.pk
    asked.save(force_insert=True)
    return asked


@transaction.atomic
def asked_forget(*, person_id: str, at: datetime) -> int:
    """Take a person's id off the windows that she asked for; return how many."""
    return Asked.objects.filter(asked_by=person_id).update(asked_by="erased")
