"""Who may compute, who may say from which documents, who reads which figures."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import lineage_stored
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import STAFF_ONLY, rule, rule_over
from betterwork.foundation.doors.roles import ANALYST, GLOBAL_STAFF
from betterwork.modules.evidence.models import Asked, Figures

STAFF_OF_THE_WORLD = (GLOBAL_STAFF, ANALYST)
STAFF_OF_A_COUNTRY = (ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR)
CONSTITUENTS = (roles.GOVERNMENT, roles.EMPLOYERS, roles.WORKERS)


@rule("evidence.read", STAFF_ONLY.says)
def EVIDENCE_READ(actor: Actor) -> bool:
    """Tables are made for the programme's staff; others read what is published of them."""
    return STAFF_ONLY.may(actor)


@rule("evidence.build", _("Global staff and analysts of the whole world."))
def EVIDENCE_BUILD(actor: Actor) -> bool:
    """The store and its snapshots are of all countries."""
    return actor.in_world(GLOBAL_STAFF, ANALYST)


def _of_staff(actor: Actor) -> Q | None:
    if actor.in_world(*STAFF_OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *STAFF_OF_A_COUNTRY)
    return Q(country__in=sorted(countries)) if countries else None


@rule_over(Figures, "evidence.figures", _("Staff of the country, global staff and analysts."))
def FIGURES_READ(actor: Actor) -> Q | None:
    """The figures of the countries one works for, nothing withheld."""
    return _of_staff(actor)


@rule_over(Asked, "evidence.asked", _("Staff of the country, global staff and analysts."))
def ASKED_READ(actor: Actor) -> Q | None:
    """The windows that were asked for of the countries one works for."""
    return _of_staff(actor)


@rule_over(
    Figures,
    "evidence.aggregates",
    _("Representatives of government, employers and workers: aggregates of their country, small groups withheld."),
    operator=False,
)
def AGGREGATES_READ(actor: Actor) -> Q | None:
    """What constituents read: of the newest build, made under a rule for small groups."""
    countries = constituent_countries(actor)
    return Q(country__in=sorted(countries), snapshot="", minimum_group__gt=0) if countries else None


def constituent_countries(actor: Actor) -> set[str]:
    """The countries in whose committee an actor may speak: of her role, or of her organisation."""
    lie_in = {one for scope in actor.scopes(*CONSTITUENTS) for one in lineage_stored(scope)}
    return {scope.removeprefix("country:") for scope in lie_in if scope.startswith("country:")}
