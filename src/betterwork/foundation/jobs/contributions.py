"""What jobs add to shared pages, and what they keep of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add
from betterwork.foundation.jobs.queries import jobs_of_actor
from betterwork.foundation.jobs.services import actor_forget
from betterwork.foundation.ledger.words import action_words_add

menu_add(MenuItem(_("Programme"), _("Jobs"), "jobs:jobs", order=850))
action_words_add(
    {
        "jobs.job.run-again": _("Job run again"),
        "jobs.job.called-off": _("Job called off"),
        "events.replayed": _("Events handed over again"),
    }
)


def _export(person: str) -> list[dict[str, Any]]:
    return jobs_of_actor(person=person)


def _erase(person: str, at: datetime) -> None:
    actor_forget(person_id=person, at=at)


keeping_add(
    Keeping(
        room="jobs",
        what=_("Which work the platform did because you asked for it, and when."),
        why=_("So that staff can see what runs and mend what failed."),
        how_long=_("30 days after it was done, 180 days after it failed."),
        models=("jobs.Job",),
        export=_export,
        erase=_erase,
    )
)
