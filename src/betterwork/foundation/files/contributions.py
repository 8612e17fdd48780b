"""What the room keeps of a person."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, keeping_add
from betterwork.foundation.files.queries import attachments_of_person
from betterwork.foundation.files.services import attachments_person_erase
from betterwork.foundation.ledger.words import seen_action_add


def _erase(person_id: str, at: datetime) -> None:
    attachments_person_erase(person_id=person_id, at=at)


keeping_add(
    Keeping(
        room="files",
        what=_("The files you added: their names and titles, when, and what they hang on."),
        why=_("Whoever reads a record must be able to ask who put a file to it."),
        how_long=_("As long as the record; names and titles go when you are erased."),
        models=("files.Attachment",),
        export=attachments_of_person,
        erase=_erase,
    )
)
seen_action_add("attachment.seen")
