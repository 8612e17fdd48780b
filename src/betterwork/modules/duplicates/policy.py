"""Who sees pairs and decides of them: those who keep the register of both factories' country."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.registry.policy import countries_kept


@rule_over(
    Pair,
    "duplicates.decide",
    _("Country managers and team leaders of the country of both factories, and global staff."),
)
def PAIRS_DECIDE(actor: Actor) -> Q | None:
    """The pairs of which both records are in the reach of the actor."""
    kept = countries_kept(actor)
    if kept is None:
        return Q()
    # Both by the register itself, should the two ever stand in different countries.
    return Q(left__country__in=kept, right__country__in=kept) if kept else None


@rule("duplicates.find", _("Country managers and team leaders for their countries, and global staff."))
def PAIRS_FIND(actor: Actor) -> bool:
    """Who has pairs looked for, before the night does it anyway."""
    return actor.in_world(roles.GLOBAL_STAFF) or bool(countries_kept(actor))


@rule("duplicates.measure", _("Global staff and analysts."))
def PAIRS_MEASURE(actor: Actor) -> bool:
    """Who measures, on simulated pairs, how well duplicates are found."""
    return actor.in_world(roles.GLOBAL_STAFF, roles.ANALYST)
