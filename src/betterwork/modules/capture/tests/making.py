"""Visits and operations for tests. SIMULATED: nobody here exists, and nobody said any of this."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.roles import ADVISOR
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.of_visits import visit_of
from betterwork.modules.capture.services import Answer, capture_take, operations_take
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.models import Visit, VisitMember

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)
ONE, TWO = "p-advisor", "p-partner"
TABLET, LAPTOP = "1" * 32, "2" * 32
MIDNIGHT = "2026-11-23T00:00:00Z"


def advisor(person: str = ONE, country: str = "VN") -> Actor:
    return Actor(person, frozenset({Held(ADVISOR, f"country:{country}")}))


def visit_made(
    *team: str, country: str = "VN", outside_id: str = "1", day: date = DAY, key: str = "", arrived: bool = True
) -> Visit:
    """An assessment under way, with its team."""
    factory, _made = Factory.objects.get_or_create(
        country=country, outside_id=outside_id, defaults={"name": f"SIMULATED Works {outside_id}"}
    )
    more: dict[str, Any] = {"id": key} if key else {}
    if arrived:
        more |= {"state": "under-way", "arrived_on": day, "arrived_at": AT, "arrived_by": ONE}
    visit = Visit.objects.create(
        country=country,
        factory=factory,
        kind="assessment",
        first_day=day,
        last_day=day + timedelta(days=1),
        made_by="operator",
        made_at=AT,
        **more,
    )
    for part, person in zip(("lead", "partner"), team or (ONE, TWO), strict=False):
        VisitMember.objects.create(visit=visit, person=person, part=part, added_by="operator", added_at=AT)
    return visit


def taken(visit: Visit, person: str = ONE, device: str = TABLET, at: datetime = AT) -> Capture:
    found = visit_of(visit.pk)
    assert found is not None
    return capture_take(actor=advisor(person), visit=found, device=device, label="A tablet", at=at)


def identifier(number: int, day: date = DAY) -> str:
    """A UUIDv7 of which the time is the midnight of a day, for a number."""
    moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    return f"{moment:012x}7{number % 4096:03x}8{number:015x}"


def operation(
    number: int,
    value: Any = "compliant",
    *,
    about: str = "",
    field: str = "determination",
    bases: tuple[str, ...] = (),
    device: str = TABLET,
    code: str = "",
    made: str = MIDNIGHT,
) -> dict[str, Any]:
    """An operation as a device sends it."""
    return {
        "id": identifier(number),
        "about": about or f"question:{code or first_code()}",
        "field": field,
        "value": value,
        "bases": sorted(bases),
        "device": device,
        "made": made,
    }


def interview(number: int, value: Any, *, of: int = 1, field: str = "words", **more: Any) -> dict[str, Any]:
    return operation(number, value, about=f"interview:{identifier(900_000 + of)}", field=field, **more)


def codes(kind: str = "compliance") -> list[str]:
    from betterwork.modules.capture.tools import tool_on

    return [one.code for one in tool_on("VN", DAY).version.questions if one.kind == kind]


def first_code() -> str:
    return codes()[0]


@dataclass
class Device:
    """A device without a screen: what it wrote, what it was told, up to where it knows."""

    capture: Capture
    person: str = ONE
    device: str = TABLET
    after: int = 0
    interviews_after: int = 0
    taken: set[str] = field(default_factory=set)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def sync(self, *operations: dict[str, Any], at: datetime = AT) -> Answer:
        done = operations_take(
            actor=advisor(self.person),
            capture=self.capture,
            device=self.device,
            operations=list(operations),
            after=self.after,
            interviews_after=self.interviews_after,
            at=at,
        )
        self.taken |= set(done.taken)
        self.refused |= {one.id: one.reason for one in done.refused}
        for one in (*done.given.operations, *done.interviews):
            self.seen[one["id"]] = one
        self.after, self.interviews_after = done.given.cursor, done.interviews_cursor
        return done
