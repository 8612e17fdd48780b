"""Who sees visits, who plans them, who is on them; what the factory sees and from when on."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.modules.registry.policy import FACTORIES_OWN
from betterwork.modules.staff.policy import WORKS
from betterwork.modules.visits.models import Plan, Visit, VisitMember
from betterwork.modules.visits.models import Told as ToldOf
from betterwork.modules.visits.rules import AGREED, CANCELLED, DONE, INSPECTOR, PLANNED, PROPOSED, UNDER_WAY

PLANNERS = (roles.COUNTRY_MANAGER, roles.TEAM_LEADER)
OF_A_COUNTRY = (roles.ANALYST, roles.ADVISOR, *PLANNERS)

OPEN = Q(arrived_at__isnull=False) | Q(unannounced=False, state__in=(PLANNED, UNDER_WAY, DONE, CANCELLED))
"""What is no secret: arrival was recorded, or it was announced. What is only proposed is neither."""


def countries_planned(actor: Actor) -> set[str] | None:
    """The codes of the countries whose visits an actor plans; None for all of them."""
    if actor.is_operator or actor.in_world(roles.GLOBAL_STAFF):
        return None
    return set(actor.keys("country", *PLANNERS))


def _works_in(actor: Actor) -> Q | None:
    """Visits of the countries in which a role of the staff is held: what is hers by her id ends with her role."""
    if actor.in_world(*WORKS):
        return Q()
    countries = actor.keys("country", *WORKS)
    return Q(country__in=countries) if countries else None


def _on_it(actor: Actor) -> Q:
    """Visits in whose team she is now, once they are agreed."""
    teams = VisitMember.objects.filter(person=actor.id, left_at__isnull=True).exclude(part=INSPECTOR)
    return Q(pk__in=teams.values("visit")) & ~Q(state=PROPOSED)


def _of_countries(actor: Actor, *names: str) -> Q | None:
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", *names)
    return Q(country__in=countries) if countries else None


@rule_over(
    Visit,
    "visits.read",
    _(
        "Its team; who plans visits of the country (managers, team leaders, global staff); who was told of it. "
        "Other staff of the country: announced ones, and unannounced ones once arrival was recorded."
    ),
)
def VISITS_READ(actor: Actor) -> Q | None:
    """The visits that somebody of the programme may know of."""
    where = _works_in(actor)
    if where is None:
        return None
    told = ToldOf.objects.filter(person=actor.id)
    hers = (_on_it(actor) | Q(pk__in=told.values("visit")) & ~Q(state=PROPOSED)) & where
    planned = _of_countries(actor, *PLANNERS)
    if planned is not None:
        if not planned:  # every country: with "or" Django would drop a filter that lets everything through
            return Q()
        hers |= planned
    others = Q() if actor.in_world(roles.ANALYST) else _of_countries(actor, *OF_A_COUNTRY)
    return hers if others is None else hers | others & OPEN


@rule_over(Visit, "visits.plan", _("Country managers and team leaders of the visit's country, and global staff."))
def VISITS_PLAN(actor: Actor) -> Q | None:
    """The visits that somebody plans, changes and calls off."""
    return _of_countries(actor, *PLANNERS)


@rule_over(Visit, "visits.team", _("Those who are on the visit now, while they work in its country."), operator=False)
def VISITS_TEAM(actor: Actor) -> Q | None:
    """The visits that somebody makes."""
    where = _works_in(actor)
    return None if where is None else where & _on_it(actor)


@rule_over(
    Visit,
    "visits.joint",
    _("Labour inspectors of the country who come along on a joint visit, once it is agreed."),
    operator=False,
)
def VISITS_JOINT(actor: Actor) -> Q | None:
    """The joint visits on which an inspector is."""
    countries = actor.keys("country", roles.INSPECTOR)
    if not countries:
        return None
    hers = VisitMember.objects.filter(person=actor.id, left_at__isnull=True, part=INSPECTOR)
    return Q(country__in=countries, joint=True, pk__in=hers.values("visit"), state__in=(*AGREED, CANCELLED))


@rule_over(
    Visit,
    "visits.own",
    _("The managers of the factory: announced visits, and unannounced ones once arrival was recorded."),
    operator=False,
)
def VISITS_OWN(actor: Actor) -> Q | None:
    """The visits that a factory's managers may know of."""
    return Q(factory__in=FACTORIES_OWN.visible_to(actor).values("pk")) & OPEN if FACTORIES_OWN.may(actor) else None


@rule_over(
    Visit,
    "visits.committee",
    _("The committee of the factory: the same as its managers."),
    operator=False,
)
def VISITS_COMMITTEE(actor: Actor) -> Q | None:
    """The visits that a factory's committee may know of."""
    reached = Q()
    for key in actor.keys("factory", roles.COMMITTEE_MEMBER):
        country, _slash, outside_id = key.partition("/")
        reached |= Q(factory__country=country, factory__outside_id=outside_id)
    return reached & OPEN if reached else None


@rule_over(Plan, "visits.plans", _("Country managers and team leaders of the plan's country, and global staff."))
def PLANS(actor: Actor) -> Q | None:
    """The plans that somebody asks for, looks at and decides on."""
    return _of_countries(actor, *PLANNERS)


@rule("visits.due", _("Country managers and team leaders in their countries, and global staff."))
def DUE_READ(actor: Actor) -> bool:
    """Who sees which factories are due; of which countries, ``countries_planned`` says."""
    planned = countries_planned(actor)
    return planned is None or bool(planned)


@rule("visits.calendar", _("Whoever works for the programme."), operator=False)
def CALENDAR(actor: Actor) -> bool:
    """Who has a calendar; whose visits stand in it, ``VISITS_READ`` says."""
    return actor.holds(*WORKS)
