"""Who may make a report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule
from betterwork.foundation.doors.roles import ANALYST, GLOBAL_STAFF


@rule("report.make", _("Global staff and analysts of the whole world."))
def REPORT_MAKE(actor: Actor) -> bool:
    """A report can be asked for of any country."""
    return actor.in_world(GLOBAL_STAFF, ANALYST)
