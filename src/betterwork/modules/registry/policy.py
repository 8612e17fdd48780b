"""Who may see the register."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.modules.registry.models import Factory

OF_A_COUNTRY = (roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR, roles.AUDITOR)
OF_THE_WORLD = (roles.GLOBAL_STAFF, roles.ANALYST, roles.AUDITOR)


@rule_over(
    Factory,
    "factories.read",
    _("Staff of the factory's country, global staff, analysts and auditors."),
)
def FACTORIES_READ(actor: Actor) -> Q | None:
    """Factories of the countries over which a role of the staff is held."""
    if actor.in_world(*OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *OF_A_COUNTRY)
    return Q(country__in=countries) if countries else None


@rule_over(Factory, "factories.own", _("The managers of the factory."))
def FACTORIES_OWN(actor: Actor) -> Q | None:
    """The factories for which a person answers. What is for their committees comes with the committees."""
    reached = Q()
    for key in actor.keys("factory", roles.FACTORY_MANAGER):
        country, _slash, outside_id = key.partition("/")
        reached |= Q(country=country, outside_id=outside_id)
    return reached or None
