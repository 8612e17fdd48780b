"""Who reads the register of law, and who writes in it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.modules.instruments.models import LegalReference
from betterwork.modules.instruments.policy import WRITES


@rule_over(LegalReference, "law.read", _("Whoever is signed in: law is public."))
def LAW_READ(actor: Actor) -> Q | None:
    """Every provision."""
    return Q()


@rule_over(
    LegalReference,
    "law.change",
    _("Global staff; of a country's law: its manager and team leaders. They write it down from its source."),
)
def LAW_CHANGE(actor: Actor) -> Q | None:
    """Provisions that one may say have changed."""
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", *WRITES)
    return Q(country__in=countries) if countries else None
