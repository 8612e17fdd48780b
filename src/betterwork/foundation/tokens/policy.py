"""Whose tokens one sees and ends: one's own."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule_over
from betterwork.foundation.tokens.models import Token


@rule_over(Token, "tokens.own", _("Whoever is signed in: her own tokens. The operator, all of them."))
def TOKENS_OWN(actor: Actor) -> Q | None:
    """One's own tokens."""
    return Q(person=actor.id)
