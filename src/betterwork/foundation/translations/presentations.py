"""Translations as the programme's staff see them. For nobody else there is one: see the room's README."""

from __future__ import annotations

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.audiences.presentations import Presentation
from betterwork.foundation.translations.models import Translation

FOR_THE_PROGRAMME = Presentation(
    "translations.for-the-programme",
    model=Translation,
    audience=PROGRAMME,
    fields=(
        *("id", "subject", "field", "language", "text", "state", "source_text"),
        *("proposed_by", "proposed_at", "reviewed_by", "reviewed_at", "approved_by", "approved_at"),
    ),
)
