"""The worked example: interviews of a visit, simulated. Nobody said any of this."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from betterwork.foundation.access.models import Elevation
from betterwork.foundation.audiences.names import ASSESSING_TEAM
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.roles import ADVISOR, COUNTRY_MANAGER, TEAM_LEADER
from betterwork.foundation.vault.kinds import KINDS, VaultKind, vault_kind_add
from betterwork.foundation.vault.rules import ItemFacts, purpose_of
from betterwork.foundation.vault.services import vault_put

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=2)
WORDS = "SIMULATED heard-behind-the-canteen: the night door is chained after ten"
NOTE = "Several workers spoke of the night shift."
INTERVIEW = {"text": WORDS, "answers": [{"question": "4.2", "answer": "no"}]}
OUTSIDE = {"group_size": 6, "note": NOTE}


def person(name: str, role: str = "", scope: str = "country:VN") -> Actor:
    return Actor(name, frozenset({Held(role, scope)} if role else set()))


ADVISOR_ONE = person("p-advisor-one", ADVISOR)
ADVISOR_TWO = person("p-advisor-two", ADVISOR)
REVIEWER = person("p-leader", TEAM_LEADER)
MANAGER = person("p-manager", COUNTRY_MANAGER)
OTHER_ADVISOR = person("p-advisor-three", ADVISOR)


_STOOD: list[VaultKind] = []
"""The kind of the room that keeps interviews, while the example's own takes its place."""


def interviews_kind() -> VaultKind:
    """Interviews come into the vault."""
    if "interview" in KINDS and not _STOOD:
        _STOOD.append(KINDS["interview"])
    return vault_kind_add(
        "interview",
        audience=ASSESSING_TEAM,
        scopes=lambda item: {"country:VN"},
        outside=("group_size", "note"),
    )


def interviews_kind_gone() -> None:
    KINDS.pop("interview", None)
    if _STOOD:
        KINDS["interview"] = _STOOD[0]
        _STOOD.clear()


def interview_put(content: Any = INTERVIEW, *, item_id: str = "", at: datetime = AT) -> ItemFacts:
    return vault_put(
        actor=ADVISOR_ONE.id,
        kind="interview",
        subject="visit VN/2015-7",
        openers=[ADVISOR_ONE.id, ADVISOR_TWO.id],
        content=content,
        outside=OUTSIDE,
        at=at,
        item_id=item_id,
    )


def elevation(item_id: str, who: Actor = MANAGER, minutes: int = 30, at: datetime = AT) -> Elevation:
    """Access taken for a while, as the room of access writes it."""
    return Elevation.objects.create(
        person=who.id,
        purpose=purpose_of(item_id),
        reason="A worker may be in danger tonight.",
        starts=at,
        ends=at + timedelta(minutes=minutes),
    )
