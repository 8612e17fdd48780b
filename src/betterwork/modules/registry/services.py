"""Writing the register."""

from __future__ import annotations

from collections.abc import Mapping

from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.rules import name_says_obsolete

FactoryKey = tuple[str, str]
"""(ISO country code, the factory's outside id)."""


def factories_ensure(*, wanted: Mapping[FactoryKey, str]) -> dict[FactoryKey, Factory]:
    """Return a factory for every key of ``wanted`` (key → name), adding the ones not yet known.

    A known factory takes the name given, and once marked obsolete it stays so. The caller holds
    the transaction. Names and ids are stored as they come, in any script.
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
    return known | {(factory.country, factory.outside_id): factory for factory in fresh}


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
