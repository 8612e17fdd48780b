"""What tokens add to one's own account, hang on other rooms, and keep of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, Panel, keeping_add, panel_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import about_person_add, action_words_add
from betterwork.foundation.people import hooks
from betterwork.foundation.tokens.models import Token
from betterwork.foundation.tokens.queries import tokens_of_person, tokens_that_count
from betterwork.foundation.tokens.services import tokens_end_of_leaver, tokens_of_person_delete


def own_tokens(actor: Actor, person: Any, at: datetime) -> Iterator[Panel]:
    """On one's own account: how many tokens count, and the way to them."""
    count = tokens_that_count(at).filter(person=actor.id).count()
    yield Panel(_("Programs that act for you"), "tokens/panel.html", {"count": count}, order=50)


def tokens_left(person_id: str, actor: str, at: datetime) -> None:
    """She leaves: her tokens end in the same transaction."""
    tokens_end_of_leaver(actor=actor, person_id=person_id, at=at)


def _erase(person_id: str, at: datetime) -> None:
    tokens_of_person_delete(person_id=person_id)


def _about(person_id: str) -> Q:
    """Entries about her tokens that somebody else caused."""
    hers = Token.objects.filter(person=person_id).annotate(subject=Concat(Value("token "), "id")).values("subject")
    return Q(subject__in=hers)


hooks.LEAVING.append(tokens_left)
panel_add("own person", "tokens", own_tokens)
about_person_add("tokens", _about)
action_words_add({"tokens.token.made": _("Token made"), "tokens.token.ended": _("Token ended")})
keeping_add(
    Keeping(
        room="tokens",
        what=_("Tokens of programs that act for you: what you called them, what they reach, when each was last used."),
        why=_("So that a program can ask for what you may see, and you can stop it."),
        how_long=_("Until you are erased. The day of the last use is kept, not what was asked."),
        models=(Token._meta.label,),
        export=tokens_of_person,
        erase=_erase,
    )
)
