"""What the vault adds elsewhere: what may be opened for a while, what it keeps of a person, the page of openings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.purposes import PurposeKind, purpose_add
from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add
from betterwork.foundation.ledger.words import seen_action_add
from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import NOW
from betterwork.foundation.notices.services import notice_give
from betterwork.foundation.vault.kinds import VAULT_OPENED
from betterwork.foundation.vault.queries import items_of_person, owners_of, scopes_of
from betterwork.foundation.vault.rules import Opening

OPENED = "vault.opened"


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


def _owners_told(opening: Opening) -> None:
    """Tell the owners in the transaction of the entry: who cannot be told, nobody opens."""
    notice_give(
        persons=set(opening.owners) - {opening.by},
        kind=OPENED,
        facts={"by": {"person": opening.by}},
        url=reverse("vault:openings"),
        at=opening.at,
        key=f"{opening.item} {opening.at.isoformat()}",
    )


purpose_add(PurposeKind("vault", _scopes, _owners, _words))
menu_add(MenuItem(_("About you"), _("Who opened what is yours"), "vault:openings", order=800))
keeping_add(
    Keeping(
        room="vault",
        what=_("Which interviews and answers you may open, and which openings you are told of: by your opaque id."),
        why=_("What is confidential opens only for persons that it names."),
        how_long=_("As long as the item; its content goes when its time is over, not when an opener leaves."),
        models=("vault.VaultItem", "vault.VaultOwner"),
        export=items_of_person,
        erase=_erase,
    )
)
seen_action_add("vault.opened")
notice_kind_add(
    OPENED,
    title=_("Something of yours in the vault was opened"),
    words=_("%(by)s opened an item of the vault that you answer for."),
    urgency=NOW,
    must=True,
)
VAULT_OPENED.append(_owners_told)
