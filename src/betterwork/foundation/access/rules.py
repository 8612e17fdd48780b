"""Who may give which role over which scope, who confirms it, who ends it. Pure: plain values in, words out.

A refusal is a sentence for the person who tried; None means that nothing stands against it. Every right here comes
from a standing role: one that was taken for a while gives no right to give, to confirm or to take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.roles import ROLES, WORLD, Role, scope_kind

NEEDED, NOT_NEEDED, BEGINNING = "needed", "not needed", "beginning"
ENOUGH_TO_CONFIRM = 2
"""With this many global staff each can confirm what another gives; below it the operator begins alone."""
SHORTEST_REASON, LONGEST_REASON = 10, 500
LONGEST_SCOPE = 100
PROGRAMME_STAFF = frozenset(
    {roles.GLOBAL_STAFF, roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR}
)
_SCOPE = re.compile(r"[a-z][a-z-]*:\S+")


@dataclass(frozen=True, slots=True)
class Gift:
    """A role for somebody, over a scope and a period, as it is given or stands in the table.

    ``lineage`` is the scope with all that it lies in, the world included. ``ends`` None: until further notice.
    """

    person: str
    role: str
    scope: str
    starts: datetime
    ends: datetime | None = None
    reason: str = ""
    given_by: str = ""
    lineage: frozenset[str] = frozenset({WORLD})


def runs_programme(actor: Actor) -> bool:
    """Whether the actor is global staff in her own right, not for a while."""
    return Held(roles.GLOBAL_STAFF, WORLD) in actor.held


def country_of(lineage: Iterable[str]) -> str | None:
    """The one country that a scope lies in; None for none, and for several: those are nobody's alone."""
    found = {scope for scope in lineage if scope_kind(scope) == "country"}
    return found.pop() if len(found) == 1 else None


def runs_country_of(actor: Actor, lineage: Iterable[str]) -> bool:
    """Whether the actor runs, in her own right, the one country that a scope lies in."""
    country = country_of(lineage)
    return country is not None and Held(roles.COUNTRY_MANAGER, country) in actor.held


def may_give(actor: Actor, role: Role, lineage: Iterable[str]) -> bool:
    """Whether it is this actor's to give a role over a scope: to anybody at all."""
    if actor.is_operator or runs_programme(actor):
        return True
    return not role.powerful and runs_country_of(actor, lineage)


def second_person(role: Role, *, giver: Actor, running: int) -> str:
    """Whether a second person must confirm: ``needed``, ``not needed``, or ``beginning``.

    ``running``: how many persons are global staff now. While there are fewer than two nobody could confirm, so the
    machine's operator makes the first ones alone, and the ledger keeps that it was so.
    """
    if not role.powerful:
        return NOT_NEEDED
    if giver.is_operator and role.name == roles.GLOBAL_STAFF and running < ENOUGH_TO_CONFIRM:
        return BEGINNING
    return NEEDED


def give_refusal(*, giver: Actor, gift: Gift, others: Iterable[Gift], at: datetime) -> str | None:
    """Why a role may not be given, or None. ``others`` are the receiver's grants that wait or are not over."""
    if giver.id == gift.person:
        return _("You cannot give a role to yourself: ask somebody else who may give it.")
    return (
        form_refusal(gift, at)
        or authority_refusal(giver, gift)
        or duties_refusal(gift, others)
        or overlap_refusal(gift, others)
    )


def form_refusal(gift: Gift, at: datetime) -> str | None:
    """Why a role cannot stand over such a scope or period, whoever gives it; or None."""
    role = ROLES.get(gift.role)
    if role is None:
        return _("There is no role called %(role)s.") % {"role": gift.role}
    if gift.scope != WORLD and (not _SCOPE.fullmatch(gift.scope) or len(gift.scope) > LONGEST_SCOPE):
        return _("“%(scope)s” is no scope: write one like world or country:VN.") % {"scope": gift.scope}
    if scope_kind(gift.scope) not in role.scopes:
        words = {"role": role.title, "kinds": ", ".join(sorted(role.scopes)), "kind": scope_kind(gift.scope)}
        return _("%(role)s is given over: %(kinds)s. This is a scope of kind %(kind)s.") % words
    if gift.starts < at:
        return _("A role cannot begin in the past.")
    if gift.ends is not None and gift.ends <= gift.starts:
        return _("A role ends after it begins.")
    if len(gift.reason) > LONGEST_REASON:
        return _("The reason is longer than %(most)s characters.") % {"most": LONGEST_REASON}
    if role.powerful and len(gift.reason.strip()) < SHORTEST_REASON:
        return _("Say why, in %(least)s characters or more: this role can do much.") % {"least": SHORTEST_REASON}
    return None


def authority_refusal(giver: Actor, gift: Gift) -> str | None:
    """Why it is not this person's to give, or None."""
    role = ROLES[gift.role]
    if may_give(giver, role, gift.lineage):
        return None
    if not role.powerful or not runs_country_of(giver, gift.lineage):
        return _("This is not yours to give: you give roles over your own country, and what lies in it, only.")
    return _("%(role)s is given by global staff, and confirmed by a second person.") % {"role": role.title}


def overlaps(one: Gift, other: Gift) -> bool:
    """Whether two periods have a moment in common; the end of a period is not part of it."""
    return (other.ends is None or one.starts < other.ends) and (one.ends is None or other.starts < one.ends)


def duties_refusal(gift: Gift, others: Iterable[Gift]) -> str | None:
    """Why a role may not be held together with another one at the same time, or None."""
    held = {one.role for one in others if one.person == gift.person and overlaps(gift, one)}
    if _apart(gift.role, held, {roles.AUDITOR}, {roles.GLOBAL_STAFF}):
        return _("An auditor looks at what global staff do, so one person cannot be both at the same time.")
    if _apart(gift.role, held, {roles.SURVEY_CUSTODIAN_ROLE}, PROGRAMME_STAFF):
        return _(
            "A survey custodian stands outside the programme’s staff: what workers answer has two layers of "
            "anonymity, and nobody may hold both. End the other role first."
        )
    return None


def overlap_refusal(gift: Gift, others: Iterable[Gift]) -> str | None:
    """Why the same role over the same scope is not given twice for one moment, or None."""
    for one in others:
        if (one.person, one.role, one.scope) == (gift.person, gift.role, gift.scope) and overlaps(gift, one):
            return _("This person already has this role there, or it waits to be confirmed. End that one first.")
    return None


def may_confirm(actor: Actor, gift: Gift) -> bool:
    """Whether this actor can be the second person for a grant.

    Never its giver or its receiver. Global staff; and for the manager of a country, one who runs that country too.
    """
    if not actor.signed_in or actor.id in {gift.person, gift.given_by}:
        return False
    return runs_programme(actor) or (
        gift.role == roles.COUNTRY_MANAGER and Held(roles.COUNTRY_MANAGER, gift.scope) in actor.held
    )


def confirm_refusal(
    *, confirmer: Actor, giver: Actor, gift: Gift, waits: bool, others: Iterable[Gift], at: datetime
) -> str | None:
    """Why a grant may not be confirmed now, or None.

    ``giver`` is who gave it as she stands today: one who could not give it any more is no first person.
    ``others`` are the receiver's other grants that wait or are not over.
    """
    if not waits:
        return _("This role does not wait for a second person: it was confirmed, refused or ended already.")
    if confirmer.id == gift.given_by:
        return _("You gave this role yourself. A second person must confirm it.")
    if confirmer.id == gift.person:
        return _("This role is for you. Somebody else must confirm it.")
    if not may_confirm(confirmer, gift):
        return _("Global staff confirm this role.")
    if gift.ends is not None and gift.ends <= at:
        return _("Its last day is over. Refuse it, and let it be given anew.")
    if gift.role not in ROLES or not may_give(giver, ROLES[gift.role], gift.lineage):
        return _("Who gave this role could not give it any more. Refuse it, and let it be given anew.")
    others = list(others)
    return duties_refusal(gift, others) or overlap_refusal(gift, others)


def may_end(actor: Actor, gift: Gift, *, waits: bool) -> bool:
    """Whether it is this actor's to end a grant before its time. Ending needs no second person: it takes away."""
    if actor.is_operator or runs_programme(actor):
        return True
    if not actor.signed_in:
        return False
    if actor.id == gift.person or (waits and actor.id == gift.given_by):
        return True
    known = ROLES.get(gift.role)
    return (known is None or not known.powerful) and runs_country_of(actor, gift.lineage)


def _apart(role: str, held: set[str], these: Iterable[str], those: Iterable[str]) -> bool:
    """Whether the new role stands on one side and a held one on the other."""
    these, those = set(these), set(those)
    return (role in these and bool(held & those)) or (role in those and bool(held & these))
