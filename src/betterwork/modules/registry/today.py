"""How many factories there are and take part on a day, of many countries at once: for homes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from betterwork.modules.countries.queries import countries_known, country_title, settings_held
from betterwork.modules.registry.coverage import Record, coverage_on
from betterwork.modules.registry.models import Enrolment, Factory, Merge, Standing
from betterwork.modules.registry.queries import factories_kept, with_duty
from betterwork.modules.registry.rules import spans
from betterwork.modules.registry.settings_of import condition_of_export


@dataclass(frozen=True, slots=True)
class CountryCount:
    """How many factories of a country stand in the list of factories, and how many of them take part."""

    name: str
    code: str
    registered: int
    taking_part: int


def factories_by_country(rows: QuerySet[Factory], on: date) -> list[CountryCount]:
    """The factories among ``rows`` counted by country, in the order of the countries' names.

    ``rows`` are all factories of each of their countries. *Registered* are those of the list of factories: records
    that stand for themselves. *Taking part* is what :func:`coverage.coverage_on` says of that day. Six queries.
    """
    counted = dict(factories_kept(rows).order_by().values_list("country").annotate(number=Count("pk")))
    taking = taking_part_on(counted, on)
    known = {one.code: country_title(one.code) for one in countries_known() if one.code in counted}
    return [CountryCount(title, code, counted[code], taking[code]) for code, title in known.items()]


def missing_by_country(rows: QuerySet[Factory], on: date) -> dict[str, int]:
    """Country → how many of its factories among ``rows`` must take part, as a condition of export, and do not.

    One query besides the settings'; none where it is a condition nowhere.
    """
    with settings_held():
        under = [one.code for one in countries_known() if condition_of_export(one.code, on).value == "yes"]
    if not under:
        return {}
    missing = with_duty(factories_kept(rows.filter(country__in=under)), on, condition=True).filter(duty="missing")
    return dict(missing.order_by("country").values_list("country").annotate(number=Count("pk")))


def taking_part_on(countries: Iterable[str], on: date) -> dict[str, int]:
    """Country → how many of its factories take part on a day, as coverage counts them. Four queries for all of them."""
    wanted = list(countries)
    here = {"factory__country__in": wanted, "withdrawn_at__isnull": True}
    cycles: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    holding = Enrolment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=on), starts__lte=on, **here)
    for factory, starts, ends in holding.values_list("factory", "starts", "ends"):
        cycles[factory].append((starts, ends))
    steps: dict[int, list[Standing]] = defaultdict(list)
    for row in Standing.objects.filter(**here):
        steps[row.factory_id].append(row)
    merges = {one.gone_id: one for one in Merge.objects.filter(undone_at__isnull=True, gone__country__in=wanted)}
    # A record counts by its cycles and by those of the records that it stands for; no other record says anything.
    speaking = {*cycles, *merges, *(one.kept_id for one in merges.values())}
    records: dict[str, list[Record]] = {country: [] for country in wanted}
    for factory, country in Factory.objects.filter(country__in=wanted).values_list("pk", "country").order_by("pk"):
        if factory in speaking:
            records[country].append(_record(factory, cycles[factory], steps[factory], merges.get(factory)))
    return {
        country: coverage_on(on, found, sector=None, method=None, years=Decimal(0)).factories
        for country, found in records.items()
    }


def _record(factory: int, cycles: list[tuple[date, date | None]], steps: list[Standing], merge: Merge | None) -> Record:
    closed = [(span.start or date.min, span.end) for step, span in spans(steps) if step.state == Standing.CLOSED]
    return Record(
        factory=factory,
        cycles=cycles,
        same_as=merge.kept_id if merge and merge.kind == Merge.SAME else None,
        joined=(merge.kept_id, merge.since) if merge and merge.since else None,
        closed=closed,
    )
