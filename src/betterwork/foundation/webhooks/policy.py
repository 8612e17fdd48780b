"""Whose endpoints one sees and changes: one's own."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.webhooks.models import Delivery, Endpoint


def may_make(actor: Actor) -> bool:
    """Whoever holds a role of her own, not one taken for a while."""
    return any(not one.elevated for one in actor.held)


@rule("webhooks.make", _("Whoever holds a role; she is told what she may read."), operator=False)
def WEBHOOKS_MAKE(actor: Actor) -> bool:
    """Who may make an endpoint."""
    return may_make(actor)


@rule_over(Endpoint, "webhooks.own", _("Whoever is signed in: her own endpoints. The operator, all of them."))
def WEBHOOKS_OWN(actor: Actor) -> Q | None:
    """One's own endpoints that were not removed; by a token over a smaller scope, those over that scope."""
    hers = Q(person=actor.id) & ~Q(state=Endpoint.REMOVED)
    return hers if actor.within == WORLD else hers & Q(scope=actor.within)


@rule_over(Delivery, "webhooks.deliveries", _("Whoever is signed in: what was sent to her own endpoints."))
def DELIVERIES_OWN(actor: Actor) -> Q | None:
    """What one's own endpoints were told; by a token over a smaller scope, those over that scope."""
    hers = Q(endpoint__person=actor.id) & ~Q(endpoint__state=Endpoint.REMOVED)
    return hers if actor.within == WORLD else hers & Q(endpoint__scope=actor.within)
