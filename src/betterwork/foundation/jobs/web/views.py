"""Pages of the jobs: the list with what is due next, one job, run again and call off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.policy import JOBS_READ, JOBS_RETRY
from betterwork.foundation.jobs.presentations import ATTEMPT_FOR_STAFF, JOB_FOR_STAFF, STATE_WORDS
from betterwork.foundation.jobs.queries import attempts_of, schedules_list
from betterwork.foundation.jobs.rules import CANCELLED, FAILED, WAITING
from betterwork.foundation.jobs.services import PLATFORM, job_cancel, job_retry
from betterwork.foundation.ledger.rules import OPERATOR


def _by_state(rows: QuerySet[Job], state: str) -> QuerySet[Job]:
    return rows.filter(state=state)


JOBS = Listing(
    JOB_FOR_STAFF,
    (
        Column("title", _("Job"), sort=("task",)),
        Column("state_word", _("State"), sort=("state",)),
        Column("enqueued_at", _("Asked for"), sort=("enqueued_at",)),
        Column("took", _("Took")),
        Column("attempt", _("Attempt"), sort=("attempt",), number=True),
    ),
    order=("-enqueued_at", "-id"),
    choices=(Choice("state", _("State"), tuple(STATE_WORDS.items()), _by_state),),
)


@page(JOBS_READ, audience=PROGRAMME)
def jobs(request: HttpRequest) -> HttpResponseBase:
    """All jobs, newest first, and when the schedules run next."""
    rows = JOBS_READ.visible_to(actor_of_request(request))
    if request.GET.get("format") == "csv":
        return JOBS.export(request, rows, "jobs")
    columns = [{"title": title} for title in (_("Job"), _("When"), _("Next"), _("Last"))]
    values = {
        "listing": JOBS.shown(request, rows),
        "schedules": schedules_list(at=timezone.now()),
        "columns": columns,
    }
    return page_render(request, "jobs/jobs.html", values)


@page(JOBS_READ, audience=PROGRAMME, thing=("job", "pk"))
def job(request: HttpRequest, job: Job) -> HttpResponse:
    """One job: how far it is, each attempt, what went wrong in words."""
    return page_render(request, "jobs/job.html", _values(request, job))


@page(JOBS_READ, audience=PROGRAMME, thing=("job", "pk"))
def job_now(request: HttpRequest, job: Job) -> HttpResponse:
    """The part of that page that changes while the job runs."""
    return page_render(request, "jobs/now.html", _values(request, job))


@page(JOBS_RETRY, audience=PROGRAMME, thing=("job", "pk"), methods=("POST",))
def job_again(request: HttpRequest, job: Job) -> HttpResponse:
    """Run a failed job again."""
    return _changed(request, job, job_retry, _("The job waits and will be run again."))


@page(JOBS_RETRY, audience=PROGRAMME, thing=("job", "pk"), methods=("POST",))
def job_call_off(request: HttpRequest, job: Job) -> HttpResponse:
    """Call off a job that waits."""
    return _changed(request, job, job_cancel, _("The job is called off and will not run."))


def _changed(request: HttpRequest, job: Job, service: Any, words: Any) -> HttpResponse:
    try:
        service(actor=actor_of_request(request).id, job=job, at=timezone.now())
    except BetterWorkError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("jobs:job", job=job.pk)


def _values(request: HttpRequest, job: Job) -> dict[str, Any]:
    known = {PLATFORM: _("The platform itself"), OPERATOR: _("Whoever operates the platform")}
    may = JOBS_RETRY.may(actor_of_request(request))
    row = JOB_FOR_STAFF.row(job)
    return {
        "job": row,
        "breadcrumb": [{"title": _("Jobs"), "url": reverse("jobs:jobs")}, {"title": row.title}],
        "who": known.get(job.actor) or person_names([job.actor]).get(job.actor, _("Somebody who left")),
        "attempts": ATTEMPT_FOR_STAFF.rows(attempts_of(job)),
        "columns": [{"title": title} for title in (_("Attempt"), _("How it ended"), _("Began"), _("Took"))],
        "may_run_again": may and job.state in {FAILED, CANCELLED},
        "may_call_off": may and job.state == WAITING,
    }


for _view in (jobs, job):
    _view.help = "how-to/run-jobs"  # type: ignore[attr-defined]
