"""Who reads organisations, who enters them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.modules.organisations.models import Organisation
from betterwork.modules.organisations.rules import NATIONAL

STAFF = (
    *(roles.GLOBAL_STAFF, roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR),
    roles.AUDITOR,
)
REPRESENTATIVES = (roles.GOVERNMENT, roles.EMPLOYERS, roles.WORKERS)


@rule_over(Organisation, "organisations.read", _("The programme's staff in any country, and auditors."))
def ORGANISATIONS_READ(actor: Actor) -> Q | None:
    """All organisations."""
    return Q() if actor.holds(*STAFF) else None


def countries_of(actor: Actor) -> frozenset[str] | None:
    """The countries whose organisations an actor enters: None for all, and those of the world too."""
    if actor.is_operator or actor.in_world(roles.GLOBAL_STAFF):
        return None
    return actor.keys("country", roles.COUNTRY_MANAGER)


@rule_over(
    Organisation,
    "organisations.change",
    _("Global staff: every organisation; the manager of a country: those of her country."),
)
def ORGANISATIONS_CHANGE(actor: Actor) -> Q | None:
    """The organisations that one changes."""
    countries = countries_of(actor)
    if countries is None:
        return Q()
    return Q(level=NATIONAL, country__in=sorted(countries)) if countries else None


@rule(
    "organisations.add", _("Global staff: anywhere; the manager of a country: national organisations of her country.")
)
def ORGANISATIONS_ADD(actor: Actor) -> bool:
    """Who enters organisations at all; where is decided with each, by ``countries_of``."""
    return countries_of(actor) is None or bool(countries_of(actor))


@rule_over(
    Organisation,
    "organisations.own.committee",
    _("Representatives of a government body, of employers or of workers: their own organisation."),
    operator=False,
)
def ORGANISATIONS_OF_REPRESENTATIVES(actor: Actor) -> Q | None:
    """The organisations for which somebody speaks in a committee."""
    keys = actor.keys("organisation", *REPRESENTATIVES)
    return Q(key__in=sorted(keys)) if keys else None


@rule_over(Organisation, "organisations.own.buyer", _("Buyers: their own organisation."), operator=False)
def ORGANISATIONS_OF_BUYERS(actor: Actor) -> Q | None:
    """The buyer for which somebody acts."""
    keys = actor.keys("organisation", roles.BUYER_ROLE)
    return Q(key__in=sorted(keys)) if keys else None


@rule_over(Organisation, "organisations.own.donor", _("Donors: their own organisation."), operator=False)
def ORGANISATIONS_OF_DONORS(actor: Actor) -> Q | None:
    """The donor for which somebody reads what the programme reports."""
    keys = actor.keys("organisation", roles.DONOR)
    return Q(key__in=sorted(keys)) if keys else None
