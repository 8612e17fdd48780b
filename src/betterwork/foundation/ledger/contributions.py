"""What the ledger adds to shared pages, and what it keeps of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add
from betterwork.foundation.ledger.personal import FORGOTTEN
from betterwork.foundation.ledger.queries import KEY_CHANGED, KEY_USED
from betterwork.foundation.ledger.services import EXPORTED, OPENED
from betterwork.foundation.ledger.trail import person_export
from betterwork.foundation.ledger.words import action_words_add, seen_action_add

menu_add(MenuItem(_("Programme"), _("Trail"), "ledger:trail", order=800))
menu_add(MenuItem(_("About you"), _("What is recorded of you"), "ledger:mine", order=890))

action_words_add(
    {
        FORGOTTEN: _("Person forgotten"),
        KEY_USED: _("Key taken into use"),
        KEY_CHANGED: _("Key changed"),
        OPENED: _("Personal values opened"),
        EXPORTED: _("Trail taken as a file"),
    }
)
seen_action_add(OPENED)


def _erase(person_id: str, at: datetime) -> None:
    """Nothing here: the service that erases a person calls ``person_forget``, which names who did it."""


def _export(person_id: str) -> Any:
    return person_export(person_id)


keeping_add(
    Keeping(
        room="ledger",
        what=_("What you did, what was done to your account, and values about you in these entries"),
        why=_("So that nobody can change unseen what was found, decided or released."),
        how_long=_(
            "For good, under an id that says nothing. Values about you are encrypted under a key of yours, which is "
            "destroyed when you are erased."
        ),
        models=("ledger.Entry", "ledger.PersonKey", "ledger.Verification"),
        export=_export,
        erase=_erase,
    )
)
