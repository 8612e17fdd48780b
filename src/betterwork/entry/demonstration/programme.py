"""The rooms of the SIMULATED programme besides its assessments, filled by the services that anybody's pages use."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from betterwork.core.errors import WrongUse
from betterwork.entry.demonstration.captures import capture_make
from betterwork.entry.demonstration.committees import committees_make
from betterwork.entry.demonstration.people import a_factory
from betterwork.entry.demonstration.plan import Plan
from betterwork.entry.demonstration.register import register_fill
from betterwork.entry.demonstration.sign_ins import SIGN_INS
from betterwork.entry.demonstration.staff import draft_make, staff_facts_enter
from betterwork.entry.demonstration.visits import visits_make
from betterwork.foundation.people.models import Person
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import simulated, with_duty
from betterwork.modules.registry.services import contact_set, outside_id_add

TO_CALL = 20
"""Most exporters outside the programme that are given a contact."""


def programme_fill(plan: Plan, at: datetime) -> list[str]:
    """Fill the rooms, and take down part of a visit; return a line on each. The rooms all of them, or nothing.

    Outside any transaction: the interviews of the visit go to the vault. Raises as :func:`rooms_fill`.
    """
    lines = rooms_fill(plan, at)
    found = dict(Person.objects.values_list("email", "public_id"))
    count = capture_make({one.word: found[one.email] for one in SIGN_INS}, at)
    return [*lines, f"a visit under way, {count:,} things taken down on two devices"]


@transaction.atomic
def rooms_fill(plan: Plan, at: datetime) -> list[str]:
    """Fill register, committees, staff, visits and a tool's draft; return a line on each. All of it, or nothing.

    Raises WrongUse in a home that is not a demonstration, and where its people are not made yet.
    """
    if not simulated():
        raise WrongUse("this fills the rooms of a demonstration only: betterwork demo makes one")
    found = dict(Person.objects.values_list("email", "public_id"))
    persons = {one.word: found[one.email] for one in SIGN_INS if one.email in found}
    if len(persons) < len(SIGN_INS):
        raise WrongUse("the people of the demonstration are not here yet: betterwork demo makes them first")
    filled = register_fill(plan, at)
    scope = f"factory:{a_factory()}"
    _factory_of_the_sign_ins(persons["factory"], scope, at)
    committees = committees_make(persons, scope, at)
    facts = staff_facts_enter(persons, scope, at)
    draft = draft_make(persons, at)
    visits = visits_make(persons, at)
    return [
        f"{filled:,} factories with owner, workers, cycles and what they make",
        f"{len(committees)} committees, {facts} facts of staff",
        f"a draft of the tool: {draft.version}",
        f"{visits} visits proposed, agreed or begun",
    ]


def _factory_of_the_sign_ins(person: str, scope: str, at: datetime) -> None:
    """The factory whose manager can sign in names her as its contact, and has a number with the customs.

    Exporters of its country that do not take part have a contact too: whoever makes taking part a duty can call them.
    """
    country, _slash, number = scope.removeprefix("factory:").partition("/")
    factory = Factory.objects.filter(country=country, outside_id=number).first()
    if factory is None:
        return
    one = next(one for one in SIGN_INS if one.word == "factory")
    contact_set(actor=person, factory=factory, place=1, name=one.name, job_title="Manager", email=one.email, at=at)
    outside_id_add(actor=person, factory=factory, system="customs", number=f"SIMULATED-{number}", at=at)
    exporters = with_duty(Factory.objects.filter(country=country), at.date(), condition=True).filter(duty="missing")
    for place, exporter in enumerate(exporters.order_by("pk")[:TO_CALL], start=1):
        said = {"name": f"Simulated Contact {place}", "phone": f"SIMULATED 000-{place:03}", "job_title": "Manager"}
        contact_set(actor=person, factory=exporter, place=1, at=at, **said)
