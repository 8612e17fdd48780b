"""Coverage on a day as a pure calculation: factories, workers, share of the sector, family members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import floor


@dataclass(frozen=True, slots=True)
class Record:
    """What coverage needs of one record of the register.

    ``cycles``: (first day, last day or None). ``counts``: (day, workers). ``same_as``: the record it was merged into
    because both are one factory. ``joined``: (the factory it became part of, the day).
    """

    factory: int
    cycles: Sequence[tuple[date, date | None]] = ()
    counts: Sequence[tuple[date, int]] = ()
    same_as: int | None = None
    joined: tuple[int, date] | None = None
    closed: Sequence[tuple[date, date | None]] = ()


@dataclass(frozen=True, slots=True)
class Sector:
    """How large the sector is, and who says so."""

    factories: int | None
    workers: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """How family members are reckoned: mean size of a household, and how many of it work in these factories."""

    household: Decimal
    earners: Decimal


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the programme reaches in a country on a day."""

    day: date
    factories: int
    workers: int
    counted: int
    """Of how many factories the workers are known."""
    family: int | None
    sector: Sector | None = None

    @property
    def share_of_factories(self) -> float | None:
        """Factories that take part, of those of the sector; None where its total is not known."""
        return _share(self.factories, self.sector.factories if self.sector else None)

    @property
    def share_of_workers(self) -> float | None:
        """Their workers, of those of the sector; None where its total is not known."""
        return _share(self.workers, self.sector.workers if self.sector else None)


@dataclass(slots=True)
class _Whole:
    """A factory as it was on a day: its own records, and the factories that had joined it."""

    records: list[Record] = field(default_factory=list)
    joined: list[tuple[int, date]] = field(default_factory=list)


def coverage_on(
    day: date, records: Iterable[Record], *, sector: Sector | None, method: Method | None, years: Decimal
) -> Coverage:
    """What the programme reaches on a day.

    A factory counts when a cycle of it holds and it is not closed; records merged as one factory count once, factories
    that joined count apart before the day they did. Its workers are those of its last headcount that is not older than
    ``years``. Raises nothing: what is not known is not counted, and ``counted`` says of how many it is known.
    """
    wholes = _wholes(records, day)
    oldest = _oldest(day, years)
    roots = set(wholes) - {one for whole in wholes.values() for one, _on in whole.joined}
    factories = workers = counted = 0
    for root in sorted(roots):
        if not _takes_part(root, wholes, day):
            continue
        factories += 1
        found = _workers(root, wholes, day, oldest)
        if found is not None:
            counted += 1
            workers += found
    return Coverage(day, factories, workers, counted, family_members(workers, method), sector)


def family_members(workers: int, method: Method | None) -> int | None:
    """The other members of the workers' households: workers × (household ÷ earners − 1), to the nearest whole."""
    if method is None:
        return None
    others = max(method.household / method.earners - 1, Decimal(0))
    return int((workers * others).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def year_ends(first: date, last: date) -> list[date]:
    """The days for which coverage is told: the last of each year from ``first``, and ``last`` itself."""
    days = [date(year, 12, 31) for year in range(first.year, last.year + 1)]
    return [*(one for one in days if one < last), last]


def _wholes(records: Iterable[Record], day: date) -> dict[int, _Whole]:
    known = {one.factory: one for one in records}
    wholes: dict[int, _Whole] = {}
    for one in known.values():
        root = one.factory if one.same_as is None else _same(known, one.factory)
        if root in wholes:
            wholes[root].records.append(one)
        else:
            wholes[root] = _Whole([one])
        if one.joined is not None and one.joined[1] <= day:
            into = _same(known, one.joined[0])
            wholes.setdefault(into, _Whole()).joined.append((_same(known, one.factory), one.joined[1]))
    return wholes


def _same(known: Mapping[int, Record], factory: int) -> int:
    while factory in known and (into := known[factory].same_as) is not None:
        factory = into
    return factory


def _holds(spans: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(start <= day and (end is None or day <= end) for start, end in spans)


def _takes_part(root: int, wholes: Mapping[int, _Whole], day: date) -> bool:
    whole = wholes[root]
    own = next((one for one in whole.records if one.factory == root), None)
    if own is not None and _holds(own.closed, day):
        return False
    mine = any(_holds(one.cycles, day) for one in whole.records)
    return mine or any(_takes_part(one, wholes, day) for one, _on in whole.joined)


def _oldest(day: date, years: Decimal) -> date:
    """The earliest day of a headcount that still counts."""
    return day - timedelta(days=min(floor(years * Decimal("365.25")), day.toordinal() - 1))


def _workers(root: int, wholes: Mapping[int, _Whole], day: date, oldest: date) -> int | None:
    """The last headcount by then; of what had joined since, its own last one is added until there is a newer."""
    whole = wholes[root]
    # Of one day the count of the record that was kept goes first.
    counts = [(on, one.factory == root, workers) for one in whole.records for on, workers in one.counts if on <= day]
    last = max(counts, default=None)
    if last is not None and last[0] < oldest:
        last = None
    parts = [] if last is None else [last[2]]
    for other, joined in whole.joined:
        if last is None or last[0] < joined:
            found = _workers(other, wholes, day, oldest)
            parts += [] if found is None else [found]
    return sum(parts) if parts else None


def _share(part: int, whole: int | None) -> float | None:
    return part / whole if whole else None
