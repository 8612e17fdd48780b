"""Jobs as the programme's staff may see them: states and problems in words, durations, how far."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.jobs.declaring import title_of
from betterwork.foundation.jobs.models import Attempt, Job
from betterwork.foundation.jobs.rules import CANCELLED, DONE, FAILED, LOST, RUNNING, STOPPED, WAITING

STATE_WORDS = {
    WAITING: _("Waiting"),
    RUNNING: _("Running"),
    DONE: _("Done"),
    FAILED: _("Failed"),
    CANCELLED: _("Called off"),
}
TO_BE_TRIED_AGAIN = _("To be tried again")
KINDS = {WAITING: "info", RUNNING: "wait", DONE: "ok", FAILED: "nc", CANCELLED: "none"}
OUTCOME_WORDS = {
    "": _("Running"),
    DONE: _("Done"),
    FAILED: _("Failed"),
    LOST: _("Its worker died"),
    STOPPED: _("Its worker was told to stop"),
}
OUTCOME_KINDS = {"": "wait", DONE: "ok", FAILED: "nc", LOST: "nc", STOPPED: "none"}


def duration_words(length: timedelta | None) -> str:
    """How long, in one or two units; nothing for what has no length."""
    if length is None:
        return ""
    seconds = max(int(length.total_seconds()), 0)
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return gettext("%(seconds)s s") % {"seconds": seconds} if seconds else gettext("under 1 s")


def _state_word(job: Job) -> Any:
    return TO_BE_TRIED_AGAIN if job.state == WAITING and job.attempt else STATE_WORDS[job.state]


def _took(job: Job) -> str:
    ended = job.finished_at if job.state in {DONE, FAILED} else None
    return duration_words(ended - job.started_at if ended and job.started_at else None)


def _translated(words: str) -> str:
    return gettext(words) if words else ""


_DERIVED = {
    "title": Derived(("task",), lambda job: title_of(job.task)),
    "state_word": Derived(("state", "attempt"), _state_word),
    "state_kind": Derived(("state",), lambda job: KINDS[job.state]),
    "took": Derived(("started_at", "finished_at", "state"), _took),
    "at_what": Derived(("progress_words",), lambda job: _translated(job.progress_words)),
    "problem_words": Derived(("problem",), lambda job: _translated(job.problem)),
    "moves": Derived(("state",), lambda job: job.state in {WAITING, RUNNING}),
}
JOB_FOR_STAFF = Presentation(
    "jobs.job",
    model=Job,
    audience=PROGRAMME,
    fields=(
        "id",
        "state",
        "actor",
        "enqueued_at",
        "due_at",
        "started_at",
        "finished_at",
        "attempt",
        "attempts_allowed",
        "progress_done",
        "progress_of",
    ),
    derived=_DERIVED,
)
ATTEMPT_FOR_STAFF = Presentation(
    "jobs.attempt",
    model=Attempt,
    audience=PROGRAMME,
    fields=("number", "started_at", "ended_at"),
    derived={
        "outcome_word": Derived(("outcome",), lambda one: OUTCOME_WORDS[one.outcome]),
        "outcome_kind": Derived(("outcome",), lambda one: OUTCOME_KINDS[one.outcome]),
        "took": Derived(
            ("started_at", "ended_at"),
            lambda one: duration_words(one.ended_at - one.started_at if one.ended_at else None),
        ),
        "problem_words": Derived(("problem",), lambda one: _translated(one.problem)),
    },
)
