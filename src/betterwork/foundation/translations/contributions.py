"""What the room keeps of a person: that she proposed, reviewed or approved a translation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, keeping_add
from betterwork.foundation.translations.queries import translations_by


def _erase(person_id: str, at: datetime) -> None:
    """Nothing: the translation is the programme's, and the opaque id names nobody once the person is erased."""


def _export(person_id: str) -> Any:
    return translations_by(person_id)


keeping_add(
    Keeping(
        room="translations",
        what=_("Translations that you proposed, reviewed or approved"),
        why=_("So that two people answer for what is shown in a language."),
        how_long=_("As long as the text. Once you are erased, nothing in it leads to you."),
        models=("translations.Translation",),
        export=_export,
        erase=_erase,
    )
)
