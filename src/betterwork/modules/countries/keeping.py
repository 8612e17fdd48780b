"""What the room keeps of a person: what she entered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState

ERASED = "[erased]"


def countries_export(person_id: str) -> dict[str, Any]:
    """What a person added, entered and withdrew."""
    states = ProgrammeState.objects.filter(Q(entered_by=person_id) | Q(withdrawn_by=person_id)).order_by("id")
    rules = CountrySetting.objects.filter(entered_by=person_id).order_by("entered_at", "id")
    return {
        "programmes_added": sorted(Programme.objects.filter(added_by=person_id).values_list("code", flat=True)),
        "states": [
            {
                "country": one.programme_id,
                "state": one.state,
                "first": one.first.isoformat(),
                "source": one.source if one.entered_by == person_id else "",
                "withdrawn": one.withdrawn_reason if one.withdrawn_by == person_id else "",
            }
            for one in states
        ],
        "rules": [
            {
                "country": one.programme_id or "",
                "name": one.name,
                "value": one.value,
                "first": one.first.isoformat(),
                "last": one.last.isoformat() if one.last else "",
                "source": one.source,
                "entered_at": one.entered_at.isoformat(),
            }
            for one in rules
        ],
    }


def countries_erase(person_id: str, at: datetime) -> None:
    """Blank the reasons she gave for withdrawing; a source is the rule's and stays, under an id that says nothing."""
    ProgrammeState.objects.filter(withdrawn_by=person_id).update(withdrawn_reason=ERASED)
