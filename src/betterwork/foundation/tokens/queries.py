"""Which tokens count, and for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.queries import access_of, has_second_factor
from betterwork.foundation.access.scopes import lineage_stored
from betterwork.foundation.doors.actor import STRANGER, Actor
from betterwork.foundation.people.models import Person
from betterwork.foundation.tokens.models import Token
from betterwork.foundation.tokens.rules import held_within, looks_like_token, token_digest


def tokens_that_count(at: datetime) -> QuerySet[Token]:
    """The tokens that are not over and not ended."""
    return Token.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), ends__gt=at)


def token_shown(secret: str, at: datetime) -> Token | None:
    """The token of a secret while it counts; None for any other text."""
    if not looks_like_token(secret):
        return None
    return tokens_that_count(at).filter(digest=token_digest(secret)).first()


def actor_of_token(token: Token, at: datetime) -> Actor:
    """Who asks with a token: its person with what she holds now, within its scope; a stranger where it counts not."""
    person = Person.objects.filter(public_id=token.person).first()
    actor = access_of(person, at).actor
    if person is None or not actor.signed_in or not has_second_factor(person):
        return STRANGER
    return Actor(id=actor.id, held=held_within(actor.held, token.scope, lineage_stored), within=token.scope)


def token_called(token_id: str, rows: QuerySet[Token]) -> Token:
    """The token of this id or prefix among ``rows``. Raises :class:`WrongUse`."""
    wanted = token_id.strip()
    found = list(rows.filter(Q(id=wanted) | Q(prefix=wanted))[:2]) if wanted else []
    if len(found) != 1:
        raise WrongUse("there is no such token that is yours to end; betterwork token list shows the ids")
    return found[0]


def tokens_of_person(person_id: str) -> list[dict[str, Any]]:
    """What a person is handed of her tokens; never a secret."""
    return [
        {
            "title": one.title,
            "begins": one.prefix,
            "scope": one.scope,
            "writes": one.writes,
            "made_at": one.made_at.isoformat(),
            "ends": one.ends.isoformat(),
            "last_used": one.last_used.isoformat() if one.last_used else "",
            "ended_at": one.ended_at.isoformat() if one.ended_at else "",
        }
        for one in Token.objects.filter(person=person_id).order_by("id")
    ]
