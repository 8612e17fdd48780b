"""Reading kept answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from betterwork.foundation.api.models import KeptAnswer
from betterwork.foundation.api.settings_of import answers_kept


def answer_kept(person: str, key: str, at: datetime) -> KeptAnswer | None:
    """The answer that a person was given under a key, while it is kept."""
    return KeptAnswer.objects.filter(person=person, key=key, at__gt=at - answers_kept()).first()


def answers_of_person(person_id: str) -> list[dict[str, Any]]:
    """What a person is handed of herself: when something was answered, never what."""
    found = KeptAnswer.objects.filter(person=person_id).order_by("at")
    return [{"at": one.at.isoformat(), "status": one.status} for one in found]
