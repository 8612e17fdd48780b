"""What the trail keeps of visits: the opaque key, the state, and a digest that proves the rest and tells nothing of it.

Auditors read the trail before arrival. So neither factory nor day nor team stands there: a digest of them does, made
with chance that lies beside the visit, so that nobody can try what it stands for. From arrival on, the factory and the
days are written out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import NewEntry, entries_append
from betterwork.modules.visits.models import TimeSpent, Visit
from betterwork.modules.visits.queries import team_of


def visit_subject(visit: Visit) -> str:
    """How the trail names a visit."""
    return f"visit {visit.pk}"


def visit_state(visit: Visit) -> dict[str, Any]:
    """What an entry keeps of a visit."""
    said: dict[str, Any] = {"state": visit.state, "sealed": digest(canonical_bytes(_all_of(visit)))}
    if visit.arrived_at is not None:
        said |= {
            "factory": visit.factory_id,
            "kind": visit.kind,
            "from": visit.first_day.isoformat(),
            "until": visit.last_day.isoformat(),
            "arrived": visit.arrived_on.isoformat() if visit.arrived_on else "",
        }
    return said


def _all_of(visit: Visit) -> list[Any]:
    """All that is agreed of a visit, in an order, with its chance first."""
    team = [[one.person, one.part] for one in team_of(visit)]
    told = sorted(one.person for one in visit.told.all())
    days = [visit.first_day.isoformat(), visit.last_day.isoformat()]
    more = [visit.unannounced, visit.joint, list(visit.overruled), visit.overruled_why, visit.cancelled_why]
    return [visit.salt, visit.country, visit.factory_id, visit.kind, *days, team, told, more]


def time_subject(entry: TimeSpent) -> str:
    """How the trail names an entry of time: not by its visit, or who is on it could be read there."""
    return f"visit-time {entry.pk}"


def time_state(entry: TimeSpent) -> dict[str, Any]:
    """What an entry keeps of it."""
    visit = entry.visit
    plain = [visit.salt, visit.pk, entry.person, entry.day.isoformat(), entry.minutes, entry.activity]
    return {"sealed": digest(canonical_bytes(plain))}


def visits_recorded(
    action: str, visits: Iterable[tuple[dict[str, Any] | None, Visit]], *, actor: str, at: datetime
) -> None:
    """Write an entry of one action for each of several visits: (what it was before, as it is now)."""
    entries_append(
        new=[
            NewEntry(AUDIT, action, actor, visit_subject(one), {"before": before, "after": visit_state(one)}, at)
            for before, one in visits
        ]
    )
