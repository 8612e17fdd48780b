"""Who reads the country programmes and their rules, and who enters them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.modules.countries.models import Programme

STAFF = (
    *(roles.GLOBAL_STAFF, roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR),
    roles.AUDITOR,
)
REPRESENTATIVES = (roles.GOVERNMENT, roles.EMPLOYERS, roles.WORKERS)


@rule_over(Programme, "countries.read", _("The programme's staff in any country, and auditors: every country."))
def PROGRAMMES_READ(actor: Actor) -> Q | None:
    """Rules of one country are no secret from the staff of another, who learn from them."""
    return Q() if actor.holds(*STAFF) else None


@rule_over(
    Programme,
    "countries.committee",
    _("Representatives of government, employers and workers: their own country."),
    operator=False,
)
def PROGRAMMES_OF_COMMITTEE(actor: Actor) -> Q | None:
    """The programme of the country for which somebody speaks in its committee."""
    codes = actor.keys("country", *REPRESENTATIVES)
    return Q(code__in=sorted(codes)) if codes else None


@rule_over(Programme, "countries.rules.enter", _("Global staff: in every country; the manager of a country: in hers."))
def RULES_ENTER(actor: Actor) -> Q | None:
    """The countries whose rules one enters."""
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    codes = actor.keys("country", roles.COUNTRY_MANAGER)
    return Q(code__in=sorted(codes)) if codes else None


@rule("countries.rules.read-all", _("The programme's staff, and auditors."))
def PROGRAMME_RULES_READ(actor: Actor) -> bool:
    """The rules for every country that has none of its own."""
    return actor.holds(*STAFF)


@rule("countries.run", _("Global staff: the life of country programmes, and the rules for all of them."))
def PROGRAMMES_RUN(actor: Actor) -> bool:
    """Who adds programmes, enters their states, and enters rules for every country."""
    return actor.in_world(roles.GLOBAL_STAFF)


@rule_over(Programme, "countries.life", _("Global staff."))
def LIFE_ENTER(actor: Actor) -> Q | None:
    """The programmes whose life one enters."""
    return Q() if actor.in_world(roles.GLOBAL_STAFF) else None
