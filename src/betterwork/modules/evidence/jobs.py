"""Work off the request: bringing store and figures up to date, and a window that somebody asked for.

What computes is imported inside: this file is read where a job is asked for, and where the clock is declared.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from betterwork.foundation.jobs.context import JobContext
from betterwork.foundation.jobs.declaring import job


@job(title=_("Evidence brought up to date"), together=False, time_limit=timedelta(hours=2), attempts=3)
def figures_job(context: JobContext, *, snapshot: str = "") -> dict[str, Any]:
    """Project what was sealed since, and make the figures of the pages from it; or of a sealed snapshot.

    Where nothing was imported yet there is nothing to do.
    """
    from betterwork.modules.assessments.queries import current_digests
    from betterwork.modules.evidence.figures.services import figures_make
    from betterwork.modules.evidence.services import store_build

    if not snapshot:
        documents = len(current_digests())
        if not documents:
            return {"countries": 0}
        done = 0

        def told(place: tuple[str, int], count: int) -> None:
            nonlocal done
            done += count
            context.progress(done, documents, gettext_noop("Assessments projected"))

        store_build(actor=context.actor, at=context.at, progress=told)
    made = figures_make(
        actor=context.actor,
        at=context.at,
        snapshot=snapshot,
        progress=lambda n, of, country: context.progress(n, of, gettext_noop("Countries counted")),
    )
    return {"countries": len(made)}


@job(title=_("Tables of a window computed"), together=False, time_limit=timedelta(hours=1), attempts=3)
def asked_job(context: JobContext, *, asked: str) -> dict[str, Any]:
    """Compute the tables of a window that somebody asked for."""
    from betterwork.modules.evidence.figures.services import window_make

    context.progress(0, 1, gettext_noop("Tables of the window"))
    window_make(asked=asked, at=context.at)
    context.progress(1, 1)
    return {}
