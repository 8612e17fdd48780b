"""What evidence adds to shared pages, how its entries are called in the trail, why no backup needs its folder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.backup.folders import backup_folder_leave_out
from betterwork.foundation.contributions.registry import Keeping, MenuItem, keeping_add, menu_add, panel_add
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.evidence.figures.asking import ASKED, asked_forget
from betterwork.modules.evidence.figures.services import MADE
from betterwork.modules.evidence.models import Asked
from betterwork.modules.evidence.panels import factory_panels, own_factory_panels


def _export(person_id: str) -> Any:
    rows = Asked.objects.filter(asked_by=person_id).order_by("asked_at", "id")
    return [{"country": one.country, "asked": one.asked_at.isoformat()} for one in rows]


def _erase(person_id: str, at: datetime) -> None:
    asked_forget(person_id=person_id, at=at)


menu_add(MenuItem(_("Evidence"), _("Rates and trends"), "evidence:countries", order=300))
menu_add(MenuItem(_("Evidence"), _("Evidence of your country"), "evidence:own", order=301))
panel_add("factory", "evidence", factory_panels)
panel_add("own factory", "evidence", own_factory_panels)
action_words_add(
    {
        "evidence.built": _("Evidence built"),
        MADE: _("Figures of a country made"),
        ASKED: _("Tables of a window asked for"),
    }
)
# Snapshots are sealed documents in the database: their tables are made again from them, to the byte.
backup_folder_leave_out("evidence", why="made again by betterwork evidence build")
keeping_add(
    Keeping(
        room="evidence",
        what=_("Which tables were computed because you asked for them, and when."),
        why=_("So that you find them again."),
        how_long=_("Until you are erased; the tables stay."),
        models=(Asked._meta.label,),
        export=_export,
        erase=_erase,
    )
)
