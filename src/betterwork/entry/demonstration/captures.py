"""What advisors of the demonstration took down on the visit that is under way. SIMULATED: nobody said any of it."""

# ruff: noqa: S311 - made-up data wants chance that can be repeated, not secrets

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.queries import actor_called
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.of_visits import visit_of
from betterwork.modules.capture.services import capture_take, operations_take
from betterwork.modules.capture.syncing import tool_asked
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.models import Visit
from betterwork.modules.visits.rules import Place
from betterwork.modules.visits.services import arrival_record, visit_plan

COUNTRY, WHY = "VN", "SIMULATED: so that the demonstration has a visit under way."
DEVICES = {"advisor.vietnam": ("d1" * 16, "SIMULATED tablet"), "partner.vietnam": ("d2" * 16, "SIMULATED laptop")}
REASONS = (
    "SIMULATED: two of four exits of the sewing hall were locked while people worked.",
    "SIMULATED: overtime of March stands in the time records and not on the pay slips.",
    "SIMULATED: the first aid boxes of the second floor were empty.",
)
ASKED_SHARE, FOUND_SHARE = 0.6, 0.18


def capture_make(persons: Mapping[str, str], at: datetime) -> int:
    """Begin an assessment and take part of it down on two devices, one question differently; how many operations.

    Outside any transaction: interviews go to the vault.
    """
    visit = _under_way(persons, at)
    if visit is None:
        return 0
    capture, chance, count = None, random.Random(7), 0
    for word, (device, label) in DEVICES.items():
        actor, facts = actor_called(persons[word], at), visit_of(visit.pk)
        assert facts is not None
        capture = capture_take(actor=actor, visit=facts, device=device, label=label, at=at)
        written = list(_written(capture, device, at, chance, others=word.startswith("partner")))
        for place in range(0, len(written), 250):
            some = written[place : place + 250]
            operations_take(
                actor=actor, capture=capture, device=device, operations=some, after=0, interviews_after=0, at=at
            )
        count += len(written)
    return count


def _under_way(persons: Mapping[str, str], at: datetime) -> Visit | None:
    """An assessment that began today, at the first factory where nothing forbids it."""
    today, team = at.date(), [Place(persons["advisor.vietnam"], "lead"), Place(persons["partner.vietnam"], "partner")]
    taken = Visit.objects.values("factory")
    for factory in Factory.objects.filter(country=COUNTRY, obsolete=False).exclude(pk__in=taken).order_by("pk")[:20]:
        try:
            visit = visit_plan(
                actor=persons["leader.vietnam"],
                factory=factory,
                kind="assessment",
                first_day=today,
                last_day=today + timedelta(days=1),
                team=team,
                why=WHY,
                at=at,
            )
        except WrongUse:  # a conflict of interest, leave, an enrolment that ended
            continue
        return arrival_record(actor=persons["advisor.vietnam"], visit=visit, on=today, at=at)
    return None


def _written(
    capture: Capture, device: str, at: datetime, chance: random.Random, *, others: bool
) -> Iterator[dict[str, Any]]:
    """What one of the two wrote: every second question is hers, the first one both answered, each in her own way."""
    ids = _ids(at, device)
    questions = [one for one in tool_asked(capture).version.questions if one.kind == "compliance"]
    for place, question in enumerate(questions):
        if place and (place % 2 == others or chance.random() > ASKED_SHARE):
            continue
        found = chance.random() < FOUND_SHARE if place else others
        said: dict[str, Any] = {"determination": "non-compliant" if found else "compliant", "source.documents": True}
        said["sample.documents"] = {"looked": chance.randint(5, 20), "of": None}
        if found:
            said |= {"reason": chance.choice(REASONS), "source.observation": True, "affected": chance.randint(5, 200)}
        elif chance.random() < 0.1:
            said = {"later": True}
        for name, value in said.items():
            yield _operation(next(ids), f"question:{question.code}", name, value, device, at)
    about = f"interview:{next(ids)}"
    for name, value in {"source": "workers", "women": 4, "men": 2, "method": "group"}.items():
        yield _operation(next(ids), about, name, value, device, at)


def _ids(at: datetime, device: str) -> Iterator[str]:
    """Ids as devices make them, of which the moment is the day's midnight: interviews tell no hour."""
    midnight = datetime(at.year, at.month, at.day, tzinfo=UTC)
    number = 0
    while True:
        number += 1
        yield f"{int(midnight.timestamp() * 1000):012x}7{number >> 60 & 0xFFF:03x}8{device[:3]}{number:012x}"


def _operation(name: str, about: str, field: str, value: Any, device: str, at: datetime) -> dict[str, Any]:
    made = f"{at:%Y-%m-%d}T00:00:00Z"
    return {"id": name, "about": about, "field": field, "value": value, "bases": [], "device": device, "made": made}
