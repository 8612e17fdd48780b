"""Who may seal a tool. Reading one is everybody's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule
from betterwork.foundation.doors.roles import GLOBAL_STAFF


@rule("tool.seal", _("Global staff."))
def TOOL_SEAL(actor: Actor) -> bool:
    """The tool is one for all countries, so it is theirs who run all of them."""
    return actor.in_world(GLOBAL_STAFF)
