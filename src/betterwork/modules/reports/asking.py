"""Asking for a report. Light: pages call it; what makes the report stands in ``keeping``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.declaring import task_called
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.evidence.snapshots import snapshots
from betterwork.modules.reports.models import Report

ASKED = "report.asked"
JOB = "betterwork.modules.reports.jobs.report_job"
KIND = "synthesis report"


def report_state(report: Report) -> dict[str, Any]:
    """What an entry keeps of a report."""
    return {
        "country": report.country,
        "from": report.starts.isoformat(),
        "to": report.ends.isoformat(),
        "snapshot": report.snapshot,
        "document": report.document.digest if report.document else "",
    }


@audited(ASKED, subject=str, state=report_state)
def report_ask(
    *, actor: str, country: str, starts: date, ends: date, snapshot: str, at: datetime, by_job: bool = True
) -> Report:
    """Ask for the synthesis report of a country and a period, days both inside; a job makes it, or the caller does.

    ``snapshot`` names sealed evidence; empty: the newest evidence, which is then sealed under a name of its own.
    Raises :class:`WrongUse` for a period that ends before it begins, an unknown country and an unknown snapshot.
    """
    if starts > ends:
        raise WrongUse(_("The last day comes before the first."))
    try:
        country_of_code(country)
    except KeyError as error:
        raise WrongUse(_("There is no country programme of this code.")) from error
    if snapshot and snapshot not in snapshots():
        raise WrongUse(_("There is no snapshot of this name."))
    report = Report(country=country, starts=starts, ends=ends, snapshot=snapshot, asked_by=actor, asked_at=at)
    if by_job:
        # Called by its path: what computes must not be imported where pages are made.
        job = job_enqueue(task=task_called(JOB), actor=actor, arguments={"report": report.pk}, at=at)
        report.job = job.pk
    report.save(force_insert=True)
    return report


@transaction.atomic
def reports_forget(*, person_id: str, at: datetime) -> int:
    """Take a person's id off the reports that she asked for; return how many."""
    return Report.objects.filter(asked_by=person_id).update(asked_by="erased")
