"""Which SIMULATED factories there are and when each is assessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from betterwork.entry.demonstration.names import OBSOLETE, factory_names
from betterwork.entry.demonstration.plan import CountryPlan, Plan

YEAR = 365.25
CLOSES = 0.16
"""Share of factories that close before the end (about a fifth did in Cambodia, DOMAIN (f)); a part become obsolete."""
OBSOLETE_AMONG_CLOSED = 0.35
SKIPS = 0.06
"""Share of factories with three or more cycles that lack one in the middle."""
LATE_ENTRY = 0.05
"""Share of assessments entered late: the id of the factory's next assessment is the smaller one."""


@dataclass(frozen=True)
class Factories:
    """The factories of one country, one place per factory in every array."""

    outside_id: np.ndarray
    name: list[str]
    obsolete: np.ndarray
    houses_workers: np.ndarray
    pays_by_piece: np.ndarray
    workers: np.ndarray
    women: np.ndarray
    unions: np.ndarray


@dataclass(frozen=True)
class Visits:
    """The assessments of one country, sorted by factory and date."""

    factory: np.ndarray
    """Place of the factory in ``Factories``."""
    day: np.ndarray
    """Start, datetime64[D]."""
    cycle: np.ndarray
    quest_id: np.ndarray
    years: np.ndarray
    """Years since the factory's first assessment, a fraction."""
    first: np.ndarray
    last: np.ndarray
    """True on the first and on the latest assessment of a factory."""


def factories_draw(generator: np.random.Generator, country: CountryPlan, *, closed: np.ndarray, base: int) -> Factories:
    """The factories of a country. ``closed`` says which closed early; ``base`` is the first free number."""
    count = country.factories
    numbers = base + np.arange(count)
    names = factory_names(generator, country.code, numbers)
    obsolete = closed & (generator.random(count) < OBSOLETE_AMONG_CLOSED)
    if closed.any() and not obsolete.any():
        obsolete[int(np.flatnonzero(closed)[0])] = True
    names = [name + OBSOLETE if old else name for name, old in zip(names, obsolete, strict=True)]
    return Factories(
        outside_id=numbers,
        name=names,
        obsolete=obsolete,
        houses_workers=generator.random(count) < country.housing,
        pays_by_piece=generator.random(count) < 0.6,
        workers=np.exp(np.log(country.workers) + 0.8 * generator.standard_normal(count)).clip(60, 13_000).astype(int),
        women=(country.women + 7 * generator.standard_normal(count)).clip(20, 98).astype(int),
        unions=generator.choice([0, 1, 1, 1, 3], count),
    )


def visits_draw(
    generator: np.random.Generator, plan: Plan, country: CountryPlan, place: int
) -> tuple[Visits, np.ndarray]:
    """The assessments of a country and which factories closed early. ``place`` is the country's place in the plan."""
    begins, ends = np.datetime64(country.begins, "D"), np.datetime64(plan.ends, "D")
    span = int((ends - begins).astype(int))
    count = country.factories
    early = np.arange(count) < round(country.early * count)
    at_first = generator.random(count) * min(YEAR, span)
    later = np.sqrt(generator.random(count)) * max(span - 90, 1)  # the programme grows: more join each year
    joins = np.where(early, at_first, later)
    closed = generator.random(count) < CLOSES
    closed[: min(2, count)] = True  # every country shows closures, and through them obsolete records
    until = np.where(closed, joins + (0.6 + generator.random(count)) * 0.6 * (span - joins), float(span))
    factory: list[int] = []
    offset: list[int] = []
    cycle: list[int] = []
    for each in range(count):
        days = _days_of_factory(generator, joins[each], until[each])
        kept = list(enumerate(days, start=1))
        if len(kept) >= 3 and generator.random() < SKIPS:
            kept.pop(int(generator.integers(1, len(kept) - 1)))
        factory += [each] * len(kept)
        cycle += [number for number, _ in kept]
        offset += [day for _, day in kept]
    return _visits(generator, np.array(factory), begins + np.array(offset), np.array(cycle), place), closed


def _days_of_factory(generator: np.random.Generator, joins: float, until: float) -> list[int]:
    """Roughly yearly assessments from joining to closing: at least one."""
    days = [int(joins)]
    while True:
        following = days[-1] + int(min(max(generator.normal(375, 35), 250), 560))
        if following > until:
            return days
        days.append(following)


def _visits(
    generator: np.random.Generator, factory: np.ndarray, day: np.ndarray, cycle: np.ndarray, place: int
) -> Visits:
    """Ids grow with the date, but for assessments that were entered late."""
    first = np.r_[True, factory[1:] != factory[:-1]]
    last = np.r_[first[1:], True]
    quest_id = np.empty(len(day), dtype=np.int64)
    quest_id[np.lexsort((factory, day))] = 10_000 + place + 10 * np.arange(len(day))
    late = np.flatnonzero(~last & (generator.random(len(day)) < LATE_ENTRY))
    for visit in late[np.r_[True, np.diff(late) > 1]] if len(late) else late:
        quest_id[visit], quest_id[visit + 1] = quest_id[visit + 1], quest_id[visit]
    starts = day[np.flatnonzero(first)][np.cumsum(first) - 1]
    years = (day - starts).astype(float) / YEAR
    return Visits(factory, day, cycle, quest_id, years, first, last)
