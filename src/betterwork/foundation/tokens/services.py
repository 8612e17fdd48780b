"""Making and ending tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.queries import actor_of, has_second_factor
from betterwork.foundation.access.scopes import lineage, lineage_stored, scope_check
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import moment
from betterwork.foundation.people.models import Person
from betterwork.foundation.tokens.models import Token
from betterwork.foundation.tokens.queries import tokens_that_count
from betterwork.foundation.tokens.rules import BEGINS, held_within, make_refusal, token_digest, token_prefix
from betterwork.foundation.tokens.telling import TOKEN_ENDED, TOKEN_MADE, tell


@dataclass(frozen=True, slots=True)
class Made:
    """A token that was made, with the secret, which nobody can show again."""

    token: Token
    secret: str


def _subject(made: Any) -> str:
    return f"token {made.token.id if isinstance(made, Made) else made.id}"


def _state(made: Any) -> dict[str, Any]:
    token = made.token if isinstance(made, Made) else made
    return {
        "person": token.person,
        "title": personal(token.person, token.title) if token.title else "",
        "scope": token.scope,
        "writes": token.writes,
        "begins": token.prefix,
        "ends": moment(token.ends),
        "ended_at": moment(token.ended_at) if token.ended_at else None,
        "ended_by": token.ended_by,
    }


@audited("tokens.token.made", subject=_subject, state=_state)
def token_make(
    *, actor: str, person: str, title: str, scope: str, ends: datetime, at: datetime, writes: bool = False
) -> Made:
    """Make a token for a person (by her opaque id), within ``scope``, until ``ends``; she is told.

    The operator makes one for anybody, everybody else for herself. Raises :class:`WrongUse` for another's, without a
    second factor, for a scope within which she holds nothing, for one that counts longer than a year, and for one too
    many.
    """
    she = Person.objects.select_for_update().filter(public_id=person).first()
    if she is None or (actor != person and actor != "operator"):
        raise WrongUse(_("A token is made by the person herself."))
    if scope != WORLD:
        lineage(scope)
        scope_check(scope)
    held = actor_of(she, at).held
    refusal = make_refusal(
        title=title,
        ends=ends,
        at=at,
        second_factor=has_second_factor(she),
        others=tokens_that_count(at).filter(person=person).count(),
        within=scope == WORLD or bool(held_within(held, scope, lineage_stored)),
    )
    if refusal is not None:
        raise WrongUse(refusal)
    secret = BEGINS + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        title=title.strip(),
        scope=scope,
        writes=writes,
        prefix=token_prefix(secret),
        digest=token_digest(secret),
        made_at=at,
        ends=ends,
    )
    tell(TOKEN_MADE, person, token.id, at)
    return Made(token, secret)


@audited("tokens.token.ended", subject=_subject, state=_state, of="token")
def token_end(*, actor: str, token: Token, at: datetime) -> Token:
    """End a token at this moment; she is told. Raises :class:`WrongUse` for one that is over, or another's."""
    found = Token.objects.select_for_update().get(pk=token.pk)
    if actor not in {found.person, "operator"}:
        raise WrongUse(_("This token is not yours to end."))
    if found.ended_at is not None or found.ends <= at:
        raise WrongUse(_("This token is over already."))
    found.ended_at, found.ended_by = at, actor
    found.save(update_fields=["ended_at", "ended_by"])
    tell(TOKEN_ENDED, found.person, found.id, at)
    return found


@audited("tokens.token.ended", subject=_subject, state=_state, of="token")
def token_end_of_leaver(*, actor: str, token: Token, at: datetime) -> Token:
    """End a token because its person leaves; people asked whether she may. Not a door's to call."""
    found = Token.objects.select_for_update().get(pk=token.pk)
    found.ended_at, found.ended_by = at, actor
    found.save(update_fields=["ended_at", "ended_by"])
    return found


@transaction.atomic
def tokens_end_of_leaver(*, actor: str, person_id: str, at: datetime) -> None:
    """End all tokens of a person who leaves, in the caller's transaction."""
    for token in tokens_that_count(at).filter(person=person_id).order_by("id"):
        token_end_of_leaver(actor=actor, token=token, at=at)


def token_used(*, token: Token, day: date) -> None:
    """Keep the day of the last use: written once a day, and no trace of what was asked."""
    if token.last_used is None or token.last_used < day:
        Token.objects.filter(pk=token.pk).update(last_used=day)


def tokens_of_person_delete(*, person_id: str) -> None:
    """Delete the tokens of a person who is erased."""
    Token.objects.filter(person=person_id).delete()
