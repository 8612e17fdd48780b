"""Who sees who has access, who gives and takes it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access import elevating, rules
from betterwork.foundation.access.models import Elevation, ElevationOwner, Grant
from betterwork.foundation.access.queries import scopes_within
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.doors.roles import ROLES, scope_kind

POWERFUL = [role.name for role in ROLES.values() if role.powerful]
_CONCERNED = (*sorted(rules.PROGRAMME_STAFF), roles.AUDITOR, roles.SURVEY_CUSTODIAN_ROLE)
"""Who may own what can be opened, or oversee it; nobody else need look whether there is something."""
_WAITING = Q(confirmed_at__isnull=True, ended_at__isnull=True)


def _countries(actor: Actor, *names: str, standing: bool = True) -> set[str]:
    """The countries over which one of these roles is held, in her own right unless told otherwise."""
    held = {one.scope for one in actor.held if one.role in names and not (standing and one.elevated)}
    return {scope for scope in held if scope_kind(scope) == "country"}


@rule_over(
    Grant,
    "access.read",
    _("Global staff and auditors; of a country and what lies in it: its manager and its auditor."),
)
def GRANTS_READ(actor: Actor) -> Q | None:
    """The grants that somebody oversees."""
    if actor.in_world(roles.GLOBAL_STAFF, roles.AUDITOR):
        return Q()
    countries = _countries(actor, roles.COUNTRY_MANAGER, roles.AUDITOR, standing=False)
    return Q(scope__in=scopes_within(countries)) if countries else None


@rule_over(Grant, "access.own", _("Whoever is signed in: her own roles."), operator=False)
def GRANTS_OWN(actor: Actor) -> Q | None:
    """What one was given oneself."""
    return Q(person=actor.id)


@rule(
    "access.give",
    _("Global staff, every role; the manager of a country, roles without great power in her country; the operator."),
)
def GRANTS_GIVE(actor: Actor) -> bool:
    """Who gives roles at all; over what is decided by the rules with each."""
    return rules.runs_programme(actor) or bool(_countries(actor, roles.COUNTRY_MANAGER))


@rule_over(
    Grant,
    "access.confirm",
    _("A second person: global staff, or for the manager of a country one who runs it too. Never giver or receiver."),
    operator=False,
)
def GRANTS_CONFIRM(actor: Actor) -> Q | None:
    """The waiting grants for which one may be the second person. The same as ``rules.may_confirm``."""
    others = _WAITING & ~Q(person=actor.id) & ~Q(given_by=actor.id)
    if rules.runs_programme(actor):
        return others
    countries = _countries(actor, roles.COUNTRY_MANAGER)
    return others & Q(role=roles.COUNTRY_MANAGER, scope__in=sorted(countries)) if countries else None


@rule_over(Grant, "access.lay-down", _("Whoever is signed in: her own roles that are not over."), operator=False)
def GRANTS_LAY_DOWN(actor: Actor) -> Q | None:
    """What one may end of one's own."""
    return Q(person=actor.id, ended_at__isnull=True)


@rule_over(
    Grant,
    "access.end",
    _(
        "Global staff; the manager of a country, roles without great power in it; who gave it, "
        "while it waits; the operator."
    ),
)
def GRANTS_END(actor: Actor) -> Q | None:
    """The grants of others that one may end before their time.

    With ``access.lay-down`` the same as ``rules.may_end``.
    """
    if rules.runs_programme(actor):
        return Q(ended_at__isnull=True)
    mine = _WAITING & Q(given_by=actor.id)
    countries = _countries(actor, roles.COUNTRY_MANAGER)
    if countries:
        mine |= Q(scope__in=scopes_within(countries)) & ~Q(role__in=POWERFUL)
    return mine & Q(ended_at__isnull=True)


def _owned(actor: Actor) -> Q:
    return Q(id__in=ElevationOwner.objects.filter(person=actor.id).values("elevation"))


@rule_over(
    Elevation,
    "elevation.read",
    _("Global staff, auditors, the owners of what was opened, the country's manager and auditor, and who took it."),
)
def ELEVATIONS_READ(actor: Actor) -> Q | None:
    """What somebody may know was taken."""
    if not actor.holds(*_CONCERNED):
        return None
    if actor.in_world(roles.GLOBAL_STAFF, roles.AUDITOR):
        return Q()
    countries = _countries(actor, roles.COUNTRY_MANAGER, roles.AUDITOR, standing=False)
    return Q(person=actor.id) | _owned(actor) | Q(scope__in=sorted(countries))


@rule(
    "elevation.take",
    _("Global staff: a role over a country, or one thing; the manager of a country: one thing of her country."),
    operator=False,
)
def ELEVATIONS_TAKE(actor: Actor) -> bool:
    """Who takes access for a while at all."""
    return elevating.may_take(actor)


@rule_over(
    Elevation,
    "elevation.end",
    _("Who took it, the owners of what was opened, the country's manager, global staff, the operator."),
)
def ELEVATIONS_END(actor: Actor) -> Q | None:
    """What one may end before its time."""
    if rules.runs_programme(actor):
        return Q(ended_at__isnull=True)
    countries = _countries(actor, roles.COUNTRY_MANAGER)
    return (Q(person=actor.id) | _owned(actor) | Q(scope__in=sorted(countries))) & Q(ended_at__isnull=True)
