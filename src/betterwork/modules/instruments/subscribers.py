"""What this room does when a committee has decided."""

from __future__ import annotations

from datetime import datetime

from betterwork.foundation.events.registry import Happened, subscribe
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.bodies.events import MATTER_DECIDED
from betterwork.modules.instruments.drafts import draft_called
from betterwork.modules.instruments.life import KIND, KIND_FOR_ALL, draft_answered


def matter_decided(event: Happened, at: datetime) -> None:
    """Take the body's word to the draft it is about. Again it changes nothing."""
    if event.content["kind"] not in (KIND, KIND_FOR_ALL):
        return
    draft = draft_called(event.content["subject"].split("/")[1])
    if draft is not None:
        draft_answered(actor=OPERATOR, draft=draft, at=at)


subscribe(MATTER_DECIDED, "instruments.drafts", matter_decided)
