"""Reading committees: by which rules, who sits in them, whose say it is, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from betterwork.core.dated import DatedValue, value_on
from betterwork.core.errors import WrongUse
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import document_sections
from betterwork.modules.bodies.declaring import decision_kind
from betterwork.modules.bodies.kinds import WORLD_LEVEL, kind_called
from betterwork.modules.bodies.models import (
    CALLED,
    WAITS,
    Body,
    BodyRule,
    Chair,
    Decision,
    Matter,
    Meeting,
    Member,
)
from betterwork.modules.bodies.rules import Composition, Quorum, Seat, composition_of, quorum_of
from betterwork.modules.bodies.terms import Standing, standing_of
from betterwork.modules.countries.queries import country_title, setting

SECTION = "committee"
"""The audience for which decisions and minutes are sealed."""


def in_force(on: date) -> Q:
    """What holds on a day, both ends inside."""
    return Q(start__lte=on) & (Q(end__isnull=True) | Q(end__gte=on))


def country_words(code: str) -> str:
    """A country as pages call it; its code where it has no programme; nothing for the whole programme."""
    try:
        return country_title(code) if code else ""
    except KeyError:
        return code


def rules_dated(kind: str, country: str) -> list[DatedValue[Composition]]:
    """Every rule that a country set for a kind of committee, with its days and its source; else those shipped.

    Raises :class:`WrongUse` for stored rules that nobody could follow.
    """
    rows = BodyRule.objects.filter(kind=kind, country=country).order_by("start") if country else ()
    return [DatedValue(composition_of(one.rules), one.start, one.end, one.source) for one in rows]


def rules_of_kind(kind: str, country: str, on: date) -> DatedValue[Composition]:
    """The rules of a kind of committee in a country on a day, with their source; the programme's where it set none.

    Raises :class:`WrongUse` when nothing holds that day.
    """
    for values in (rules_dated(kind, country), kind_called(kind).shipped):
        found = value_on(values, on)
        if found is not None:
            return found
    raise WrongUse(f"no rules of a {kind} hold on {on}: set them for the country, with their source")


def rules_on(body: Body, on: date) -> DatedValue[Composition]:
    """The rules by which a committee sits and decides on a day. Raises :class:`WrongUse` when none hold."""
    return rules_of_kind(body.kind, body.country, on)


def seats_of(body: Body) -> list[Seat]:
    """Every term in a committee, as the rules take it."""
    return [seat_of(one) for one in Member.objects.filter(body=body).order_by("start", "id")]


def seat_of(member: Member) -> Seat:
    """A term as the rules take it."""
    return Seat(member.id, member.side, member.person, member.start, member.end, member.alternate_for_id or "")


def chair_on(body: Body, on: date) -> str:
    """The term that chairs a committee on a day; empty where nobody does."""
    found = Chair.objects.filter(in_force(on), body=body).values_list("member", flat=True).first()
    return found or ""


def standing_on(body: Body, on: date) -> Standing:
    """A committee against its rule on a day: seats taken and empty, the share of women, whether it has a chair."""
    rows = list(Member.objects.filter(body=body))
    return standing_of(
        rules_on(body, on).value,
        [seat_of(one) for one in rows],
        {one.id for one in rows if one.sex == "f"},
        {one.id for one in rows if one.sex in ("f", "m")},
        on,
        chair=bool(chair_on(body, on)),
    )


def present_at(meeting: Meeting) -> set[str]:
    """The terms whose holders were noted as present."""
    return set(meeting.attendances.values_list("member", flat=True))


def quorum_at(meeting: Meeting, present: set[str] | None = None) -> Quorum:
    """The quorum of a meeting by the rules of its day. ``present``: others than those noted (a written procedure)."""
    body = meeting.body
    there = present_at(meeting) if present is None else present
    rules = rules_on(body, meeting.day).value
    return quorum_of(rules, seats_of(body), there, meeting.day, chair=chair_on(body, meeting.day))


def body_called(key: str, rows: QuerySet[Body]) -> Body:
    """The committee of this id among ``rows``. Raises :class:`WrongUse` where there is none."""
    found = rows.filter(id=key.strip()).first()
    if found is None:
        raise WrongUse("there is no such committee that you may see; betterwork body list shows the ids")
    return found


def bodies_of_kind(kind: str, country: str, on: date) -> QuerySet[Body]:
    """The committees of a kind that sit on a day: of a country, or of the programme where the kind is of the world."""
    where = "" if kind_called(kind).level == WORLD_LEVEL else country
    return Body.objects.filter(in_force(on), kind=kind, country=where).order_by("start", "id")


@dataclass(frozen=True, slots=True)
class Say:
    """Whose say something is on a day: the kind of committee, the committee where there is one, and by which rule."""

    kind: str
    body: Body | None
    source: str


def say_on(kind: str, *, country: str, on: date) -> Say:
    """Which committee has the say on a kind of decision in a country on a day.

    The country's dated setting, else the programme's, else what the room that asks declared. Raises WrongUse for a
    kind of decision that no room declared.
    """
    declared = decision_kind(kind)
    try:
        value = setting(country, declared.setting, on)
        name, source = value.value, value.source
    except KeyError:
        name, source = declared.body_kind, ""
    return Say(name, bodies_of_kind(name, country, on).first(), source)


def decision_on(kind: str, subject: str, *, country: str, on: date) -> Decision | None:
    """The decision on something that counted on a day: the last one taken by then; later ones supersede."""
    rows = Decision.objects.filter(matter__kind=kind, matter__subject=subject, matter__country=country, day__lte=on)
    return rows.select_related("body", "matter", "document", "meeting").order_by("day", "taken_at", "id").last()


def matter_waiting(kind: str, subject: str, *, country: str) -> Matter | None:
    """The matter that waits to be decided, if any."""
    rows = Matter.objects.filter(kind=kind, subject=subject, country=country, state="waits")
    return rows.select_related("body").first()


def document_content(document: SealedDocument | None) -> dict[str, Any]:
    """What a sealed decision, or sealed minutes, say; nothing where there is none."""
    found = document_sections(document.body).get(SECTION) if document else None
    return found if isinstance(found, dict) else {}


def minutes_text(meeting: Meeting) -> str:
    """The minutes as adopted and last corrected, else the draft."""
    if meeting.minutes_document is None:
        return meeting.minutes
    return str(document_content(meeting.minutes_document).get("text", ""))


def members_in_office(bodies: Iterable[str], on: date) -> QuerySet[Member]:
    """Who sits in these committees on a day, alternates too."""
    return Member.objects.filter(in_force(on), body__in=bodies)


def next_number(rows: QuerySet[Any]) -> int:
    """The number of the next meeting or decision of a committee. The caller holds the committee's row."""
    return int(rows.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def bodies_listed(rows: QuerySet[Body], on: date) -> QuerySet[Any]:
    """Committees with how many sit in them, how much waits, and when they meet next."""
    of_body = {"body": OuterRef("pk")}
    coming = Meeting.objects.filter(state=CALLED, day__gte=on, **of_body).order_by("day", "number")
    return rows.annotate(
        sitting=_count(Member.objects.filter(in_force(on), alternate_for__isnull=True, **of_body)),
        waiting=_count(Matter.objects.filter(state=WAITS, **of_body)),
        next_day=Subquery(coming.values("day")[:1]),
        next_meeting=Subquery(coming.values("pk")[:1]),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("body").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
