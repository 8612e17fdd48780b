"""Windows that were asked for, as staff see them."""

from __future__ import annotations

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.audiences.presentations import Presentation
from betterwork.modules.evidence.models import Asked

ASKED_FOR_STAFF = Presentation(
    "evidence.asked",
    model=Asked,
    audience=PROGRAMME,
    fields=("id", "country", "starts", "ends", "cycle", "asked_at", "made_at"),
)
