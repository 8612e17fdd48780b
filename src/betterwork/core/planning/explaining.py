"""Why a visit is proposed as it is, and which rule keeps a factory from having one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from betterwork.core.planning.ground import (
    Ground,
    Room,
    Rules,
    Visit,
    free,
    team_exists,
    week_possible,
    weeks_for,
)
from betterwork.core.planning.values import (
    Advisor,
    Because,
    Cause,
    Data,
    Due,
    Planned,
    Problem,
    Reason,
    Rule,
    Unplaced,
    Value,
)
from betterwork.core.planning.weighing import weeks_overdue

NAMED = (
    Rule.CAPACITY,
    Rule.LEAVE,
    Rule.ROTATION,
    Rule.CONFLICT,
    Rule.COMPETENCE,
    Rule.LANGUAGE,
    Rule.LEAD,
    Rule.PAIR,
    Rule.WINDOW,
)
"""Where one of several would do: the nearest to what really stopped it first. LEAVE goes before LANGUAGE, for
where the only one who speaks it is away, this is the thing to know."""


# -- why a visit ------------------------------------------------------------------------------------


def reasons(problem: Problem, visits: Sequence[Planned]) -> tuple[Planned, ...]:
    """The visits in their order, each with its reasons."""
    factories = {due.key: due for due in problem.factories}
    advisors = {advisor.key: advisor for advisor in problem.advisors}
    load = Counter(key for kept in problem.kept for key in kept.advisors)
    explained = []
    for visit in visits:
        due = factories[visit.factory]
        load.update(visit.pair)
        why = [
            *_when(due, visit),
            *_skills(due, [advisors[key] for key in visit.pair]),
            *_last_time(due, visit),
            *_same_place(problem, visits, visit, factories),
            Reason(Because.LOAD, {key: load[key] for key in visit.pair}),
        ]
        explained.append(Planned(visit.factory, visit.pair, visit.week, tuple(why)))
    return tuple(explained)


def _when(due: Due, visit: Planned) -> Iterable[Reason]:
    if due.since is None:
        return
    if weeks := weeks_overdue(due, visit.week):
        yield Reason(Because.OVERDUE, {"since": str(due.since), "weeks": weeks})
    else:
        yield Reason(Because.DUE, {"since": str(due.since)})


def _skills(due: Due, team: Sequence[Advisor]) -> Iterable[Reason]:
    if due.languages:
        yield Reason(
            Because.LANGUAGES,
            {each: tuple(one.key for one in team if each in one.interviews) for each in sorted(due.languages)},
        )
    if due.competences:
        yield Reason(
            Because.COMPETENCES,
            {each: tuple(one.key for one in team if each in one.competences) for each in sorted(due.competences)},
        )


def _last_time(due: Due, visit: Planned) -> Iterable[Reason]:
    if again := tuple(key for key in visit.pair if key in due.last):
        yield Reason(Because.AGAIN, {"advisors": again})
    elif due.last:
        yield Reason(Because.OTHERS_THAN_LAST, {"last": tuple(sorted(due.last))})


def _same_place(
    problem: Problem, visits: Sequence[Planned], visit: Planned, factories: Mapping[str, Due]
) -> Iterable[Reason]:
    place = factories[visit.factory].place
    if not place:
        return
    there = [
        (other.factory, frozenset(other.pair))
        for other in visits
        if other.week == visit.week and other.factory != visit.factory and factories[other.factory].place == place
    ]
    there += [(one.factory, one.advisors) for one in problem.kept if (one.place, one.week) == (place, visit.week)]
    if there:
        both = {key for _factory, team in there for key in team} & set(visit.pair)
        named = tuple(sorted(factory for factory, _team in there if factory))
        yield Reason(Because.SAME_PLACE, {"place": place, "factories": named, "advisors": tuple(sorted(both))})


# -- why no visit -----------------------------------------------------------------------------------


def unplaced_explain(ground: Ground, visits: Mapping[int, Visit]) -> tuple[Unplaced, ...]:
    """For each factory without a visit the rules that stop it, given that all visits stand."""
    empty, room = Room(ground), Room(ground)
    for visit in visits.values():
        room.take(visit)
    return tuple(_explain(ground, empty, room, f) for f in range(len(ground.factories)) if f not in visits)


def _explain(ground: Ground, empty: Room, room: Room, f: int) -> Unplaced:
    def would_do(rules: Iterable[Rule]) -> bool:
        return week_possible(ground, room, f, frozenset(rules)) is not None

    rules = _stopping(ground, empty, f)
    if not would_do(rules):
        rules = (*rules, Rule.CAPACITY)
    for rule in reversed(rules):
        less = tuple(one for one in rules if one != rule)
        rules = less if less and would_do(less) else rules
    first, also = rules[0], rules[1:]
    instead = tuple(rule for rule in NAMED if not also and rule != first and would_do((rule,)))
    cause, detail = _cause(ground, room, f, first, frozenset(also))
    return Unplaced(ground.factories[f].key, first, cause, detail, also, instead)


def _stopping(ground: Ground, empty: Room, f: int) -> tuple[Rule, ...]:
    """The fewest rules without which the factory could be visited were it the only one; none where it could anyway."""
    for count in range(3):
        for rules in combinations(NAMED, count):
            if week_possible(ground, empty, f, frozenset(rules)) is not None:
                return rules
    rules = NAMED
    for rule in reversed(NAMED):
        less = tuple(one for one in rules if one != rule)
        if week_possible(ground, empty, f, frozenset(less)) is not None:
            rules = less
    return rules


def _cause(ground: Ground, room: Room, f: int, rule: Rule, also: Rules) -> tuple[Cause, Data]:
    """What to say of the rule; ``also`` are the other rules that must be left out with it."""
    due, everyone = ground.factories[f], ground.advisors
    match rule:
        case Rule.PAIR:
            return Cause.TOO_FEW_ADVISORS, {"advisors": len(everyone), "needed": ground.size}
        case Rule.LEAD:
            return Cause.NOBODY_LEADS, {"advisors": _keys(one for one in everyone if one.alone)}
        case Rule.LANGUAGE:
            having = [one.interviews for one in everyone]
            if nobody := _without(due.languages, having):
                return Cause.NOBODY_INTERVIEWS, {"languages": nobody}
            missed = _missed(ground, room, f, due.languages, having, also)
            return Cause.NOBODY_LEFT_INTERVIEWS, _able(ground, f, missed, having, "languages")
        case Rule.COMPETENCE:
            having = [one.competences for one in everyone]
            if nobody := _without(due.competences, having):
                return Cause.NOBODY_HAS, {"competences": nobody}
            missed = _missed(ground, room, f, due.competences, having, also)
            return Cause.NOBODY_LEFT_HAS, _able(ground, f, missed, having, "competences")
        case Rule.CONFLICT:
            return Cause.IN_CONFLICT, {"advisors": _keys(everyone[a] for a in sorted(ground.in_conflict[f]))}
        case Rule.ROTATION:
            return Cause.BARRED, {"advisors": _keys(everyone[a] for a in sorted(ground.barred[f]))}
        case Rule.LEAVE:
            away = (a for a in ground.allowed[f] if ground.away[a] & set(ground.window[f]))
            return Cause.AWAY, {"advisors": _keys(everyone[a] for a in away), "weeks": _weeks(ground, f)}
        case Rule.CAPACITY:
            detail: dict[str, Value] = {"advisors": _keys(everyone[a] for a in ground.allowed[f])}
            return Cause.FULL, {**detail, "weeks": _weeks(ground, f), **_other_week(ground, room, f, also)}
        case _:
            detail = {"earliest": str(due.earliest), "latest": str(due.latest)}
            return Cause.NO_WEEK, {**detail, **_other_week(ground, room, f, also)}


def _weeks(ground: Ground, f: int) -> tuple[str, ...]:
    return tuple(str(ground.weeks[t]) for t in ground.window[f])


def _keys(advisors: Iterable[Advisor]) -> tuple[str, ...]:
    return tuple(advisor.key for advisor in advisors)


def _without(needed: Iterable[str], having: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """What nobody at all has."""
    return tuple(one for one in sorted(needed) if not any(one in has for has in having))


def _missed(
    ground: Ground, room: Room, f: int, needed: Iterable[str], having: Sequence[frozenset[str]], also: Rules
) -> tuple[str, ...]:
    """What nobody has who could come in the factory's weeks; all of it where only no team has it together."""
    there = {a for t in weeks_for(ground, f, also) for a in free(ground, room, f, t, also)}
    return _without(needed, [having[a] for a in sorted(there)]) or tuple(sorted(needed))


def _able(ground: Ground, f: int, missed: tuple[str, ...], having: Sequence[frozenset[str]], what: str) -> Data:
    able = _keys(one for one, has in zip(ground.advisors, having, strict=True) if has & set(missed))
    return {what: missed, "advisors": able, "weeks": _weeks(ground, f)}


def _other_week(ground: Ground, room: Room, f: int, also: Rules) -> dict[str, Value]:
    """The nearest week outside the window in which the factory could be placed, as things stand."""
    window, without = ground.window[f], also | {Rule.WINDOW}
    due = ground.factories[f]
    others = [t for t in range(len(ground.weeks)) if t not in set(window)]
    for t in sorted(others, key=lambda t: (max(due.earliest - ground.weeks[t], ground.weeks[t] - due.latest), t)):
        if team_exists(ground, f, free(ground, room, f, t, without), without):
            return {"other_week": str(ground.weeks[t])}
    return {}
