"""Who may bring assessments in, and look whether they hold."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule
from betterwork.foundation.doors.roles import ANALYST, AUDITOR, GLOBAL_STAFF


@rule("assessments.import", _("Global staff and analysts of the whole world."))
def ASSESSMENTS_IMPORT(actor: Actor) -> bool:
    """An export file may hold any country."""
    return actor.in_world(GLOBAL_STAFF, ANALYST)


@rule("assessments.verify", _("Global staff, analysts and auditors of the whole world."))
def ASSESSMENTS_VERIFY(actor: Actor) -> bool:
    """It says of every country whether its documents hold."""
    return actor.in_world(GLOBAL_STAFF, ANALYST, AUDITOR)
