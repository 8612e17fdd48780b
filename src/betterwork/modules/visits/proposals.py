"""Reading a plan: its proposals week by week with their reasons, what it could not place, what became of its job."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.jobs.models import Job
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.calendar import named_team
from betterwork.modules.visits.models import Plan, Visit
from betterwork.modules.visits.presentations import VISIT
from betterwork.modules.visits.queries import team_of, with_team
from betterwork.modules.visits.rules import PROPOSED, monday_of
from betterwork.modules.visits.words import RULES, TO_DO, reason_words, rules_words, unplaced_words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A visit of a plan, with who goes and why."""

    visit: Any
    team: tuple[tuple[str, str], ...]
    why: list[str]
    overruled: list[str]
    open: bool


@dataclass(frozen=True, slots=True)
class ProposedWeek:
    """The visits of a plan in a week."""

    monday: date
    proposals: list[Proposal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Left:
    """A factory for which a plan has no visit: the rule, why, and what can be done."""

    factory: str
    key: str
    rule: str
    why: str
    to_do: str
    also: list[str]


def months_of(plan: Plan) -> list[tuple[str, int]]:
    """(``2026-11``, how many visits) of the months of a plan. One query."""
    days = _of(plan).values_list("first_day", flat=True)
    return sorted(Counter(f"{day:%Y-%m}" for day in days).items())


def _of(plan: Plan) -> QuerySet[Visit]:
    """What a plan proposes or proposed, without what was put aside with it."""
    return plan.visits.exclude(state="cancelled")


def proposals_of(plan: Plan, month: str) -> tuple[list[ProposedWeek], int]:
    """The visits of a plan in a month, week by week, and how many of them are agreed. Four queries at most."""
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    rows = with_team(_of(plan).filter(first_day__gte=first, first_day__lte=last).select_related("factory"))
    found = list(rows.order_by("first_day", "factory__name", "id"))
    ids = {member.person for one in found for member in team_of(one)}
    for one in found:
        ids |= persons_in(one.why)
    names = person_names(ids)
    weeks: dict[date, ProposedWeek] = {}
    for one in found:
        week = weeks.setdefault(monday_of(one.first_day), ProposedWeek(monday_of(one.first_day)))
        why = [words for reason in one.why if (words := reason_words(reason, names))]
        overruled = rules_words(one.overruled)
        week.proposals.append(Proposal(VISIT.row(one), named_team(one, names), why, overruled, one.state == PROPOSED))
    return list(weeks.values()), sum(one.state != PROPOSED for one in found)


def persons_in(reasons: list[dict[str, Any]]) -> set[str]:
    """Ids that the details of reasons name, as keys or in lists; what is no person has no name and is left out."""
    found: set[str] = set()
    for one in reasons:
        for key, value in one.get("detail", {}).items():
            found.add(key)
            found.update(value if isinstance(value, list) else [])
    return found


def rules_counted(plan: Plan) -> list[tuple[str, str, int]]:
    """The rules that left factories without a visit, the one that left the most first: code, words, how many."""
    counted = Counter(one["rule"] for one in plan.unplaced)
    return [(rule, str(RULES.get(rule, rule)), count) for rule, count in counted.most_common()]


def unplaced_of(plan: Plan, rule: str = "") -> list[Left]:
    """The factories that a plan could not place, or that one rule left; each with what can be done. Two queries."""
    rows = [one for one in plan.unplaced if not rule or one["rule"] == rule]
    factories = Factory.objects.in_bulk([one["factory"] for one in rows])
    names = person_names(person for one in rows for person in _list(one.get("detail", {}).get("advisors")))
    found = []
    for one in rows:
        factory = factories.get(one["factory"])
        if factory is None:
            continue
        found.append(
            Left(
                factory=factory.name,
                key=str(factory),
                rule=str(RULES.get(one["rule"], one["rule"])),
                why=unplaced_words(one, names),
                to_do=str(TO_DO.get(one["rule"], "")),
                also=rules_words(one.get("also", [])),
            )
        )
    return found


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def job_progress(plan: Plan) -> dict[str, Any]:
    """How far the job is that makes a plan: steps done, of how many, at what; nothing before it begins. One query."""
    rows = Job.objects.filter(pk=plan.job, state="running", progress_of__gt=0) if plan.job else Job.objects.none()
    found = rows.values_list("progress_done", "progress_of", "progress_words").first()
    return {"done": found[0], "of": found[1], "words": _(found[2]) if found[2] else ""} if found else {}


def job_trouble(plan: Plan) -> str:
    """Why a plan that is being made does not come: its job failed for good. Empty while there is hope."""
    state = Job.objects.filter(pk=plan.job).values_list("state", flat=True).first() if plan.job else None
    return _("The plan could not be made. Put it aside and ask again.") if state in ("failed", "cancelled") else ""
