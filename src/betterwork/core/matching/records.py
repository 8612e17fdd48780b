"""What the comparison knows of a factory's record, and the same made ready to be compared."""

from __future__ import annotations

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


def _joined(values: object) -> str:
    return BETWEEN.join(str(one).replace(BETWEEN, " ") for one in values)  # type: ignore[attr-defined]


def _blocks(record: Record, cores: list[str], owners: list[str]) -> list[str]:
    """What two records of one factory are likely to share: parts of the name's sound, a house, the owner, a number."""
    found: dict[str, None] = {}
    for core in cores:
        heard = sound(core).split()
        whole = "".join(heard)
        found |= dict.fromkeys(
            [
                f"n:{whole}",
                f"b:{whole[:4]}" if len(whole) > 3 else f"n:{whole}",
                f"e:{whole[-4:]}",
                f"s:{''.join(sorted(heard))}",
            ]
        )
        found |= dict.fromkeys(f"w:{word}" for word in heard if len(word) > 1)
        found |= dict.fromkeys(f"t:{word}" for word in core.split() if len(word) > 3)
        if letters := initials(core):
            found[f"i:{letters}"] = None
    for address in record.addresses:
        read = address_read(address)
        street = sound(read.street).replace(" ", "")
        found |= dict.fromkeys(f"a:{number}:{street[:5]}" for number in read.numbers if street)
        if read.street and not read.numbers:
            found[f"r:{street}"] = None
    found |= dict.fromkeys(f"o:{sound(owner).replace(' ', '')}" for owner in owners)
    if record.group:
        found[f"g:{record.group}"] = None
    found |= dict.fromkeys(f"d:{domain}" for domain in record.domains)
    found |= dict.fromkeys(f"x:{system}={number}" for system, number in record.numbers)
    return list(found)
