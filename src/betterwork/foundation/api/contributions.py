"""What the API keeps of a person."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.api.models import KeptAnswer
from betterwork.foundation.api.queries import answers_of_person
from betterwork.foundation.api.services import answers_of_person_delete
from betterwork.foundation.contributions.registry import Keeping, keeping_add


def _erase(person_id: str, at: datetime) -> None:
    answers_of_person_delete(person_id=person_id)


keeping_add(
    Keeping(
        room="api",
        what=_("What a program of yours was answered when it changed something."),
        why=_("So that a request that is sent twice is done once."),
        how_long=_("For a day."),
        models=(KeptAnswer._meta.label,),
        export=answers_of_person,
        erase=_erase,
    )
)
