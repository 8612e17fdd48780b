"""Reading coverage: what the programme reaches in a country, over time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from betterwork.modules.registry.coverage import Coverage, Method, Record, Sector, coverage_on, year_ends
from betterwork.modules.registry.models import Enrolment, Merge, SectorTotal, Standing, Workforce
from betterwork.modules.registry.rules import spans
from betterwork.modules.registry.settings_of import EARNERS, HEADCOUNT_YEARS, HOUSEHOLD, number_of


def records_of(country: str) -> list[Record]:
    """What coverage needs of every record of a country of which anything is written. Four queries, however many."""
    here = {"factory__country": country, "withdrawn_at__isnull": True}
    cycles: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for factory, starts, ends in Enrolment.objects.filter(**here).values_list("factory", "starts", "ends"):
        cycles[factory].append((starts, ends))
    counts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for factory, on, workers in Workforce.objects.filter(**here).values_list("factory", "on", "workers"):
        counts[factory].append((on, workers))
    standings: dict[int, list[Standing]] = defaultdict(list)
    for row in Standing.objects.filter(**here):
        standings[row.factory_id].append(row)
    merges = {one.gone_id: one for one in Merge.objects.filter(undone_at__isnull=True, gone__country=country)}
    return [
        Record(
            factory=factory,
            cycles=cycles.get(factory, ()),
            counts=counts.get(factory, ()),
            same_as=merge.kept_id if merge and merge.kind == Merge.SAME else None,
            joined=(merge.kept_id, merge.since) if merge and merge.since else None,
            closed=_closed(standings.get(factory, [])),
        )
        for factory in sorted({*cycles, *counts, *standings, *merges})
        for merge in [merges.get(factory)]
    ]


def _closed(steps: list[Standing]) -> list[tuple[date, date | None]]:
    found = spans(steps)
    return [(span.start or date.min, span.end) for step, span in found if step.state == Standing.CLOSED]


def sector_totals(country: str) -> list[SectorTotal]:
    """The totals of a country's sector that were not taken back, from the earliest day."""
    return list(SectorTotal.objects.filter(country=country, withdrawn_at__isnull=True).order_by("on", "pk"))


def coverage_over_time(country: str, until: date, totals: list[SectorTotal] | None = None) -> list[Coverage]:
    """Coverage at the end of each year since the first cycle, and on ``until``; empty where there is no cycle.

    ``totals``: those of the sector, where they were read already.
    """
    records = records_of(country)
    first = min((start for one in records for start, _end in one.cycles), default=None)
    if first is None or first > until:
        return []
    totals = sector_totals(country) if totals is None else totals
    return [_on(country, day, records, totals) for day in year_ends(first, until)]


def coverage_of_day(country: str, day: date) -> Coverage:
    """Coverage on one day."""
    return _on(country, day, records_of(country), sector_totals(country))


def _on(country: str, day: date, records: list[Record], totals: list[SectorTotal]) -> Coverage:
    held = [one for one in totals if one.on <= day]
    sector = Sector(held[-1].factories, held[-1].workers, held[-1].source) if held else None
    method = Method(number_of(country, HOUSEHOLD, day), number_of(country, EARNERS, day))
    years = number_of(country, HEADCOUNT_YEARS, day)
    return coverage_on(day, records, sector=sector, method=method, years=years)
