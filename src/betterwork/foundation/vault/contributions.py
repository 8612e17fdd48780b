"""What the vault adds elsewhere: what may be opened for a while, what it keeps of a person, the page of openings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.purposes import PurposeKind, purpose_add
from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add
from betterwork.foundation.vault.queries import items_of_person, owners_of, scopes_of


def _item(purpose: str) -> str:
    return purpose.partition(" ")[2]


def _scopes(purpose: str) -> Iterable[str] | None:
    return scopes_of(_item(purpose))


def _owners(purpose: str, at: datetime) -> Iterable[str]:
    return owners_of(_item(purpose))


def _words(purpose: str) -> str:
    return _now("one item of the vault")


def _erase(person_id: str, at: datetime) -> None:
    """Nothing: an opaque id stays, which speaks of nobody once people has forgotten whose it was."""


purpose_add(PurposeKind("vault", _scopes, _owners, _words))
menu_add(MenuItem(_("About you"), _("Who opened what is yours"), "vault:openings", order=800))
keeping_add(
    Keeping(
        room="vault",
        what=_("Which interviews and answers she may open, and which openings she is told of: by her opaque id."),
        why=_("What is confidential opens only for persons that it names."),
        how_long=_("As long as the item; its content goes when its time is over, not when an opener leaves."),
        models=("vault.VaultItem", "vault.VaultOwner"),
        export=items_of_person,
        erase=_erase,
    )
)
