"""The whole numbers to be found, as rows and columns for HiGHS. The only module with numpy and scipy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from betterwork.core.planning.ground import Ground, Room, Visit, free, team_exists
from betterwork.core.planning.weighing import TENTHS, shares

Terms = Mapping[int, int]
"""Coefficients of columns."""
OPTIMAL, IMPOSSIBLE = 0, 2
HALF = 0.5
"""Costs are whole numbers: held to within a half they are held, and HiGHS is spared a razor's edge."""


@dataclass(slots=True)
class Model:
    """Columns and rows, added one by one."""

    most: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def column(self, most: float = 1, whole: bool = True) -> int:
        """A new unknown from 0 to ``most``; its number."""
        self.most.append(most)
        self.whole.append(int(whole))
        return len(self.most) - 1

    def row(self, terms: Terms, low: float, high: float) -> None:
        """The sum of the terms is from ``low`` to ``high``."""
        if terms:
            self.rows.append((terms, low, high))

    def solve(self, cost: Terms, limits: Limits) -> tuple[list[float], bool] | None:
        """The values at which the cost is least and whether that is proven; None where none were found in time."""
        seconds = limits.left()
        if seconds <= 0 or not self.most:
            return None
        weights = np.zeros(len(self.most))
        weights[list(cost)] = list(cost.values())
        starts = np.cumsum([0, *(len(terms) for terms, _low, _high in self.rows)])
        columns = [column for terms, _low, _high in self.rows for column in terms]
        values = [float(value) for terms, _low, _high in self.rows for value in terms.values()]
        matrix = csr_array((values, columns, starts), shape=(len(self.rows), len(self.most)))
        lows, highs = [low for _terms, low, _high in self.rows], [high for _terms, _low, high in self.rows]
        options = {"time_limit": seconds, "node_limit": limits.nodes, "mip_rel_gap": limits.gap}
        asked = {
            "integrality": np.array(self.whole) * (not limits.relaxed),
            "bounds": Bounds(0, np.array(self.most)),
            "constraints": LinearConstraint(matrix, lows, highs),
        }
        found = milp(weights, **asked, options=options)
        if found.status == IMPOSSIBLE:
            # What was found before is still possible: the presolve of HiGHS 1.12 was seen to err here.
            found = milp(weights, **asked, options={**options, "presolve": False})
        return None if found.x is None else ([float(value) for value in found.x], found.status == OPTIMAL)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how closely to look. Only ``left``, the clock, can make two runs differ."""

    left: Callable[[], float]
    nodes: int
    gap: float
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Some factories that are free to be placed anew, while all else stands."""

    now: Mapping[int, Visit]
    """Where those of them stand now that have a place."""
    weeks: Mapping[int, Sequence[int]]
    """For each of them the weeks to be looked at, that of now among them."""
    others: Sequence[tuple[str, int, tuple[int, ...]]]
    """Place, week and advisors of all visits and work that stand."""
    wishes: bool = True
    """False: only place and let the overdue wait least; the wishes are for other pieces."""


@dataclass(slots=True)
class _Unknowns:
    visited: dict[tuple[int, int], int] = field(default_factory=dict)
    """(factory, week)"""
    sent: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)
    """(factory, week) to advisor to column"""
    unplaced: dict[int, int] = field(default_factory=dict)


def piece_solve(ground: Ground, room: Room, piece: Piece, limits: Limits) -> tuple[dict[int, Visit], bool] | None:
    """The best places for the free factories and whether these are proven best; None where none were found in time.

    ``room`` is what is left beside all that stands. Place as much weight as can be, then let the overdue wait least,
    then follow the wishes: each solved for itself, with the result of the one before held.
    """
    model = Model()
    unknowns = _unknowns(ground, room, piece, model)
    _capacity(ground, room, model, unknowns)
    if not unknowns.visited:
        return {}, True
    proven, best = True, None
    costs = [_placing(ground, unknowns), _waiting(ground, unknowns)]
    if piece.wishes:
        costs.append(_wishes(ground, room, piece, model, unknowns))
    costs = [cost for cost in costs if cost]
    for number, cost in enumerate(costs, start=1):
        reached = _best_already(piece, unknowns, cost) if number < len(costs) else None
        if reached is None:
            found = model.solve(cost, limits)
            if found is None:
                proven = False
                break
            best, optimal = found
            proven = proven and optimal
            reached = round(sum(value * best[column] for column, value in cost.items()))
        model.row(cost, -np.inf, reached + HALF)
    visits = None if best is None else _read(ground, unknowns, best)
    return None if visits is None else (visits, proven)


def _best_already(piece: Piece, unknowns: _Unknowns, cost: Terms) -> int | None:
    """What placing or waiting costs now where nothing can be better: each factory has its best week. Else None."""
    now = 0
    for f, column in unknowns.unplaced.items():
        each = {t: cost.get(unknowns.visited[f, t], 0) for t in piece.weeks[f] if (f, t) in unknowns.visited}
        best = min(each.values())
        if f not in piece.now or each.get(piece.now[f].week, best + 1) > min(best, cost.get(column, 0)):
            return None
        now += best
    return now


def _unknowns(ground: Ground, room: Room, piece: Piece, model: Model) -> _Unknowns:
    """One column for each factory, week and advisor that can be; rows for one visit each and for a team that does."""
    unknowns = _Unknowns()
    for f, weeks in piece.weeks.items():
        once: dict[int, int] = {}
        need = ground.needed(f)
        bits = [1 << bit for bit in range(need.bit_length())]
        for t in weeks:
            persons = free(ground, room, f, t)
            if not team_exists(ground, f, persons):
                continue
            visited = unknowns.visited[f, t] = model.column()
            sent = unknowns.sent[f, t] = {a: model.column() for a in persons}
            once[visited] = 1
            model.row({**dict.fromkeys(sent.values(), 1), visited: -ground.size}, 0, 0)
            for bit in bits:
                able = [column for a, column in sent.items() if ground.skills[f][a] & bit]
                if len(able) < len(sent):
                    model.row({**dict.fromkeys(able, 1), visited: -1}, 0, np.inf)
        if once:
            unknowns.unplaced[f] = model.column(most=0 if f in piece.now and _all_placed(piece) else 1, whole=False)
            model.row({**once, unknowns.unplaced[f]: 1}, 1, 1)
    return unknowns


def _all_placed(piece: Piece) -> bool:
    return len(piece.now) == len(piece.weeks)


def _capacity(ground: Ground, room: Room, model: Model, unknowns: _Unknowns) -> None:
    """Nobody is sent more often than there is room."""
    weekly: dict[tuple[int, int], list[int]] = {}
    in_all: dict[int, list[int]] = {}
    factories: dict[int, set[int]] = {}
    for (f, t), sent in unknowns.sent.items():
        for a, column in sent.items():
            weekly.setdefault((a, t), []).append(column)
            in_all.setdefault(a, []).append(column)
            factories.setdefault(a, set()).add(f)
    for (a, t), columns in weekly.items():
        if len(columns) > room.weekly[a][t]:
            model.row(dict.fromkeys(columns, 1), 0, room.weekly[a][t])
    for a, columns in in_all.items():
        if len(factories[a]) > room.in_all[a]:
            model.row(dict.fromkeys(columns, 1), 0, room.in_all[a])


def _placing(ground: Ground, unknowns: _Unknowns) -> Terms:
    """The weight that is not placed."""
    return {column: ground.factories[f].weight for f, column in unknowns.unplaced.items()}


def _waiting(ground: Ground, unknowns: _Unknowns) -> Terms:
    """The squares of the weeks overdue."""
    cost = {column: ground.wait[f][t] for (f, t), column in unknowns.visited.items()}
    cost |= {column: ground.wait_unplaced[f] for f, column in unknowns.unplaced.items()}
    return {column: value for column, value in cost.items() if value}


def _wishes(ground: Ground, room: Room, piece: Piece, model: Model, unknowns: _Unknowns) -> Terms:
    """Uneven work, journeys and advisors who come again; adds the columns and rows that count them."""
    rules = ground.problem.rules
    cost = _uneven(ground, room, model, unknowns)
    for (f, _t), sent in unknowns.sent.items():
        for a in ground.last[f] & sent.keys():
            cost[sent[a]] = cost.get(sent[a], 0) + TENTHS * rules.rotation
    there = {(place, t) for place, t, _team in piece.others}
    persons = {(place, t, a) for place, t, team in piece.others for a in team}
    journeys: dict[tuple[str, int], int] = {}
    trips: dict[tuple[str, int, int], list[int]] = {}
    for (f, t), visited in unknowns.visited.items():
        place = ground.factories[f].place
        if place and (place, t) not in there:
            if (place, t) not in journeys:
                journeys[place, t] = model.column(whole=False)
                cost[journeys[place, t]] = TENTHS * rules.travel
            model.row({journeys[place, t]: 1, visited: -1}, 0, np.inf)
        for a, column in unknowns.sent[f, t].items():
            if place and (place, t, a) not in persons:
                trips.setdefault((place, t, a), []).append(column)
            elif not place:
                cost[column] = cost.get(column, 0) + TENTHS * rules.travel
    for (_place, t, a), columns in trips.items():
        _trip(model, cost, columns, room.weekly[a][t], TENTHS * rules.travel)
    return {column: value for column, value in cost.items() if value}


def _trip(model: Model, cost: dict[int, int], columns: list[int], most: int, price: int) -> None:
    """Somebody's journey to a place in a week is paid once, however many she visits there."""
    if len(columns) == 1 or most == 1:
        for column in columns:
            cost[column] = cost.get(column, 0) + price
        return
    trip = model.column(whole=False)
    cost[trip] = price
    for column in columns:
        model.row({trip: 1, column: -1}, 0, np.inf)


def _uneven(ground: Ground, room: Room, model: Model, unknowns: _Unknowns) -> dict[int, int]:
    """Each further visit of an advisor costs more than the one before: the sum is that of the squares of the loads."""
    cost: dict[int, int] = {}
    share = shares(ground.problem)
    own: dict[int, tuple[list[int], set[int]]] = {}
    for (f, _t), sent in unknowns.sent.items():
        for a, column in sent.items():
            columns, factories = own.setdefault(a, ([], set()))
            columns.append(column)
            factories.add(f)
    for a, (columns, factories) in own.items():
        steps = [model.column(whole=False) for _one in range(min(len(factories), room.in_all[a]))]
        for number, step in enumerate(steps, start=1):
            cost[step] = (
                ground.problem.rules.workload * share[ground.advisors[a].key] * (2 * (room.load[a] + number) - 1)
            )
        model.row({**dict.fromkeys(columns, 1), **dict.fromkeys(steps, -1)}, 0, 0)
    return cost


def _read(ground: Ground, unknowns: _Unknowns, values: Sequence[float]) -> dict[int, Visit] | None:
    """The visits that the values say; None where rounding does not give whole teams."""
    visits: dict[int, Visit] = {}
    for (f, t), visited in unknowns.visited.items():
        if values[visited] > 0.5:
            team = tuple(a for a, column in unknowns.sent[f, t].items() if values[column] > 0.5)
            if len(team) != ground.size or f in visits:
                return None
            visits[f] = Visit(t, team)
    return visits


def placed_at_most(ground: Ground, room: Room, candidates: Iterable[int], limits: Limits) -> int:
    """More weight than this cannot be placed: shares of visits and teams, weeks and persons apart from each other."""
    model = Model()
    cost: dict[int, int] = {}
    in_week: dict[int, dict[int, int]] = {}
    of_person: dict[int, dict[int, int]] = {}
    total = 0
    for f in candidates:
        due = ground.factories[f]
        weeks = [t for t in ground.window[f] if team_exists(ground, f, free(ground, room, f, t))]
        persons = sorted({a for t in weeks for a in free(ground, room, f, t)})
        visited = {t: model.column(whole=False) for t in weeks}
        sent = {a: model.column(whole=False) for a in persons}
        total += due.weight
        cost |= dict.fromkeys(visited.values(), -due.weight)
        model.row(dict.fromkeys(visited.values(), 1), 0, 1)
        model.row({**dict.fromkeys(sent.values(), 1), **dict.fromkeys(visited.values(), -ground.size)}, 0, 0)
        for bit in (1 << number for number in range(ground.needed(f).bit_length())):
            able = [column for a, column in sent.items() if ground.skills[f][a] & bit]
            model.row({**dict.fromkeys(able, 1), **dict.fromkeys(visited.values(), -1)}, 0, np.inf)
        for t, column in visited.items():
            in_week.setdefault(t, {})[column] = ground.size
        for a, column in sent.items():
            of_person.setdefault(a, {})[column] = 1
    everyone = range(len(ground.advisors))
    for t, terms in in_week.items():
        there = (a for a in everyone if t not in ground.away[a])
        model.row(terms, 0, sum(max(0, min(room.weekly[a][t], room.in_all[a])) for a in there))
    for a, terms in of_person.items():
        weeks_there = (max(0, room.weekly[a][t]) for t in range(len(ground.weeks)) if t not in ground.away[a])
        model.row(terms, 0, max(0, min(room.in_all[a], sum(weeks_there))))
    found = model.solve(cost, limits)
    if found is None or not found[1]:
        return total
    reached = -sum(value * found[0][column] for column, value in cost.items())
    return min(total, int(reached + 1e-4))
