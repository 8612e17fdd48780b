"""Making a plan. Needs scipy: a job imports this, a page never does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from betterwork.core.planning.checking import broken, problem_check
from betterwork.core.planning.explaining import reasons, unplaced_explain
from betterwork.core.planning.ground import Ground, Room, week_possible
from betterwork.core.planning.modelling import Limits, Piece, piece_solve, placed_at_most
from betterwork.core.planning.starting import first_plan
from betterwork.core.planning.values import Plan, Planned, Problem, Quality
from betterwork.core.planning.weighing import Worth, worth

WHOLE_MOST = 1_500
"""Up to so many (factory, week, advisor) the problem is first solved as a whole, and the plan is proven best."""
PIECE_MOST, REPAIR_MOST = 1_200, 800
"""About so many in a piece; in one that makes room for a factory without a place."""
WHOLE_NODES, PIECE_NODES = 20_000, 200
PIECE_GAP = 0.02
ROUNDS = 3
"""Each round goes through all pieces once; a round without anything better is the last."""
NEAR_WEEKS, BLOCK_WEEKS = 5, 4


def plan(problem: Problem, *, clock: Callable[[], float] = time.monotonic) -> Plan:
    """The best plan that is found in ``problem.rules.seconds``; it never breaks a hard rule.

    The same problem gives the same plan, whatever the order of its parts, unless the time runs out
    (``quality.out_of_time``). Raises :class:`~betterwork.core.planning.values.BadProblem`.
    """
    problem_check(problem)
    search = _Search(problem, clock)
    search.run()
    ground, visits = search.ground, search.planned()
    return Plan(
        visits=reasons(problem, visits),
        unplaced=unplaced_explain(ground, search.visits),
        quality=search.quality(),
    )


class _Search:
    """The plan so far and how it gets better."""

    def __init__(self, problem: Problem, clock: Callable[[], float]) -> None:
        self.problem, self.ground = problem, Ground(problem)
        self.clock, self.end = clock, clock() + problem.rules.seconds
        self.empty = Room(self.ground)
        everything = range(len(self.ground.factories))
        self.candidates = [f for f in everything if week_possible(self.ground, self.empty, f) is not None]
        self.visits = first_plan(self.ground, Room(self.ground), self.candidates)
        self.worth: Worth = worth(problem, self.planned())
        self.whole = False
        self.at_most = sum(self.ground.factories[f].weight for f in self.candidates)

    def left(self) -> float:
        """Seconds until the limit."""
        return self.end - self.clock()

    def planned(self) -> list[Planned]:
        """The visits in the problem's words, by week and factory."""
        visits = [self.ground.planned(f, visit) for f, visit in sorted(self.visits.items())]
        return sorted(visits, key=lambda visit: (visit.week, visit.factory))

    def run(self) -> None:
        """Look for better plans, then give what room is left to those still without a place."""
        self.look()
        room = Room(self.ground)
        for visit in self.visits.values():
            room.take(visit)
        self.visits |= first_plan(self.ground, room, [f for f in self.candidates if f not in self.visits])
        self.worth = worth(self.problem, self.planned())

    def look(self) -> None:
        """As a whole where that is small enough, else or where that is not proven, piece by piece."""
        ground = self.ground
        if sum(len(ground.window[f]) * len(ground.allowed[f]) for f in self.candidates) <= WHOLE_MOST:
            everything = {f: ground.window[f] for f in self.candidates}
            self.whole = self.improve(everything, Limits(self.left, WHOLE_NODES, gap=0))[1]
        if not self.whole and len(self.visits) < len(self.candidates):
            limits = Limits(self.left, PIECE_NODES, gap=0, relaxed=True)
            self.at_most = min(self.at_most, placed_at_most(ground, self.empty, self.candidates, limits))
        for _round in range(0 if self.whole else ROUNDS):
            better = False
            for pieces in (self.around_unplaced, self.by_place, self.by_week):
                for weeks in pieces():
                    if self.left() <= 0:
                        return
                    wishes = pieces != self.around_unplaced
                    better |= self.improve(weeks, Limits(self.left, PIECE_NODES, PIECE_GAP), wishes=wishes)[0]
            if not better:
                return

    def improve(self, weeks: Mapping[int, Sequence[int]], limits: Limits, *, wishes: bool = True) -> tuple[bool, bool]:
        """Place these factories anew while all else stands. (The plan got better, it is proven best.)"""
        room, others = Room(self.ground), []
        for kept in self.problem.kept:
            if kept.week in self.ground.week_number:
                team = tuple(self.ground.number[key] for key in kept.advisors if key in self.ground.number)
                others.append((kept.place, self.ground.week_number[kept.week], team))
        for f, visit in self.visits.items():
            if f not in weeks:
                room.take(visit)
                others.append((self.ground.factories[f].place, *visit))
        now = {f: self.visits[f] for f in weeks if f in self.visits}
        found = piece_solve(self.ground, room, Piece(now, weeks, others, wishes), limits)
        if found is None:
            return False, False
        visits, proven = found
        before = self.visits, self.worth
        self.visits = {f: visit for f, visit in self.visits.items() if f not in weeks} | visits
        planned = self.planned()
        self.worth = worth(self.problem, planned)
        if self.worth < before[1] and not broken(self.problem, planned):
            return True, proven
        same = self.worth == before[1]
        self.visits, self.worth = before
        return False, proven and same

    def around_unplaced(self) -> Iterator[dict[int, Sequence[int]]]:
        """Each factory without a place, with those in its window that could make room for it."""
        ground = self.ground
        for f in self.candidates:
            if f in self.visits:
                continue
            weeks: dict[int, Sequence[int]] = {f: ground.window[f]}
            window, allowed = set(ground.window[f]), set(ground.allowed[f])
            rivals = [
                (-len(allowed & set(visit.team)), len(ground.allowed[other]), other)
                for other, visit in self.visits.items()
                if visit.week in window and allowed & set(visit.team)
            ]
            size = len(window) * len(allowed)
            for _shared, _free, other in sorted(rivals):
                near = self.near(other)
                size += len(near) * len(ground.allowed[other])
                if size > REPAIR_MOST:
                    break
                weeks[other] = near
            yield weeks

    def near(self, f: int) -> Sequence[int]:
        """The weeks of a factory's window that are nearest to that of now."""
        now = self.visits[f].week
        return sorted(sorted(self.ground.window[f], key=lambda t: (abs(t - now), t))[:NEAR_WEEKS])

    def by_place(self) -> Iterator[dict[int, Sequence[int]]]:
        """The factories of a place, in the weeks in which somebody goes there already or near those of now."""
        ground = self.ground
        places = sorted({ground.factories[f].place for f in self.visits} - {""})
        for place in places:
            group = [f for f in sorted(self.visits) if ground.factories[f].place == place]
            group.sort(key=lambda f: (self.visits[f].week, f))
            used = {self.visits[f].week for f in group}
            piece: dict[int, Sequence[int]] = {}
            size = 0
            for f in group:
                weeks = sorted(set(ground.window[f]) & used)
                if piece and size + len(weeks) * len(ground.allowed[f]) > PIECE_MOST:
                    yield piece
                    piece, size = {}, 0
                piece[f] = weeks
                size += len(weeks) * len(ground.allowed[f])
            if len(group) > 1:
                yield piece

    def by_week(self) -> Iterator[dict[int, Sequence[int]]]:
        """The factories visited in a few weeks that follow each other, within these; and those still unplaced."""
        ground = self.ground
        for first in range(0, len(ground.weeks), BLOCK_WEEKS // 2):
            block = range(first, first + BLOCK_WEEKS)
            piece: dict[int, Sequence[int]] = {}
            size = 0
            for f in sorted(f for f, visit in self.visits.items() if visit.week in block):
                weeks = [t for t in ground.window[f] if t in block]
                if piece and size + len(weeks) * len(ground.allowed[f]) > PIECE_MOST:
                    yield piece
                    piece, size = {}, 0
                piece[f] = weeks
                size += len(weeks) * len(ground.allowed[f])
            if piece:
                yield piece

    def quality(self) -> Quality:
        """What is known of the plan."""
        placed = -self.worth.placed
        return Quality(
            placed=placed,
            at_most=placed if self.whole else self.at_most,
            seconds=self.problem.rules.seconds,
            out_of_time=not self.whole and self.left() <= 0,
            whole=self.whole,
            overdue=self.worth.overdue,
            wishes=self.worth.wishes,
        )
