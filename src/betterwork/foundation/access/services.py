"""Giving, confirming, refusing and ending roles. Taking access for a while stands in ``taking``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.queries import (
    actor_called,
    confirmers,
    gift_of,
    gifts_of,
    global_staff_running,
    grants_not_over,
)
from betterwork.foundation.access.rules import (
    LONGEST_REASON,
    NEEDED,
    Gift,
    confirm_refusal,
    give_refusal,
    may_confirm,
    may_end,
    second_person,
)
from betterwork.foundation.access.scopes import lineage, scope_check
from betterwork.foundation.access.taking import elevations_without_basis_end
from betterwork.foundation.access.telling import GRANT_ENDED, GRANT_GIVEN, GRANT_REFUSED, GRANT_WAITS, tell
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT, moment
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.people.models import Person


def _subject(grant: Grant) -> str:
    """How an entry of the ledger names a grant."""
    return f"grant {grant.id}"


def _state(grant: Grant) -> dict[str, Any]:
    """What an entry keeps of a grant. Reasons may speak of her who receives it: they stand under her key."""
    return {
        "person": grant.person,
        "role": grant.role,
        "scope": grant.scope,
        "starts": moment(grant.starts),
        "ends": moment(grant.ends) if grant.ends else None,
        "reason": personal(grant.person, grant.reason) if grant.reason else "",
        "given_by": grant.given_by,
        "second_person": grant.second,
        "confirmed_by": grant.confirmed_by,
        "ended_by": grant.ended_by,
        "end_reason": personal(grant.person, grant.end_reason) if grant.end_reason else "",
    }


@audited("access.grant.given", subject=_subject, state=_state)
def grant_give(
    *,
    actor: str,
    person: str,
    role: str,
    scope: str,
    at: datetime,
    starts: datetime | None = None,
    ends: datetime | None = None,
    reason: str = "",
) -> Grant:
    """Give a person (by her opaque id) a role over a scope, from ``starts`` (now unless told) until ``ends``.

    A powerful role waits for a second person, who is told; any other counts from its start. Raises :class:`WrongUse`
    with the reason in words where it may not be given; see ``rules.give_refusal``.
    """
    _receiver(person)
    scope_check(scope)
    giver = actor_called(actor, at)
    gift = Gift(person, role, scope, starts or at, ends, reason.strip(), actor, lineage(scope))
    _refuse(give_refusal(giver=giver, gift=gift, others=gifts_of(person, at), at=at))
    second = second_person(ROLES[role], giver=giver, running=global_staff_running(at))
    grant = Grant(
        person=person,
        role=role,
        scope=scope,
        starts=gift.starts,
        ends=ends,
        reason=gift.reason,
        given_by=actor,
        given_at=at,
        second=second,
    )
    if second != NEEDED:
        grant.confirmed_by, grant.confirmed_at = actor, at
    grant.save(force_insert=True)
    if second == NEEDED:
        tell(GRANT_WAITS, confirmers(grant, at), _facts(grant, actor), at)
    else:
        tell(GRANT_GIVEN, [person], _facts(grant, actor), at)
    return grant


@audited("access.grant.confirmed", subject=_subject, state=_state, of="grant")
def grant_confirm(*, actor: str, grant: Grant, at: datetime) -> Grant:
    """Confirm a grant as the second person; it counts from this moment, or from its start.

    Raises :class:`WrongUse` where it does not wait, where this person may not, or where what the receiver got
    meanwhile stands against it.
    """
    found = _locked(grant)
    _receiver(found.person)
    _refuse(
        confirm_refusal(
            confirmer=actor_called(actor, at),
            giver=actor_called(found.given_by, at),
            gift=gift_of(found),
            waits=_waits(found),
            others=gifts_of(found.person, at, but=found.id),
            at=at,
        )
    )
    found.confirmed_by, found.confirmed_at = actor, at
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    tell(GRANT_GIVEN, [found.person], _facts(found, actor), at)
    return found


@audited("access.grant.refused", subject=_subject, state=_state, of="grant")
def grant_refuse(*, actor: str, grant: Grant, reason: str, at: datetime) -> Grant:
    """Refuse a grant that waits; who gave it is told. Raises :class:`WrongUse` for who could not confirm it either."""
    found = _locked(grant)
    if not _waits(found):
        raise WrongUse(_("This role does not wait for a second person: it was confirmed, refused or ended already."))
    if not may_confirm(actor_called(actor, at), gift_of(found)):
        raise WrongUse(_("Only who may confirm this role can refuse it. Who gave it can end it."))
    _ended(found, actor, _reason_wanted(reason), at)
    tell(GRANT_REFUSED, [found.given_by], _facts(found, actor), at)
    return found


@audited("access.grant.ended", subject=_subject, state=_state, of="grant")
def grant_end(*, actor: str, grant: Grant, reason: str, at: datetime) -> Grant:
    """End a grant before its time, at this moment, with what was taken on the strength of it.

    Raises :class:`WrongUse` for one that is over or ended, for no reason, and for who may not.
    """
    found = _locked(grant)
    if found.ended_at is not None or (found.ends is not None and found.ends <= at):
        raise WrongUse(_("This role is over already."))
    if not may_end(actor_called(actor, at), gift_of(found), waits=_waits(found)):
        raise WrongUse(_("This role is not yours to end."))
    _ended(found, actor, _reason_wanted(reason), at)
    tell(GRANT_ENDED, {found.person} - {actor}, _facts(found, actor), at)
    return found


@audited("access.grant.ended", subject=_subject, state=_state, of="grant")
def grant_end_of_leaver(*, actor: str, grant: Grant, at: datetime) -> Grant:
    """End a grant because its holder leaves; people asked whether she may. Not a door's to call."""
    return _ended(_locked(grant), actor, LEFT_REASON, at)


@transaction.atomic
def access_end_of_leaver(*, actor: str, person_id: str, at: datetime) -> None:
    """End all that a person holds, waits for and has taken, because she leaves; in the caller's transaction."""
    for grant in grants_not_over(at).filter(person=person_id).order_by("id"):
        grant_end_of_leaver(actor=actor, grant=grant, at=at)


@transaction.atomic
def grants_list_noted(*, actor: str, at: datetime) -> None:
    """Write down that somebody took the list of who has access away as a file."""
    entry_append(kind=AUDIT, action="access.list.taken", actor=actor, subject="list access", content={}, at=at)


LEFT_REASON = "left"
"""What stands as the reason where a role ended because its holder left; pages put it into words."""


def _ended(grant: Grant, actor: str, reason: str, at: datetime) -> Grant:
    grant.ended_by, grant.ended_at, grant.end_reason = actor, at, reason
    grant.save(update_fields=["ended_by", "ended_at", "end_reason"])
    elevations_without_basis_end(actor=actor, person_id=grant.person, at=at)
    return grant


def _locked(grant: Grant) -> Grant:
    """The grant as stored, with its person's row locked first: what she holds is decided by one writer at a time."""
    Person.objects.select_for_update().filter(public_id=grant.person).first()
    return Grant.objects.select_for_update().get(pk=grant.pk)


def _receiver(person_id: str) -> None:
    found = Person.objects.select_for_update().filter(public_id=person_id).first()
    if found is None:
        raise WrongUse(_("Nobody has this account. Invite the person first."))
    if found.state not in {Person.INVITED, Person.ACTIVE}:
        raise WrongUse(_("This person has left. Invite her again first."))


def _waits(grant: Grant) -> bool:
    return grant.confirmed_at is None and grant.ended_at is None


def _reason_wanted(reason: str) -> str:
    if not reason.strip():
        raise WrongUse(_("Say why: it stays with the role."))
    if len(reason) > LONGEST_REASON:
        raise WrongUse(_("The reason is longer than %(most)s characters.") % {"most": LONGEST_REASON})
    return reason.strip()


def _refuse(why: str | None) -> None:
    if why is not None:
        raise WrongUse(why)


def _facts(grant: Grant, actor: str) -> dict[str, str]:
    return {"grant": grant.id, "person": grant.person, "role": grant.role, "scope": grant.scope, "by": actor}
