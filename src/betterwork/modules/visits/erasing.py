"""What goes when a person is erased: words about her. That she was there stays, under an id that says nothing then."""

from __future__ import annotations

from datetime import datetime

from betterwork.modules.visits.models import Told, VisitMember


def person_erase(person_id: str, at: datetime) -> None:
    """Blank what was written about a person in words. Repeatable, inside the caller's transaction."""
    VisitMember.objects.filter(person=person_id).update(left_why="")
    Told.objects.filter(person=person_id).update(why="")
