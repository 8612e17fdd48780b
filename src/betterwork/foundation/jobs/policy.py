"""Who may see jobs, and who may run them again."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.doors.roles import ANALYST, GLOBAL_STAFF
from betterwork.foundation.jobs.models import Job


@rule_over(Job, "jobs.read", _("Global staff, and analysts of the whole world."))
def JOBS_READ(actor: Actor) -> Q | None:
    """All jobs, or none."""
    return Q() if actor.in_world(GLOBAL_STAFF, ANALYST) else None


@rule_over(Job, "jobs.retry", _("Global staff."))
def JOBS_RETRY(actor: Actor) -> Q | None:
    """All jobs, or none."""
    return Q() if actor.holds(GLOBAL_STAFF) else None
