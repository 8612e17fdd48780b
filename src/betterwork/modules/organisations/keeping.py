"""What the room keeps of a person: what she entered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName


def organisations_export(person_id: str) -> dict[str, Any]:
    """The organisations and names that a person entered, and what she entered of which lies in which."""
    memberships = Membership.objects.filter(Q(entered_by=person_id) | Q(ended_by=person_id)).order_by("id")
    return {
        "organisations": sorted(Organisation.objects.filter(entered_by=person_id).values_list("name", flat=True)),
        "names": sorted(OrganisationName.objects.filter(entered_by=person_id).values_list("name", flat=True)),
        "groups": [
            {
                "member": one.member_id,
                "group": one.group_id,
                "source": one.source if one.entered_by == person_id else "",
            }
            for one in memberships
        ],
    }


def organisations_erase(person_id: str, at: datetime) -> None:
    """Nothing here speaks of her but her id, which says nothing once she is erased."""
