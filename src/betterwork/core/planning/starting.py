"""A first plan, made visit by visit: quick, keeps every hard rule, and is what there is when time runs out at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from betterwork.core.planning.ground import Ground, Room, Visit, free, team_best, team_exists


def first_plan(ground: Ground, room: Room, candidates: Iterable[int]) -> dict[int, Visit]:
    """Each factory in the week that suits it best, the heaviest, the longest overdue and the least free ones first.

    Takes the room that the visits need.
    """
    visits: dict[int, Visit] = {}
    stops = Counter(
        (kept.place, ground.week_number[kept.week])
        for kept in ground.problem.kept
        if kept.place and kept.week in ground.week_number
    )
    busy: Counter[int] = Counter()
    for f in sorted(candidates, key=lambda f: _urgency(ground, f)):
        place = ground.factories[f].place
        weeks = sorted(ground.window[f], key=lambda t: (ground.wait[f][t], -min(stops[place, t], 1), busy[t], t))
        for t in weeks:
            persons = free(ground, room, f, t)
            if team_exists(ground, f, persons) and (team := team_best(ground, room, f, persons)):
                visits[f] = Visit(t, team)
                room.take(visits[f])
                busy[t] += 1
                if place:
                    stops[place, t] += 1
                break
    return visits


def _urgency(ground: Ground, f: int) -> tuple[int, int, int, int, int]:
    window = ground.window[f]
    return (-ground.factories[f].weight, -ground.wait[f][window[0]], len(ground.allowed[f]), len(window), f)
