"""Who is told what of committees."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import NOW, Fact
from betterwork.foundation.notices.services import notice_give
from betterwork.foundation.people.models import Person
from betterwork.modules.bodies.models import Decision, Meeting
from betterwork.modules.bodies.queries import members_in_office

CALLED, DECIDED = "bodies.meeting.called", "bodies.matter.decided"


def notice_kinds_register() -> None:
    """Say how these notices are called; at start."""
    notice_kind_add(
        CALLED,
        title=_("A meeting was called"),
        words=_("%(body)s meets on %(day)s."),
        urgency=NOW,
    )
    notice_kind_add(
        DECIDED,
        title=_("A committee has decided"),
        words=_("%(body)s has decided on what you brought before it."),
        urgency=NOW,
    )


def meeting_called_tell(meeting: Meeting, at: datetime) -> None:
    """Tell the members and alternates of the day that they meet."""
    persons = members_in_office([meeting.body_id], meeting.day).values_list("person", flat=True)
    url = reverse("bodies:meeting_own", kwargs={"meeting": meeting.id})
    facts: dict[str, Fact] = {"body": meeting.body.name, "day": {"day": meeting.day.isoformat()}}
    notice_give(persons=persons, kind=CALLED, facts=facts, url=url, at=at, key=f"called {meeting.id}")


def matter_decided_tell(decision: Decision, at: datetime) -> None:
    """Tell who brought the matter, where that is a person."""
    matter = decision.matter
    if matter is not None and Person.objects.filter(public_id=matter.brought_by).exists():
        facts = {"body": decision.body.name}
        url = matter.url or reverse("home")
        notice_give(persons=[matter.brought_by], kind=DECIDED, facts=facts, url=url, at=at, key=decision.id)
