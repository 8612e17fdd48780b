"""What access tells, put into words: access stands lower and calls what is added to its list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access import telling
from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import APP, DAILY, NOW, Fact
from betterwork.foundation.notices.services import notice_give

_REFERENCES = {"person": "person", "by": "person", "role": "role", "scope": "scope"}


def kinds_register() -> None:
    """Say how each kind of access is called, and how soon it is mailed."""
    notice_kind_add(
        telling.GRANT_WAITS,
        title=_("A role waits for a second person"),
        words=_("%(by)s gave %(person)s a role: %(role)s (%(scope)s). It counts when a second person confirms it."),
        urgency=NOW,
    )
    notice_kind_add(
        telling.GRANT_GIVEN,
        title=_("You have a role"),
        words=_("You have a role: %(role)s (%(scope)s)."),
        urgency=DAILY,
    )
    notice_kind_add(
        telling.GRANT_REFUSED,
        title=_("A role you gave was refused"),
        words=_("%(by)s refused the role that you gave %(person)s: %(role)s (%(scope)s)."),
        urgency=DAILY,
    )
    notice_kind_add(
        telling.GRANT_ENDED,
        title=_("A role of yours ended"),
        words=_("A role of yours ended: %(role)s (%(scope)s)."),
        urgency=NOW,
    )
    notice_kind_add(
        telling.ELEVATION_TAKEN,
        title=_("Somebody took access for a while"),
        words=_("%(person)s took access for a while to what you answer for. The reason stands with it."),
        urgency=NOW,
        must=True,
    )
    notice_kind_add(
        telling.ELEVATION_ENDED,
        title=_("Access taken for a while ended"),
        words=_("The access that %(person)s took for a while ended."),
        urgency=APP,
    )


def access_told(kind: str, persons: list[str], facts: Mapping[str, str], at: datetime) -> None:
    """Tell persons what access has to tell them; it calls this in the transaction of what happened."""
    thing = facts.get("grant") or facts.get("elevation") or ""
    wanted: dict[str, Fact] = {
        name: {_REFERENCES[name]: value} for name, value in facts.items() if name in _REFERENCES and value
    }
    url = telling.address_of(kind, thing)
    notice_give(persons=persons, kind=kind, facts=wanted, url=url, at=at, key=f"{thing} {at.isoformat()}")
