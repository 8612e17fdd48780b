"""Writing the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.rules import name_says_obsolete

FactoryKey = tuple[str, str]
"""(ISO country code, the factory's outside id)."""
ENSURED = "factories.ensured"


@transaction.atomic
def factories_ensure(*, actor: str, wanted: Mapping[FactoryKey, str], at: datetime) -> dict[FactoryKey, Factory]:
    """Return a factory for every key of ``wanted`` (key → name), adding the ones not yet known.

    A known factory takes the name given, and once marked obsolete it stays so. Names and ids are stored as they
    come, in any script. One entry of the ledger says how many were added and changed, with a digest of how they
    stand now; none where nothing was.
    """
    known = _factories_known(wanted)
    fresh = [
        Factory(country=key[0], outside_id=key[1], name=name, obsolete=name_says_obsolete(name))
        for key, name in wanted.items()
        if key not in known
    ]
    Factory.objects.bulk_create(fresh, batch_size=1000)
    changed = []
    for key, factory in known.items():
        obsolete = factory.obsolete or name_says_obsolete(wanted[key])
        if (factory.name, factory.obsolete) != (wanted[key], obsolete):
            factory.name, factory.obsolete = wanted[key], obsolete
            changed.append(factory)
    Factory.objects.bulk_update(changed, ["name", "obsolete"], batch_size=500)
    if fresh or changed:
        entry_append(
            kind=AUDIT,
            action=ENSURED,
            actor=actor,
            subject=f"factories {len(fresh) + len(changed)}",
            content={"added": len(fresh), "changed": len(changed), "digest": _digest([*fresh, *changed])},
            at=at,
            checked=True,
        )
    return known | {(factory.country, factory.outside_id): factory for factory in fresh}


def _digest(factories: Iterable[Factory]) -> str:
    rows = sorted([one.country, one.outside_id, one.name, one.obsolete] for one in factories)
    return digest(canonical_bytes_unchecked(rows))


def _factories_known(wanted: Mapping[FactoryKey, str]) -> dict[FactoryKey, Factory]:
    known: dict[FactoryKey, Factory] = {}
    by_country: dict[str, list[str]] = {}
    for country, outside_id in wanted:
        by_country.setdefault(country, []).append(outside_id)
    for country, ids in by_country.items():
        for start in range(0, len(ids), 500):
            found = Factory.objects.filter(country=country, outside_id__in=ids[start : start + 500])
            known |= {(factory.country, factory.outside_id): factory for factory in found}
    return known
