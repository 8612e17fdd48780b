"""What releases add to shared pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add
from betterwork.foundation.ledger.words import action_words_add
from betterwork.foundation.releases.models import Release, Withdrawal
from betterwork.foundation.releases.queries import releases_of_person
from betterwork.foundation.releases.services import MADE, WITHDREW


def _export(person_id: str) -> Any:
    return releases_of_person(person_id)


def _erase(person_id: str, at: datetime) -> None:
    """Nothing: what was given to whom stays, under an opaque id that names nobody once the person is erased."""


menu_add(MenuItem(_("Programme"), _("What was released"), "releases:given", order=700))
menu_add(MenuItem("", _("Given to you"), "releases:received", order=40))
action_words_add({MADE: _("Released"), WITHDREW: _("Release withdrawn")})
keeping_add(
    Keeping(
        room="releases",
        what=_("What was released to you in person, and what you released or withdrew."),
        why=_("So that it can always be said who was given what, by whose authority."),
        how_long=_("For good, under an id that says nothing once you are erased."),
        models=(Release._meta.label, Withdrawal._meta.label),
        export=_export,
        erase=_erase,
    )
)
