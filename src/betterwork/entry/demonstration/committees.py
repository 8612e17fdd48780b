"""The committees of the demonstration: who sits in them, a meeting that was held, one that is called. SIMULATED."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.modules.bodies.kinds import ADVISORY, FACTORY, MANAGEMENT, NATIONAL
from betterwork.modules.bodies.meeting import attendance_note, item_add, meeting_call, minutes_adopt, minutes_write
from betterwork.modules.bodies.models import ELECTED, NAMED, Body, Meeting, Member
from betterwork.modules.bodies.rules import ADVICE, APPROVED, BY_CONSENSUS, BY_SIDE, YES, Ballot
from betterwork.modules.bodies.services import body_found, chair_name, decision_take, member_seat
from betterwork.modules.countries.queries import countries

WITH_A_COMMITTEE = "VN"
"""Whose representatives can sign in. Elsewhere the committee is set up and its seats wait."""
HELD, CALLED = timedelta(days=40), timedelta(days=20)
"""How long ago the last meeting was, and how far ahead the next one is."""


def committees_make(persons: Mapping[str, str], factory: str, at: datetime) -> list[Body]:
    """Set up a national committee in each country, those of the programme, and that of one factory.

    ``persons``: the word of a sign-in → her opaque id; ``factory``: the scope of the factory whose people can sign in.
    """
    first = date(at.year - 1, 3, 1)
    found = []
    for country in countries():
        name = f"Simulated Project Advisory Committee, {country.name}"
        body = body_found(actor=OPERATOR, kind=NATIONAL, name=name, start=first, country=country.code, at=at)
        if country.code == WITH_A_COMMITTEE:
            _national(body, persons, at)
        found.append(body)
    return [*found, _management(persons, first, at), _advisory(persons, first, at), _factory(persons, factory, at)]


def _national(body: Body, persons: Mapping[str, str], at: datetime) -> None:
    """Viet Nam: the three who can sign in, the government's in the chair; one decision, and the next meeting."""
    manager = persons["manager.vietnam"]
    terms = _seated(
        body,
        persons,
        (
            ("government", "government", "ministry-vn", "f"),
            ("employers", "employers", "employers-vn", "m"),
            ("workers", "workers", "union-vn", "f"),
        ),
        at,
        chair="government",
    )
    held = _held(manager, body, terms, at, place="Simulated Ministry of Labour, first floor")
    items = [
        item_add(actor=manager, meeting=held, title=title, at=at)
        for title in ("The synthesis report of the year", "Which questions of the tool are asked next year")
    ]
    attendance_note(actor=manager, meeting=held, present=[one.id for one in terms.values()], at=at)
    decision_take(
        actor=manager,
        meeting=held,
        item=items[1],
        text="The secretariat writes a version of the assessment tool for Viet Nam and brings it before the committee. "
        "It says more of drinking water, and asks for changing rooms and lockers apart.",
        outcome=APPROVED,
        ballot=Ballot(BY_CONSENSUS, {}),
        at=at,
    )
    minutes_write(
        actor=manager,
        meeting=held,
        text="The committee took note of the synthesis report. On the tool it decided as recorded.",
        at=at,
    )
    minutes_adopt(actor=manager, meeting=held, on=at.date() - timedelta(days=10), at=at)
    following = _called(manager, body, at, place="Simulated Ministry of Labour, first floor")
    item_add(actor=manager, meeting=following, title="Factories that stopped taking part", at=at)


def _management(persons: Mapping[str, str], first: date, at: datetime) -> Body:
    body = body_found(actor=OPERATOR, kind=MANAGEMENT, name="Simulated Management Group", start=first, at=at)
    lead = persons["geneva"]
    terms = _seated(body, persons, (("geneva", "ilo", "ilo", "f"), ("geneva.second", "ifc", "ifc", "m")), at)
    held = _held(lead, body, terms, at)
    item = item_add(actor=lead, meeting=held, title="The plan and the budget of the year", at=at)
    attendance_note(actor=lead, meeting=held, present=[one.id for one in terms.values()], at=at)
    decision_take(
        actor=lead,
        meeting=held,
        item=item,
        text="The plan and the budget of the year are approved.",
        outcome=APPROVED,
        ballot=Ballot(BY_SIDE, {"ilo": YES, "ifc": YES}),
        at=at,
    )
    _called(lead, body, at)
    return body


def _advisory(persons: Mapping[str, str], first: date, at: datetime) -> Body:
    """Its advice waits for an answer: it stands on the home of whoever keeps the committee."""
    body = body_found(actor=OPERATOR, kind=ADVISORY, name="Simulated Advisory Committee", start=first, at=at)
    lead = persons["geneva"]
    sides = (
        ("donor", "donors", "simulated-donor", "f"),
        ("buyer", "buyers", "simulated-buyer", "m"),
        ("researcher", "experts", "simulated-research", "f"),
        ("employers", "employers", "employers-vn", "m"),
        ("workers", "workers", "simulated-global-union", "f"),
    )
    terms = _seated(body, persons, sides, at)
    held = _held(lead, body, terms, at)
    item = item_add(actor=lead, meeting=held, title="What buyers are shown of a factory", at=at)
    attendance_note(actor=lead, meeting=held, present=[one.id for one in terms.values()], at=at)
    decision_take(
        actor=lead,
        meeting=held,
        item=item,
        text="Show buyers what a factory does after an assessment beside what was found, and not the finding alone.",
        outcome=ADVICE,
        ballot=Ballot(BY_CONSENSUS, {}),
        at=at,
    )
    return body


def _factory(persons: Mapping[str, str], factory: str, at: datetime) -> Body:
    body = body_found(
        actor=OPERATOR,
        kind=FACTORY,
        name="Simulated Performance Improvement Consultative Committee",
        start=date(at.year - 1, 3, 1),
        factory=factory,
        workers_chosen=ELECTED,
        at=at,
    )
    _seated(body, persons, (("factory", "management", "", "m"), ("committee", "workers", "", "f")), at)
    return body


def _seated(
    body: Body,
    persons: Mapping[str, str],
    sides: tuple[tuple[str, str, str, str], ...],
    at: datetime,
    chair: str = "",
) -> dict[str, Member]:
    """Seat (word, side, organisation, sex) from the committee's first day; ``chair`` is the word of who chairs."""
    seated = {
        word: member_seat(
            actor=OPERATOR,
            body=body,
            person=persons[word],
            side=side,
            start=body.start,
            organisation=organisation,
            chosen=ELECTED if body.kind == FACTORY and side == "workers" else NAMED,
            sex=sex,
            at=at,
        )
        for word, side, organisation, sex in sides
    }
    if chair:
        chair_name(actor=OPERATOR, body=body, member=seated[chair], start=body.start, at=at)
    return seated


def _held(actor: str, body: Body, terms: Mapping[str, Member], at: datetime, place: str = "") -> Meeting:
    day = max(at.date() - HELD, *(one.start for one in terms.values()))
    return meeting_call(actor=actor, body=body, day=day, begins=time(9, 0), place=place, remote=not place, at=at)


def _called(actor: str, body: Body, at: datetime, place: str = "") -> Meeting:
    day = at.date() + CALLED
    return meeting_call(actor=actor, body=body, day=day, begins=time(9, 0), place=place, remote=not place, at=at)
