"""Keeping answers, and forgetting them."""

from __future__ import annotations

from datetime import datetime

from betterwork.foundation.api.models import KeptAnswer
from betterwork.foundation.api.settings_of import answers_kept


def answer_keep(*, person: str, key: str, request: str, status: int, kind: str, body: bytes, at: datetime) -> None:
    """Keep the answer to a request, in the transaction of what it did. Raises IntegrityError for a key that is used."""
    KeptAnswer.objects.filter(person=person, key=key, at__lte=at - answers_kept()).delete()
    KeptAnswer.objects.create(person=person, key=key, request=request, status=status, kind=kind, body=body, at=at)


def answers_forget(*, at: datetime) -> int:
    """Delete the answers that are kept no longer; return how many."""
    return KeptAnswer.objects.filter(at__lte=at - answers_kept()).delete()[0]


def answers_of_person_delete(*, person_id: str) -> None:
    """Delete all answers to a person."""
    KeptAnswer.objects.filter(person=person_id).delete()
