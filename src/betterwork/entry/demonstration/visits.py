"""The visits of the demonstration: a plan that was proposed, an assessment and advice to come. SIMULATED."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from betterwork.core.errors import WrongUse
from betterwork.core.planning.solving import plan as plan_solve
from betterwork.modules.alerts.naming import named_enter
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.models import Plan, Visit
from betterwork.modules.visits.planning import plan_ask, plan_store, proposal_accept
from betterwork.modules.visits.problem import problem_of
from betterwork.modules.visits.rules import Place
from betterwork.modules.visits.services import visit_plan

COUNTRY = "VN"
WEEKS = 6


def visits_make(persons: Mapping[str, str], at: datetime) -> int:
    """Name who is told of concerns, have a plan proposed, agree a visit of it and one of advice; how many."""
    for word in ("leader.vietnam", "manager.vietnam"):
        named_enter(
            actor=persons["manager.vietnam"], country=COUNTRY, person=persons[word], first=date(at.year, 1, 1), at=at
        )
    plan = _proposed(persons["leader.vietnam"], at)
    first = plan.visits.order_by("first_day", "pk").first()
    if first is not None:
        proposal_accept(actor=persons["leader.vietnam"], visit=first, at=at)
    _advice(persons, first, at)
    return Visit.objects.count()


def _proposed(actor: str, at: datetime) -> Plan:
    """A plan as the job would have made it: the demonstration has no worker yet. The queued job finds it made."""
    monday = at.date() + timedelta(days=7 - at.date().weekday())
    last = monday + timedelta(days=7 * WEEKS - 1)
    plan = plan_ask(actor=actor, country=COUNTRY, first_day=monday, last_day=last, at=at)
    asked = problem_of(COUNTRY, plan.first_day, plan.last_day, at)
    return plan_store(actor=actor, plan=plan, asked=asked, found=plan_solve(asked.problem), at=at)


def _advice(persons: Mapping[str, str], besides: Visit | None, at: datetime) -> None:
    """An announced visit of advice next week, to the first factory where nothing forbids it."""
    day = at.date() + timedelta(days=4)
    factories = Factory.objects.filter(country=COUNTRY, obsolete=False).order_by("pk")
    for factory in factories.exclude(pk=besides.factory_id if besides else 0)[:9]:
        try:
            visit_plan(
                actor=persons["leader.vietnam"],
                factory=factory,
                kind="advice",
                first_day=day,
                last_day=day,
                unannounced=False,
                team=[Place(persons["advisor.vietnam"], "lead")],
                at=at,
            )
        except WrongUse:  # a conflict of interest, leave, another visit
            continue
        return
