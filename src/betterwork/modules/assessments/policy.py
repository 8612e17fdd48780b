"""Who may bring assessments in, look whether they hold, and know what was found."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.doors.roles import (
    ADVISOR,
    ANALYST,
    AUDITOR,
    COUNTRY_MANAGER,
    GLOBAL_STAFF,
    TEAM_LEADER,
)
from betterwork.modules.assessments.models import Assessment


@rule("assessments.import", _("Global staff and analysts of the whole world."))
def ASSESSMENTS_IMPORT(actor: Actor) -> bool:
    """An export file may hold any country."""
    return actor.in_world(GLOBAL_STAFF, ANALYST)


@rule("assessments.verify", _("Global staff, analysts and auditors of the whole world."))
def ASSESSMENTS_VERIFY(actor: Actor) -> bool:
    """It says of every country whether its documents hold."""
    return actor.in_world(GLOBAL_STAFF, ANALYST, AUDITOR)


@rule_over(Assessment, "assessments.read", _("Staff of the country, global staff and analysts of the world."))
def ASSESSMENTS_READ(actor: Actor) -> Q | None:
    """Of which assessments somebody may know what was found; the same people read the figures of a country."""
    if actor.in_world(GLOBAL_STAFF, ANALYST):
        return Q()
    countries = actor.keys("country", ANALYST, COUNTRY_MANAGER, TEAM_LEADER, ADVISOR)
    return Q(country__in=countries) if countries else None
