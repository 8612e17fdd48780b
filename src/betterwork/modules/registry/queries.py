"""Reading the register: factories with their state, what merges lead to, facts for other rooms, counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from betterwork.core.errors import WrongUse
from betterwork.modules.registry import rules
from betterwork.modules.registry.changing import STEPS
from betterwork.modules.registry.models import (
    Contact,
    Enrolment,
    Exporting,
    Factory,
    FactoryName,
    Grouping,
    Merge,
    Office,
    OutsideId,
    Ownership,
    Site,
    Standing,
    Workforce,
)
from betterwork.modules.registry.organisations_of import organisation_titles

SIMULATED_MARK = "SIMULATED"
_AT_ONCE = 500


def simulated() -> bool:
    """Whether this instance holds simulated data only, which every page and document must then say."""
    return (Path(settings.BETTERWORK_HOME) / SIMULATED_MARK).is_file()


def merged_away() -> Exists:
    """Whether a factory's record was merged into another one and stands for it."""
    return Exists(Merge.objects.filter(gone=OuterRef("pk"), undone_at__isnull=True))


def factories_kept(rows: QuerySet[Factory]) -> QuerySet[Factory]:
    """The factories among ``rows`` that stand for themselves: without the records that were merged away."""
    return rows.filter(~merged_away())


def factory_called(text: str, rows: QuerySet[Factory] | None = None) -> Factory:
    """The factory of a key (``VN/2014-7``) or a row number, among ``rows``. Raises WrongUse where there is none."""
    found = Factory.objects.all() if rows is None else rows
    country, slash, outside_id = text.strip().partition("/")
    if slash:
        one = found.filter(country=country.upper(), outside_id=outside_id).first()
    else:
        one = found.filter(pk=int(text)).first() if text.strip().isdecimal() and len(text.strip()) < 19 else None
    if one is None:
        raise WrongUse(f"no factory here is called {text!r}; betterwork factory list shows them")
    return one


def pointers(factories: Iterable[int] | None = None, country: str = "") -> dict[int, int]:
    """Where merges lead now: the record that went → the one it was merged into. All, or those of a country."""
    rows = Merge.objects.filter(undone_at__isnull=True)
    if country:
        rows = rows.filter(gone__country=country)
    if factories is not None:
        rows = rows.filter(gone__in=list(factories))
    return dict(rows.values_list("gone", "kept"))


def factory_kept(factory: Factory) -> Factory:
    """The factory for which a record stands: itself, or the one at the end of its merges. A query for each merge."""
    seen = {factory.pk}
    while True:
        merge = Merge.objects.filter(gone=factory, undone_at__isnull=True).select_related("kept").first()
        if merge is None or merge.kept_id in seen:
            return factory
        factory = merge.kept
        seen.add(factory.pk)


def factories_within(factory: Factory) -> list[int]:
    """The rows of all records that stand for a factory: its own first, then those merged into it, also over others.

    A query for each length of chain: other rooms read what they keep of any of them.
    """
    found, ahead = [factory.pk], [factory.pk]
    while ahead:
        rows = Merge.objects.filter(kept__in=ahead, undone_at__isnull=True).order_by("gone")
        ahead = [one for one in rows.values_list("gone", flat=True) if one not in found]
        found += ahead
    return found


def _held(model: Any, on: date, field: str) -> Subquery:
    """What a step's field says on a day, of the factory outside."""
    rows = model.objects.filter(Q(since__isnull=True) | Q(since__lte=on), factory=OuterRef("pk"))
    rows = rows.filter(withdrawn_at__isnull=True)
    return Subquery(rows.order_by(F("since").desc(nulls_last=True), "-pk").values(field)[:1])


def with_state(rows: QuerySet[Factory], on: date) -> QuerySet[Any]:
    """Factories with ``state_now``: a word of ``presentations.STATES`` for a day."""
    cycles = Enrolment.objects.filter(factory=OuterRef("pk"), withdrawn_at__isnull=True)
    runs = Exists(cycles.filter(Q(ends__isnull=True) | Q(ends__gte=on), starts__lte=on))
    standing = Coalesce(_held(Standing, on, "state"), Value(Standing.OPEN))
    return rows.alias(standing_now=standing).annotate(
        state_now=Case(
            When(Q(obsolete=True), then=Value("retired")),
            When(Q(standing_now=Standing.CLOSED), then=Value("closed")),
            When(runs, then=Value("enrolled")),
            When(Exists(cycles.filter(starts__lte=on)), then=Value("ended")),
            default=Value("registered"),
            output_field=CharField(),
        )
    )


def with_figures(rows: QuerySet[Factory], on: date) -> QuerySet[Any]:
    """Factories with ``state_now``, ``workers_now`` (of the last headcount) and ``cycle_now`` (the last begun)."""
    counts = Workforce.objects.filter(factory=OuterRef("pk"), withdrawn_at__isnull=True, on__lte=on).order_by("-on")
    cycles = Enrolment.objects.filter(factory=OuterRef("pk"), withdrawn_at__isnull=True, starts__lte=on)
    found: QuerySet[Any] = with_state(rows, on).annotate(
        workers_now=Subquery(counts.values("workers")[:1]),
        cycle_now=Subquery(cycles.order_by("-starts").values("cycle")[:1]),
    )
    return found


def with_duty(rows: QuerySet[Factory], on: date, *, condition: bool) -> QuerySet[Any]:
    """Factories with ``duty``, a word of ``presentations.DUTIES``, as ``rules.duty`` decides, and where it is written.

    ``condition``: whether taking part is a condition of export in their country on that day.
    """
    said = with_figures(rows, on).annotate(
        exporting_now=Coalesce(_held(Exporting, on, "state"), Value("")), export_source=_held(Exporting, on, "source")
    )
    takes = When(Q(state_now="enrolled"), then=Value("voluntary"))
    exports = Q(exporting_now="exports")
    # Each mention of a state is a question of its own to the database: none more than the condition needs.
    under_condition = [
        When(Q(state_now__in=["closed", "retired"]), then=Value("free")),
        When(exports & Q(state_now="enrolled"), then=Value("kept")),
        When(exports, then=Value("missing")),
        takes,
        When(Q(exporting_now=""), then=Value("not-known")),
    ]
    words = Case(*(under_condition if condition else [takes]), default=Value("free"), output_field=CharField())
    found: QuerySet[Any] = said.annotate(duty=words)
    return found


def with_reach(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Factories with where they work (``town_now``) and their first contact (``contact_now``, its phone and e-mail)."""
    first = Contact.objects.filter(factory=OuterRef("pk"), withdrawn_at__isnull=True).order_by("place")
    named = {f"{word}_now": Subquery(first.values(field)[:1]) for word, field in _REACH}
    found: QuerySet[Any] = rows.annotate(town_now=_held(Site, on, "town"), **named)
    return found


_REACH = (("contact", "name"), ("phone", "phone"), ("email", "email"))


@dataclass(frozen=True, slots=True)
class FactoryFacts:
    """What the register knows of one record's identity: for finding that two are one. No person among it."""

    id: int
    country: str
    outside_id: str
    name: str
    names: tuple[str, ...]
    """All it was ever called, the oldest first, the name of now among them."""
    addresses: tuple[str, ...]
    """Where it worked, from the oldest, and where its letters go, in one line each."""
    towns: tuple[str, ...]
    places: tuple[tuple[float, float], ...]
    """Latitudes and longitudes."""
    owners: tuple[str, ...]
    owner_keys: tuple[str, ...]
    group: str
    group_key: str
    outside_ids: tuple[tuple[str, str], ...]
    """(system, number)."""
    contact_domains: tuple[str, ...]
    """What stands after the @ of its contacts' addresses, where that is the firm's own: no person."""
    workers: int | None
    merged: bool
    """Whether the record was merged into another one."""
    obsolete: bool


FREE_MAIL = frozenset({"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "qq.com", "163.com"})


def factory_facts(ids: Iterable[int]) -> Iterator[FactoryFacts]:
    """The facts of these records, in the order of ``ids``. Ten queries for each five hundred."""
    wanted = list(ids)
    for begin in range(0, len(wanted), _AT_ONCE):
        yield from _facts_of(wanted[begin : begin + _AT_ONCE])


def _facts_of(some: Sequence[int]) -> Iterator[FactoryFacts]:
    factories = Factory.objects.in_bulk(list(some))
    by = {
        model: _grouped(model, some) for model in (FactoryName, Site, Office, Ownership, Grouping, OutsideId, Contact)
    }
    counts = {
        row.factory_id: row.workers
        for row in Workforce.objects.filter(factory__in=some, withdrawn_at__isnull=True).order_by("on")
    }
    gone = pointers(some)
    keys = {one.organisation for model in (Ownership, Grouping) for rows in by[model].values() for one in rows}
    titles = organisation_titles(keys)
    for number in some:
        if number not in factories:
            continue
        one, sites, offices = factories[number], by[Site].get(number, []), by[Office].get(number, [])
        owned = by[Ownership].get(number, [])
        grouped = by[Grouping].get(number, [])[-1:]
        names = [*(row.name for row in by[FactoryName].get(number, [])), one.name]
        domains = (row.email.rpartition("@")[2].lower() for row in by[Contact].get(number, []) if "@" in row.email)
        yield FactoryFacts(
            id=one.pk,
            country=one.country,
            outside_id=one.outside_id,
            name=one.name,
            names=_each_once(names),
            addresses=_each_once(address_line(row) for row in [*sites, *offices]),
            towns=_each_once(row.town for row in sites),
            places=tuple((float(row.latitude), float(row.longitude)) for row in sites if _placed(row)),
            owners=_each_once(titles.get(row.organisation) or row.legal_name for row in owned),
            owner_keys=_each_once(row.organisation for row in owned),
            group=next((titles.get(row.organisation) or row.name for row in grouped), ""),
            group_key=next((row.organisation for row in grouped), ""),
            outside_ids=tuple((row.system, row.number) for row in by[OutsideId].get(number, [])),
            contact_domains=_each_once(domain for domain in domains if domain not in FREE_MAIL),
            workers=counts.get(number),
            merged=number in gone,
            obsolete=one.obsolete,
        )


def _grouped(model: Any, some: Sequence[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = {}
    for row in model.objects.filter(factory__in=list(some), withdrawn_at__isnull=True).order_by("pk"):
        rows.setdefault(row.factory_id, []).append(row)
    return {key: rules.in_order(found) if model in STEPS.values() else found for key, found in rows.items()}


def _placed(site: Site) -> bool:
    return site.latitude is not None and site.longitude is not None


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in texts if one))


def address_line(row: Any) -> str:
    """An address in one line."""
    parts = (row.lines, row.town, row.region, row.postcode, getattr(row, "land", ""))
    return ", ".join(one for one in parts if one)
