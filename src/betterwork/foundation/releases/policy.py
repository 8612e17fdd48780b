"""Who sees what was given, who receives it, who withdraws it."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.queries import given_to, in_force
from betterwork.foundation.releases.rules import day_of

_WORLD = (roles.GLOBAL_STAFF, roles.ANALYST, roles.AUDITOR)
_COUNTRY = (roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR, roles.AUDITOR)
STAFF = {roles.GLOBAL_STAFF, *_COUNTRY}


@rule_over(Release, "releases.given", _("Staff of the country it speaks of, global staff, analysts and auditors."))
def RELEASES_GIVEN(actor: Actor) -> Q | None:
    """What was given, to whomever, whatever became of it."""
    if actor.in_world(*_WORLD):
        return Q()
    countries = actor.keys("country", *_COUNTRY)
    return Q(country__in=sorted(countries)) if countries else None


@rule_over(Release, "releases.received", _("Whom it was given to, while it is in force."), operator=False)
def RELEASES_RECEIVED(actor: Actor) -> Q | None:
    """What one may read by a release, today."""
    if not actor.holds(*ROLES):
        return None
    return given_to(actor) & in_force(day_of(timezone.now()))


@rule_over(Release, "releases.withdraw", _("The manager of the country it speaks of, and global staff."))
def RELEASES_WITHDRAW(actor: Actor) -> Q | None:
    """What one may take back: what was not withdrawn yet."""
    standing = Q(withdrawal__isnull=True)
    if actor.in_world(roles.GLOBAL_STAFF):
        return standing
    countries = actor.keys("country", roles.COUNTRY_MANAGER)
    return standing & Q(country__in=sorted(countries)) if countries else None
