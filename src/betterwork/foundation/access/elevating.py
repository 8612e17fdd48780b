"""How access is taken for a while. Pure: plain values in, words out (as in ``rules``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from betterwork.foundation.access.rules import LONGEST_REASON, SHORTEST_REASON, country_of, runs_programme
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.roles import ROLES, WORLD, scope_kind

LONGEST = timedelta(minutes=60)
ROLES_TO_TAKE = (roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR, roles.ANALYST)
"""What global staff may take over one country. Never what stands apart from the staff: auditor, custodian, partners."""
TAKES_NOTHING = (roles.AUDITOR, roles.SURVEY_CUSTODIAN_ROLE)
"""Who holds one of these, beside whatever else, takes nothing: they stand outside."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What somebody wants to take: a role over a scope, or a purpose.

    ``purpose_scopes`` are the scopes that hold what the purpose opens, with all that they lie in; None where it is
    nobody's to open.
    """

    reason: str
    starts: datetime
    ends: datetime
    role: str = ""
    scope: str = ""
    purpose: str = ""
    purpose_scopes: frozenset[str] | None = None


def may_take(actor: Actor) -> bool:
    """Whether there is anything at all that this actor may take for a while."""
    if not actor.signed_in or actor.holds(*TAKES_NOTHING):
        return False
    return runs_programme(actor) or any(one.role == roles.COUNTRY_MANAGER and not one.elevated for one in actor.held)


def basis(taker: Actor, taking: Taking) -> Held | None:
    """The standing role by which it may be taken, or None. It ends when that role ends."""
    if not may_take(taker):
        return None
    if taking.purpose and taking.purpose_scopes is None:
        return None
    if runs_programme(taker) and (taking.purpose or _is_role_over_country(taking)):
        return Held(roles.GLOBAL_STAFF, WORLD)
    country = country_of(taking.purpose_scopes or ())
    own = Held(roles.COUNTRY_MANAGER, country or "")
    return own if taking.purpose and own in taker.held else None


def take_refusal(*, taker: Actor, taking: Taking, running: Iterable[Taking]) -> str | None:
    """Why it may not be taken, or None. ``running`` is what this person has taken and still has."""
    if bool(taking.role or taking.scope) == bool(taking.purpose):
        return _("Take a role over a country, or one thing; not both.")
    if len(taking.reason.strip()) < SHORTEST_REASON:
        return _("Say why, in %(least)s characters or more. The owners read it.") % {"least": SHORTEST_REASON}
    if len(taking.reason) > LONGEST_REASON:
        return _("The reason is longer than %(most)s characters.") % {"most": LONGEST_REASON}
    if not timedelta() < taking.ends - taking.starts <= LONGEST:
        return _("Access is taken for 1 to 60 minutes.")
    if basis(taker, taking) is None:
        return _no_basis(taker)
    if Held(taking.role, taking.scope) in taker.held:
        return _("You hold this role already, without taking it.")
    what = (taking.role, taking.scope, taking.purpose)
    if any((one.role, one.scope, one.purpose) == what and taking.starts < one.ends for one in running):
        return _("You have taken this already. When it ends you may take it again, with a new reason.")
    return None


def taken_until(starts: datetime, minutes: int, basis_ends: datetime | None) -> datetime:
    """When it ends: after so many minutes, or with the role by which it was taken, whichever is first."""
    ends = starts + timedelta(minutes=minutes)
    return ends if basis_ends is None else min(ends, basis_ends)


def _is_role_over_country(taking: Taking) -> bool:
    known = taking.role in ROLES_TO_TAKE and scope_kind(taking.scope) in ROLES[taking.role].scopes
    return known and scope_kind(taking.scope) == "country"


def _no_basis(taker: Actor) -> str:
    if taker.holds(*TAKES_NOTHING):
        return _("Auditors and survey custodians take nothing: what they may see is theirs by their role.")
    if runs_programme(taker):
        return _("Global staff may take a role of the staff over one country, or open one thing that may be opened.")
    return _("This is not yours to take. Managers of a country may open what belongs to their country.")
