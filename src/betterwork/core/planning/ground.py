"""A problem made ready to be searched: who may go where in which week, and how much room each still has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from betterwork.core.planning.values import Due, Planned, Problem, Rule
from betterwork.core.planning.weighing import waiting, week_after

Rules = frozenset[Rule]
NOTHING: Rules = frozenset()


class Visit(NamedTuple):
    """A visit by numbers: its week and its advisors, in order."""

    week: int
    team: tuple[int, ...]


class Ground:
    """The problem in order of keys, by numbers. Nothing of it changes."""

    def __init__(self, problem: Problem) -> None:
        """Read a problem that has been checked."""
        self.problem = problem
        self.size = problem.rules.advisors_a_visit
        self.weeks = sorted(problem.weeks)
        self.factories: list[Due] = sorted(problem.factories, key=lambda due: due.key)
        self.advisors = sorted(problem.advisors, key=lambda advisor: advisor.key)
        number = {advisor.key: place for place, advisor in enumerate(self.advisors)}
        self.number = number
        self.week_number = {week: place for place, week in enumerate(self.weeks)}
        everyone, every_week = range(len(self.advisors)), range(len(self.weeks))
        self.away = [{t for t in every_week if self.weeks[t] in one.away} for one in self.advisors]
        self.window = [[t for t in every_week if due.earliest <= self.weeks[t] <= due.latest] for due in self.factories]
        self.in_conflict = [{a for a in everyone if due.key in self.advisors[a].conflicts} for due in self.factories]
        self.barred = [{number[key] for key in due.barred if key in number} for due in self.factories]
        self.last = [{number[key] for key in due.last if key in number} for due in self.factories]
        self.allowed = [
            [a for a in everyone if a not in self.in_conflict[f] and a not in self.barred[f]]
            for f in range(len(self.factories))
        ]
        self.wait = [[waiting(due, week) for week in self.weeks] for due in self.factories]
        self.wait_unplaced = [waiting(due, week_after(problem)) for due in self.factories]
        self.skills = [[self._skill(due, a) for a in everyone] for due in self.factories]

    def _skill(self, due: Due, a: int) -> int:
        """What the advisor brings of what the factory needs, as bits: languages, competences, leading."""
        advisor = self.advisors[a]
        has = [key in advisor.interviews for key in sorted(due.languages)]
        has += [key in advisor.competences for key in sorted(due.competences)]
        return sum(1 << bit for bit, yes in enumerate([*has, advisor.alone]) if yes)

    def needed(self, f: int, without: Rules = NOTHING) -> int:
        """The bits that a team must bring together."""
        due = self.factories[f]
        bits, languages = len(due.languages) + len(due.competences), len(due.languages)
        need = 0 if Rule.LANGUAGE in without else (1 << languages) - 1
        if Rule.COMPETENCE not in without:
            need |= (1 << bits) - (1 << languages)
        return need if Rule.LEAD in without else need | 1 << bits

    def planned(self, f: int, visit: Visit) -> Planned:
        """The visit in the problem's own words."""
        pair = tuple(self.advisors[a].key for a in visit.team)
        return Planned(self.factories[f].key, pair, self.weeks[visit.week])


class Room:
    """How many more visits each advisor may have, by week and in all, beside the work that is kept."""

    def __init__(self, ground: Ground) -> None:
        """The room before any visit is planned."""
        self.weekly = [[one.most_a_week] * len(ground.weeks) for one in ground.advisors]
        self.in_all = [one.most_in_all for one in ground.advisors]
        self.load = [0] * len(ground.advisors)
        for kept in ground.problem.kept:
            for a in sorted(ground.number[key] for key in kept.advisors if key in ground.number):
                self.in_all[a] -= 1
                self.load[a] += 1
                if kept.week in ground.week_number:
                    self.weekly[a][ground.week_number[kept.week]] -= 1

    def take(self, visit: Visit, times: int = 1) -> None:
        """The visit takes its room; with ``times`` -1 it gives it back."""
        for a in visit.team:
            self.weekly[a][visit.week] -= times
            self.in_all[a] -= times
            self.load[a] += times

    def has(self, a: int, t: int) -> bool:
        """Whether the advisor could have one more visit in that week."""
        return self.weekly[a][t] > 0 and self.in_all[a] > 0


def free(ground: Ground, room: Room, f: int, t: int, without: Rules = NOTHING) -> list[int]:
    """The advisors who may come to the factory in that week, taken one by one; rules in ``without`` are left out."""
    return [
        a
        for a in range(len(ground.advisors))
        if (Rule.CONFLICT in without or a not in ground.in_conflict[f])
        and (Rule.ROTATION in without or a not in ground.barred[f])
        and (Rule.LEAVE in without or t not in ground.away[a])
        and (Rule.CAPACITY in without or room.has(a, t))
    ]


def weeks_for(ground: Ground, f: int, without: Rules = NOTHING) -> Sequence[int]:
    """The weeks in which the factory may be visited."""
    return range(len(ground.weeks)) if Rule.WINDOW in without else ground.window[f]


def team_exists(ground: Ground, f: int, persons: Iterable[int], without: Rules = NOTHING) -> bool:
    """Whether some of these persons make a team for the factory."""
    need, skills = ground.needed(f, without), [ground.skills[f][a] for a in persons]
    kinds = {skill & need for skill in skills}
    if Rule.PAIR in without:
        together = 0
        for kind in kinds:
            together |= kind
        return together == need
    if len(skills) < ground.size:
        return False
    reached = {0}
    for _person in range(ground.size):
        reached |= {one | kind for one in reached for kind in kinds}
    return need in reached


def week_possible(ground: Ground, room: Room, f: int, without: Rules = NOTHING) -> int | None:
    """The first week in which the factory can be visited, or None."""
    for t in weeks_for(ground, f, without):
        if team_exists(ground, f, free(ground, room, f, t, without), without):
            return t
    return None


def team_best(ground: Ground, room: Room, f: int, persons: Sequence[int]) -> tuple[int, ...] | None:
    """Of these persons the team with the least work so far, others than the last time first; None: there is none."""
    need, skills = ground.needed(f), ground.skills[f]
    last = ground.last[f]
    best: tuple[int, int, tuple[int, ...]] | None = None
    for team in combinations(persons, ground.size):
        brought = 0
        for a in team:
            brought |= skills[a]
        if brought & need == need:
            score = (sum(a in last for a in team), sum(room.load[a] for a in team), team)
            best = score if best is None else min(best, score)
    return best[2] if best else None
