"""Reading organisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from betterwork.core.errors import WrongUse
from betterwork.modules.countries.queries import remembered
from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName
from betterwork.modules.organisations.rules import Lies, Named, groups_on, name_key, name_on

BOOK = "organisations"


@dataclass(frozen=True, slots=True)
class Known:
    """What scopes and lists need of an organisation."""

    name: str
    kind: str
    country: str


def organisations_known() -> Mapping[str, Known]:
    """Every organisation by its key. One query; none where the book of a request is open and was asked already."""

    def read() -> dict[str, Known]:
        rows = Organisation.objects.values_list("key", "name", "kind", "country")
        return {key: Known(name, kind, country) for key, name, kind, country in rows}

    return remembered(BOOK, read)


def organisation_called(key: str) -> Organisation:
    """The organisation of a key. Raises :class:`WrongUse` where there is none."""
    found = Organisation.objects.filter(key=key).first()
    if found is None:
        raise WrongUse(f"no organisation has the key {key!r}; betterwork organisation list shows them")
    return found


def organisation_choices(
    kinds: Collection[str] = (), *, country: str = "", on: date | None = None
) -> list[tuple[str, str]]:
    """(key, name) of the organisations of some kinds (all without), by name: to choose from in a form.

    With ``country`` those of that country and the global ones; with ``on`` without those that ended before.
    """
    rows = Organisation.objects.all()
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    if country:
        rows = rows.filter(country__in=["", country])
    if on is not None:
        rows = rows.filter(Q(last__isnull=True) | Q(last__gte=on))
    return list(rows.order_by("name", "key").values_list("key", "name"))


def organisation_names(keys: Iterable[str]) -> dict[str, str]:
    """How organisations are called today, by their keys; those there are not are left out. One query."""
    return dict(Organisation.objects.filter(key__in=set(keys)).values_list("key", "name"))


def organisation_name_on(key: str, on: date) -> str:
    """How an organisation was called on a day; "" where there is no such organisation."""
    return name_on(names_of(key), on)


def names_of(key: str) -> list[Named]:
    """The names of an organisation that stand."""
    rows = OrganisationName.objects.filter(organisation=key, corrected_at__isnull=True)
    return [Named(name, first) for name, first in rows.values_list("name", "first")]


def memberships_all() -> list[Lies]:
    """Which organisation lies in which, when."""
    return [Lies(*row) for row in Membership.objects.values_list("member", "group", "first", "last")]


def organisation_groups_on(key: str, on: date) -> frozenset[str]:
    """The keys of all organisations in which one lies on a day, also through others."""
    return groups_on(memberships_all(), key, on)


def same_named(kind: str, country: str, name: str) -> QuerySet[Organisation]:
    """Organisations of the same kind and country that are or were called so."""
    wanted = name_key(name)
    rows = OrganisationName.objects.filter(organisation__kind=kind, organisation__country=country)
    rows = rows.filter(corrected_at__isnull=True)
    keys = {key for key, found in rows.values_list("organisation", "name") if name_key(found) == wanted}
    return Organisation.objects.filter(key__in=keys)


def found_by(text: str) -> Q:
    """A filter over organisations: by any name it has or had, or the beginning of its key."""
    named = OrganisationName.objects.filter(name__icontains=text, corrected_at__isnull=True)
    return Q(key__in=named.values("organisation")) | Q(key__istartswith=text)
