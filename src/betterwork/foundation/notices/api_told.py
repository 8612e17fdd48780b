"""What tokens and webhooks tell, put into words: they stand lower and call what is added to their lists."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import NOW
from betterwork.foundation.notices.services import notice_give
from betterwork.foundation.tokens import telling as tokens
from betterwork.foundation.webhooks import telling as webhooks

WEBHOOK_STOPPED = "webhooks.endpoint.stopped"


def told_register() -> None:
    """Say how each kind is called, and hear what is told."""
    notice_kind_add(
        tokens.TOKEN_MADE,
        title=_("A token was made for you"),
        words=_("A token was made with which a program acts for you. Was it not you? End it and change your password."),
        urgency=NOW,
        must=True,
    )
    notice_kind_add(
        tokens.TOKEN_ENDED,
        title=_("A token of yours ended"),
        words=_("A token of yours was ended. What used it is refused."),
        urgency=NOW,
    )
    notice_kind_add(
        WEBHOOK_STOPPED,
        title=_("A webhook of yours stopped"),
        words=_("An address of yours is told nothing any more: it failed for days, or said that it is gone."),
        urgency=NOW,
    )
    if token_told not in tokens.TOLD:
        tokens.TOLD.append(token_told)
    if webhook_told not in webhooks.TOLD:
        webhooks.TOLD.append(webhook_told)


def token_told(kind: str, person: str, token: str, at: datetime) -> None:
    """Tell a person that a token of hers was made or ended."""
    notice_give(persons=[person], kind=kind, facts={}, url=reverse("tokens:tokens"), at=at, key=f"{kind} {token}")


def webhook_told(person: str, endpoint: str, at: datetime) -> None:
    """Tell a person that an endpoint of hers stopped."""
    url = reverse("webhooks:endpoint", kwargs={"endpoint": endpoint})
    notice_give(persons=[person], kind=WEBHOOK_STOPPED, facts={}, url=url, at=at, key=f"{endpoint} {at.isoformat()}")
