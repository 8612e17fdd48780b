"""Factories, advisors and visits for the tests of this room. SIMULATED: nothing of it exists."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from betterwork.foundation.access.models import Grant
from betterwork.foundation.people.models import Person
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import factories_ensure, factory_enrol
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.visits.models import Visit
from betterwork.modules.visits.rules import LEAD, PARTNER, Place, monday_of
from betterwork.modules.visits.services import visit_plan

NOW = timezone.now()
TODAY = NOW.date()
MONDAY = monday_of(TODAY) + timedelta(days=7)
"""The Monday after this week."""
LONG_AGO = TODAY - timedelta(days=3000)
WHY = "said in a test, in a sentence"


def a_factory(number: str = "1", *, began: date | None = None, country: str = "VN") -> Factory:
    """A factory that takes part since a day, four hundred days ago unless told."""
    key = (country, number)
    factory = factories_ensure(actor="operator", wanted={key: f"Works {number}"}, at=NOW)[key]
    factory_enrol(actor="operator", factory=factory, starts=began or TODAY - timedelta(days=400), cycle=1, at=NOW)
    return factory


def known(person: str, *, language: str = "vi", level: str = "alone") -> str:
    """Say that a person leads interviews in a language and assesses at a level, since long ago."""
    for kind, about, has in (("language", language, "first"), ("competence", "assessment", level)):
        StaffFact.objects.create(
            person=person, kind=kind, about=about, level=has, starts=LONG_AGO, entered_by="operator", entered_at=NOW
        )
    return person


def on_leave(person: str, first: date, last: date) -> None:
    """Say that a person is away."""
    StaffFact.objects.create(
        person=person, kind="leave", starts=first, ends=last, entered_by="operator", entered_at=NOW
    )


def in_conflict(person: str, about: str) -> StaffFact:
    """Say that a person has a conflict of interest with a scope."""
    return StaffFact.objects.create(
        person=person, kind="conflict", about=about, starts=LONG_AGO, note=WHY, entered_by="operator", entered_at=NOW
    )


def pair(cast: Any) -> tuple[str, str]:
    """The two advisors of Viet Nam, able to assess."""
    return known(cast.person("advisor").public_id), known(cast.person("partner").public_id)


def another_advisor(word: str, country: str = "VN", *, able: bool = True) -> str:
    """One more advisor."""
    person = Person.objects.create_user(
        f"{word}@cast.example", name=word.capitalize(), public_id=f"p-{word}", state=Person.ACTIVE, invited_at=NOW
    )
    long_ago = NOW - timedelta(days=900)
    Grant.objects.create(
        person=person.public_id,
        role="advisor",
        scope=f"country:{country}",
        starts=long_ago,
        given_by="operator",
        given_at=long_ago,
        confirmed_by="operator",
        confirmed_at=long_ago,
    )
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    return known(person.public_id) if able else person.public_id


def places(*persons: str) -> list[Place]:
    """Who leads, and partners."""
    return [Place(one, PARTNER if number else LEAD) for number, one in enumerate(persons)]


def agreed(
    cast: Any, factory: Factory | None = None, *, first: date | None = None, at: datetime | None = None, **more: Any
) -> Visit:
    """An assessment of the two advisors that is agreed, on two days from ``first`` on."""
    begins = first or MONDAY + timedelta(days=1)
    given: dict[str, Any] = {"kind": "assessment", "team": more.pop("team", None) or places(*pair(cast))} | more
    return visit_plan(
        actor=cast.person("leader").public_id,
        factory=factory or a_factory(),
        first_day=begins,
        last_day=begins + timedelta(days=1),
        at=at or NOW,
        **given,
    )
