"""What rooms tell the trail of their entries: how an action is called, which are a seeing, whom they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.ledger.rules import AUDIT, OPERATOR, RELEASE, SEAL

KIND_WORDS: dict[str, Any] = {AUDIT: _("Done"), SEAL: _("Sealed"), RELEASE: _("Given")}
ACTION_WORDS: dict[str, Any] = {}
SEEN: set[str] = set()
ABOUT: dict[str, Callable[[str], Q]] = {}


def action_words_add(words: Mapping[str, Any]) -> None:
    """Say how actions are called on pages: ``action_words_add({"access.grant.given": _("Role given")})``."""
    ACTION_WORDS.update(words)


def seen_action_add(*actions: str) -> None:
    """Say that whoever did one of these has seen the subject of the entry: opened it, downloaded it."""
    SEEN.update(actions)


def about_person_add(name: str, entries: Callable[[str], Q]) -> None:
    """Let ``entries(person id)`` say which entries speak of a person though she is not their subject.

    It answers with a filter over entries, best with a subquery: it is made for every page, and used on one.
    """
    ABOUT[name] = entries


def action_words(action: str) -> Any:
    """An action in words; the action itself where no room has said any."""
    return ACTION_WORDS.get(action, action)


def actor_words(actor: str, names: Mapping[str, str], *, unknown: str = "") -> str:
    """An actor in words: her name, else that it is the operator, or ``unknown``: somebody of whom nothing is left."""
    if actor in names:
        return names[actor]
    return _now("the operator") if actor == OPERATOR else unknown or _now("a person who was erased")
