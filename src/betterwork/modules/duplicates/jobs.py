"""The job that looks for duplicates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.registry.models import Factory

QUIET = timedelta(minutes=5)
"""How long after a change the search waits, so that an import of thousands of factories is one search."""


@job(title=_("Look for duplicate factories"), together=False, time_limit=timedelta(minutes=30))
def duplicates_find_job(context: JobContext, country: str = "") -> dict[str, int]:
    """Look through one country, or through all, each a step of its own."""
    from betterwork.modules.duplicates.searching import country_search

    stored = Factory.objects.order_by("country").values_list("country", flat=True).distinct()
    wanted = [country] if country else list(stored)
    found = {"new": 0, "back": 0, "gone": 0}
    for number, code in enumerate(wanted):
        context.progress(number, len(wanted), gettext_noop("Comparing the records of a country"))
        with context.step(f"country {code}") as todo:
            if todo:
                kept = country_search(actor=OPERATOR, country=code, at=context.at)
                found = {
                    "new": found["new"] + kept.new,
                    "back": found["back"] + kept.back,
                    "gone": found["gone"] + kept.gone,
                }
    context.progress(len(wanted), len(wanted))
    return found


def search_ask(*, actor: str, country: str, at: datetime, after: timedelta = timedelta(0)) -> Job:
    """Have a country (or all: empty) looked through, once however often it is asked while one waits."""
    return job_enqueue(
        task=duplicates_find_job,
        actor=actor,
        arguments={"country": country},
        key=f"duplicates {country or 'all'}",
        due_at=at + after,
        at=at,
    )
