"""Who may compute, and who may say from which documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import STAFF_ONLY, rule
from betterwork.foundation.doors.roles import ANALYST, GLOBAL_STAFF


@rule("evidence.read", STAFF_ONLY.says)
def EVIDENCE_READ(actor: Actor) -> bool:
    """Tables are made for the programme's staff; others read what is published of them."""
    return STAFF_ONLY.may(actor)


@rule("evidence.build", _("Global staff and analysts of the whole world."))
def EVIDENCE_BUILD(actor: Actor) -> bool:
    """The store and its snapshots are of all countries."""
    return actor.in_world(GLOBAL_STAFF, ANALYST)
