"""What the comparison knows of a factory's record, and the same made ready to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from betterwork.core.matching.reading import address_read, initials, name_read, sound

BETWEEN = "|"
"""Between the values of one column: a record may have several names, addresses, owners."""


@dataclass(frozen=True, slots=True)
class Record:
    """A factory as its register has it. Empty where a thing is not known. No person is among it."""

    key: str
    country: str
    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    group: str = ""
    domains: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    """(system, number) under which systems outside know it."""
    places: tuple[tuple[float, float], ...] = ()
    """Latitudes and longitudes."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A record made ready: texts only, one per column that a comparison reads; values apart by ``BETWEEN``."""

    key: str
    country: str
    names: str
    units: str
    kinds: str
    addresses: str
    """Each "numbers;street;place"."""
    owners: str
    group: str
    domains: str
    numbers: str
    places: str
    blocks: tuple[str, ...]
    """Two records are compared where they share one of these."""


COLUMNS = tuple(one.name for one in fields(Ready) if one.name not in ("key", "country", "blocks"))


def ready(record: Record) -> Ready:
    """Read a record's texts once, so that many comparisons cost little."""
    read = [name_read(name) for name in record.names if name.strip()]
    places = [address_read(address) for address in record.addresses if address.strip()]
    owners = list(dict.fromkeys(name_read(owner).core for owner in record.owners if owner.strip()))
    cores = list(dict.fromkeys(one.core for one in read))
    return Ready(
        key=record.key,
        country=record.country,
        names=_joined(cores),
        units=_joined(sorted({one.unit for one in read if one.unit})),
        kinds=_joined(sorted({kind for one in read for kind in one.kinds})),
        addresses=_joined(
            dict.fromkeys(
                f"{' '.join(one.numbers)};{one.street};{one.place}" for one in places if one.street or one.place
            )
        ),
        owners=_joined(owners),
        group=record.group,
        domains=_joined(sorted(record.domains)),
        numbers=_joined(sorted(f"{system}={number}" for system, number in record.numbers)),
        places=_joined(f"{north:.5f},{east:.5f}" for north, east in record.places),
        blocks=tuple(f"{record.country}{block}" for block in _blocks(record, cores, owners)),
    )


def _joined(values: Iterable[str]) -> str:
    each = list(values)
    whole = BETWEEN.join(each)
    if whole.count(BETWEEN) == max(len(each) - 1, 0):
        return whole
    return BETWEEN.join(one.replace(BETWEEN, " ") for one in each)


def _blocks(record: Record, cores: list[str], owners: list[str]) -> list[str]:
    """What two records of one factory are likely to share: parts of the name's sound, a house, the owner, a number."""
    found: list[str] = []
    for core in cores:
        heard = sound(core).split()
        whole = "".join(heard)
        found += (
            f"n:{whole}",
            f"b:{whole[:4]}" if len(whole) > 3 else f"n:{whole}",
            f"e:{whole[-4:]}",
            f"s:{''.join(sorted(heard))}",
        )
        found += [f"w:{word}" for word in heard if len(word) > 1]
        found += [f"t:{word}" for word in core.split() if len(word) > 3]
        if letters := initials(core):
            found.append(f"i:{letters}")
    for address in record.addresses:
        read = address_read(address)
        street = sound(read.street).replace(" ", "")
        if street:
            found += [f"a:{number}:{street[:5]}" for number in read.numbers]
        if read.street and not read.numbers:
            found.append(f"r:{street}")
    found += [f"o:{sound(owner).replace(' ', '')}" for owner in owners]
    if record.group:
        found.append(f"g:{record.group}")
    found += [f"d:{domain}" for domain in record.domains]
    found += [f"x:{system}={number}" for system, number in record.numbers]
    return list(dict.fromkeys(found))
