"""Looking at a team and days that somebody chose: which rules they break, which of them a reason may overrule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.core.planning.checking import broken
from betterwork.core.planning.values import Broken, Planned, Rule
from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.queries import grants_in_force
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors import roles
from betterwork.foundation.people.models import Person
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import factory_kept
from betterwork.modules.staff.policy import WORKS
from betterwork.modules.visits.known import conflicts_with, days_taken, known_of
from betterwork.modules.visits.models import Plan, Visit, VisitMember
from betterwork.modules.visits.problem import Wanted, problem_to_check
from betterwork.modules.visits.rules import (
    ASSESSMENT,
    ASSESSORS,
    INSPECTOR,
    LEAD,
    NEVER_OVERRULED,
    PARTNER,
    PROPOSED,
    SHORTEST_REASON,
    STANDING,
    Place,
    days_of,
    days_refusal,
    monday_of,
    team_refusal,
)
from betterwork.modules.visits.settings_of import rules_of
from betterwork.modules.visits.words import broken_words


class RulesBroken(WrongUse):
    """What was chosen breaks rules: ``never`` says that no reason could make it right."""

    def __init__(self, words: Sequence[str], *, never: bool) -> None:
        hint = "" if never else " " + _("If it must be, say why: the reason is kept with the visit.")
        super().__init__(" ".join(words) + hint)
        self.never = never


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for one visit."""

    factory: Factory
    kind: str
    first: date
    last: date
    team: tuple[Place, ...]
    joint: bool
    visit: str = ""
    """The key of the visit that it is chosen for, if there is one."""
    plan: Plan | None = None

    @property
    def assessors(self) -> tuple[str, ...]:
        """Who assesses, in order of their ids."""
        return tuple(sorted(one.person for one in self.team if one.part in ASSESSORS))


def choice_checked(choice: Choice, *, why: str, at: datetime) -> list[str]:
    """The codes of the rules that a choice breaks and ``why`` overrules, the persons locked until the transaction ends.

    Raises :class:`RulesBroken` for rules that no reason overrules, or without one, and WrongUse for what is no team.
    """
    rules = rules_of(choice.factory.country, choice.first)
    if choice.joint and not rules.joint:
        raise WrongUse(_("The protocol of this country knows no joint visits."))
    refusal = days_refusal(choice.first, choice.last) or team_refusal(
        choice.team, kind=choice.kind, assessors=rules.advisors, joint=choice.joint
    )
    if refusal:
        raise WrongUse(str(refusal))
    persons_lock(one.person for one in choice.team)
    _able(choice, at)
    found = broken_by([choice], at=at, plan=choice.plan)
    return overruled(found, why)


def overruled(found: Iterable[Broken], why: str, called: Mapping[str, str] | None = None) -> list[str]:
    """The codes of broken rules where ``why`` is a reason. Raises :class:`RulesBroken` where none will do, or is.

    ``called``: of several visits, how each factory is called, so that it can be seen whose rule is broken.
    """
    rows = list(found)
    names = person_names(person for one in rows for person in one.advisors)
    never = [one for one in rows if one.rule in NEVER_OVERRULED]
    if never or (rows and len(why.strip()) < SHORTEST_REASON):
        words = [_of_whom(broken_words(one, names), (called or {}).get(one.factory, "")) for one in never or rows]
        raise RulesBroken(list(dict.fromkeys(words))[:MOST_SAID], never=bool(never))
    return sorted({str(one.rule) for one in rows})


MOST_SAID = 10
"""So many broken rules are told at once."""


def _of_whom(words: str, factory: str) -> str:
    return f"{factory}: {words}" if factory else words


def broken_by(choices: Sequence[Choice], *, at: datetime, plan: Plan | None, proposals: bool = True) -> list[Broken]:
    """The hard rules that choices break, as the independent checker says; all are of one country.

    Of assessments all rules; of other visits and of those who come along: conflicts of interest, leave, and other
    visits on the same days. ``proposals``: whether what ``plan`` proposes besides counts. A bounded number of queries.
    """
    if not choices:
        return []
    country = choices[0].factory.country
    kept = {one.factory.pk: factory_kept(one.factory).pk for one in choices} if len(choices) == 1 else {}
    wanted = [
        Wanted(kept.get(one.factory.pk, one.factory.pk), one.assessors, one.first, one.last, one.visit)
        for one in choices
        if one.kind == ASSESSMENT
    ]
    found: list[Broken] = []
    if wanted:
        problem = problem_to_check(country, wanted, at, plan, proposals=proposals)
        visits = [Planned(str(one.factory), one.assessors, monday_of(one.first)) for one in wanted]
        found += broken(problem, visits)
    found += _along(country, choices, kept)
    _taken_check(choices, plan if proposals else None)
    found += _standing(country, choices)
    return list(found)


def _along(country: str, choices: Sequence[Choice], kept: Mapping[int, int]) -> Iterable[Broken]:
    """Conflicts of interest and leave of those whom the planner's rules do not look at."""
    first, last = min(one.first for one in choices), max(one.last for one in choices)
    people = {(number, place.person) for number, one in enumerate(choices) for place in one.team if _looks(one, place)}
    if not people:
        return
    known = known_of({person for _number, person in people}, first, last)
    conflicts = conflicts_with(country, known, first, last)
    for number, person in sorted(people):
        one = choices[number]
        factory = kept.get(one.factory.pk, one.factory.pk)
        if conflicts[person] & {factory, one.factory.pk}:
            yield Broken(Rule.CONFLICT, str(factory), (person,))
        if known[person].away(one.first, one.last):
            yield Broken(Rule.LEAVE, str(factory), (person,))


def _looks(choice: Choice, place: Place) -> bool:
    return place.part != INSPECTOR and (choice.kind != ASSESSMENT or place.part not in ASSESSORS)


def _taken_check(choices: Sequence[Choice], plan: Plan | None) -> None:
    """Nobody is in two places on one day: neither in what is agreed nor in what is chosen here."""
    first, last = min(one.first for one in choices), max(one.last for one in choices)
    persons = {place.person for one in choices for place in one.team}
    but = {one.visit for one in choices if one.visit}
    taken = days_taken(persons, first, last, but=but)
    if plan is not None:
        mine = VisitMember.objects.filter(
            visit__plan=plan, visit__state=PROPOSED, left_at__isnull=True, person__in=list(persons)
        )
        rows = mine.exclude(visit__in=sorted(but))
        for person, begins, ends in rows.values_list("person", "visit__first_day", "visit__last_day"):
            taken[person].update(days_of(begins, ends))
    again: dict[str, set[date]] = defaultdict(set)
    for one in choices:
        days = set(days_of(one.first, one.last))
        for place in one.team:
            if days & (taken[place.person] | again[place.person]):
                raise RulesBroken(
                    [_of_whom(_busy(place.person), one.factory.name if len(choices) > 1 else "")], never=True
                )
            again[place.person] |= days


def _busy(person: str) -> str:
    return _("%(who)s is on another visit on one of these days.") % {"who": person_names([person]).get(person, person)}


def _standing(country: str, choices: Sequence[Choice]) -> Iterable[Broken]:
    """A factory has one assessment to come at a time."""
    wanted = {one.factory.pk: one for one in choices if one.kind == ASSESSMENT}
    but = sorted(one.visit for one in choices if one.visit)
    rows = Visit.objects.filter(country=country, kind=ASSESSMENT, state__in=STANDING, factory__in=list(wanted))
    for factory in rows.exclude(pk__in=but).values_list("factory", flat=True):
        yield Broken(Rule.ONCE, str(factory), (), {"visits": 2})


def persons_lock(persons: Iterable[str]) -> None:
    """Let nobody else send these persons elsewhere before the transaction ends: always locked in one order."""
    wanted = sorted(set(persons))
    list(Person.objects.select_for_update().filter(public_id__in=wanted).order_by("public_id").values_list("pk"))


def _able(choice: Choice, at: datetime) -> None:
    """Refuse who holds no role with which she can be sent. Raises :class:`WrongUse`."""
    held = roles_held({one.person for one in choice.team}, choice.factory.country, at)
    for one in choice.team:
        allowed = {LEAD: SENT, PARTNER: SENT, INSPECTOR: (roles.INSPECTOR,)}.get(one.part, WORKS)
        if not held.get(one.person, set()) & set(allowed):
            who = person_names([one.person]).get(one.person, one.person)
            raise WrongUse(_("%(who)s has no role in this country with which she could be sent.") % {"who": who})


SENT = (roles.ADVISOR, roles.TEAM_LEADER, roles.COUNTRY_MANAGER, roles.GLOBAL_STAFF)
"""Who makes visits. Assessments are made by advisors alone: the planner's rules see to that."""


def roles_held(persons: Collection[str], country: str, at: datetime) -> dict[str, set[str]]:
    """Person → the roles that she holds in a country or over the world, of those who have joined. One query."""
    rows: Any = grants_in_force(at).filter(person__in=list(persons))
    rows = rows.filter(Q(scope=roles.scope_country(country)) | Q(scope=roles.WORLD))
    joined = Person.objects.filter(state=Person.ACTIVE).values("public_id")
    found: dict[str, set[str]] = defaultdict(set)
    grant: Grant
    for grant in rows.filter(person__in=joined):
        found[grant.person].add(grant.role)
    return dict(found)
