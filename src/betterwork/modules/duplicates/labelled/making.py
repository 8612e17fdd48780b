"""Making SIMULATED factories and pairs of their records, labelled one factory or two, from a seed.

Only ``Random.random`` is asked, whose numbers are the same for a seed in every version of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from betterwork.core.matching.records import Record
from betterwork.modules.duplicates.labelled.lexicon import ENGLISH, ENGLISH_THINGS, TONGUES, Tongue, Word

T = TypeVar("T")
OWNERS = ("Holdings", "Investments", "Trading Co")
TRAINING_SEED, HELD_OUT_SEED = 20_150_301, 20_160_917
SAME, HARD, EASY = "same", "hard", "easy"
"""One factory; two that look alike; two with nothing much in common."""
DECIDED_BY_ALL = frozenset({"renamed", "moved", "initials", "same name elsewhere", "two firms of an owner"})
"""Where a person could not decide either if the owner or the address were missing: these keep all facts."""
OF_EACH = {SAME: 900, HARD: 600, EASY: 200}
"""Pairs of one half."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, which of the three kinds they are, and in a word how they were made."""

    left: Record
    right: Record
    kind: str
    how: str

    @property
    def same(self) -> bool:
        """Whether both are one factory."""
        return self.kind == SAME


@dataclass(frozen=True, slots=True)
class Works:
    """A SIMULATED factory, from which records are written: positions in the lexicon rather than spellings."""

    tongue: Tongue
    words: tuple[Word, ...]
    unit: int
    number: str
    street: Word
    place: Word
    owner: str
    group: str
    former: tuple[Word, ...] = ()


def pick(chance: Random, some: Sequence[T]) -> T:
    """One of some."""
    return some[int(chance.random() * len(some))]


def pairs_make(seed: int, of_each: dict[str, int] | None = None) -> list[Pair]:
    """The labelled pairs of a seed. Each pair's records have keys that begin with the pair's number."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    made: list[Pair] = []
    for kind, count in (of_each or OF_EACH).items():
        for _ in range(count):
            made.append(_pair(chance, kind, len(made)))
    return made


def _pair(chance: Random, kind: str, number: int) -> Pair:
    works = _works(chance)
    if kind == SAME:
        how, left, right = _same(chance, works)
    else:
        how, other = pick(chance, _HARD)(chance, works) if kind == HARD else ("nothing in common", _works(chance))
        if how == "two units" and chance.random() < 0.7:
            works = replace(works, unit=1)
        left, right = (_written(chance, one, latin=chance.random() < 0.7) for one in (works, other))
    if how not in DECIDED_BY_ALL:
        left, right = _thinned(chance, left, right)
    return Pair(replace(left, key=f"{number}-a"), replace(right, key=f"{number}-b"), kind, how)


def _works(chance: Random, tongue: Tongue | None = None) -> Works:
    tongue = tongue or pick(chance, TONGUES)
    owner = f"{pick(chance, ENGLISH)} {pick(chance, ENGLISH_THINGS)} {pick(chance, OWNERS)}"
    return Works(
        tongue,
        _own_words(chance, tongue),
        0,
        f"{1 + int(chance.random() * 180)}",
        pick(chance, tongue.streets),
        pick(chance, tongue.places),
        owner,
        f"group-{int(chance.random() * 10_000)}" if chance.random() < 0.4 else "",
    )


def _own_words(chance: Random, tongue: Tongue) -> tuple[Word, ...]:
    if chance.random() < 0.3:
        return ((f"{pick(chance, ENGLISH)} {pick(chance, ENGLISH_THINGS)}",),)
    first = pick(chance, tongue.words)
    second = pick(chance, [one for one in tongue.words if one != first])
    return (first, second) if chance.random() < 0.75 else (first,)


# --- one factory, written twice ------------------------------------------------------------------


def _same(chance: Random, works: Works) -> tuple[str, Record, Record]:
    """Two records of one factory, and in what they differ."""
    if chance.random() < 0.3:
        works = replace(works, unit=1 + int(chance.random() * 3))
    how = pick(chance, ("script", "script", "spelling", "law", "typo", "initials", "moved", "renamed", "address"))
    latin = how != "script"
    left = _written(chance, works, latin=chance.random() < 0.8)
    if how == "initials" and sum(len(word[-1].split()) for word in works.words) < 3:
        how = "law"
    if how == "moved":
        elsewhere = replace(
            works, street=pick(chance, works.tongue.streets), number=f"{200 + int(chance.random() * 90)}"
        )
        right = _written(chance, elsewhere, latin=latin)
    elif how == "renamed":
        later = replace(works, words=_own_words(chance, works.tongue))
        right = _written(chance, later, latin=latin)
        if chance.random() < 0.5:  # the register was told of the old name
            right = replace(right, names=(*_written(chance, works, latin=True).names, *right.names))
    else:
        right = _written(chance, works, latin=latin)
    if how == "typo":
        right = replace(right, names=(_mistyped(chance, right.names[0]),))
    elif how == "initials":
        letters = "".join(part[0] for word in works.words for part in word[min(1, len(word) - 1)].split())
        unit = f" {_unit(chance, works, latin=True)}" if works.unit else ""
        right = replace(right, names=(f"{letters.upper()} Garment Co., Ltd{unit}",))
        left = _written(chance, works, latin=True)
    return how, left, right


def _mistyped(chance: Random, text: str) -> str:
    """One or two slips: a letter left out, doubled, or changed places with the next."""
    for _ in range(1 + int(chance.random() * 2)):
        at = int(chance.random() * max(1, len(text) - 2))
        slip = pick(chance, ("out", "twice", "swapped"))
        if not text[at].isalpha():
            continue
        if slip == "out":
            text = text[:at] + text[at + 1 :]
        elif slip == "twice":
            text = text[: at + 1] + text[at:]
        else:
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


# --- two factories that look alike ---------------------------------------------------------------


def _two_units(chance: Random, works: Works) -> tuple[str, Works]:
    other = replace(works, unit=2 + int(chance.random() * 2))
    if chance.random() < 0.4:
        other = replace(other, number=f"{200 + int(chance.random() * 90)}")
    return "two units", other


def _one_group(chance: Random, works: Works) -> tuple[str, Works]:
    other = _works(chance, works.tongue)
    return "one group", replace(other, owner=works.owner, group=works.group or "group-one")


def _one_park(chance: Random, works: Works) -> tuple[str, Works]:
    other = _works(chance, works.tongue)
    same_house = chance.random() < 0.4
    return "one address", replace(
        other, street=works.street, place=works.place, number=works.number if same_house else other.number
    )


def _near_names(chance: Random, works: Works) -> tuple[str, Works]:
    other = _works(chance, works.tongue)
    if len(works.words) == 2:
        words: tuple[Word, ...] = (
            works.words[0],
            pick(chance, [one for one in works.tongue.words if one not in works.words]),
        )
    elif works.words[0][0].split()[0] in ENGLISH:
        first, thing = works.words[0][0].split()
        words = ((f"{first} {pick(chance, [one for one in ENGLISH_THINGS if one != thing])}",),)
    else:
        words = (works.words[0], pick(chance, [one for one in works.tongue.words if one != works.words[0]]))
    return "near names", replace(other, words=words)


def _same_name(chance: Random, works: Works) -> tuple[str, Works]:
    other = _works(chance, works.tongue)
    place = pick(chance, [one for one in works.tongue.places if one != works.place])
    return "same name elsewhere", replace(other, words=works.words, place=place)


_HARD = (_two_units, _two_units, _one_group, _one_park, _near_names, _same_name)


# --- writing -------------------------------------------------------------------------------------


def _written(chance: Random, works: Works, *, latin: bool) -> Record:
    """A record of a factory: its name and address in Latin letters or the country's, as some clerk would write them."""
    tongue = works.tongue
    form = pick(chance, tongue.latin_forms if latin else tongue.forms)
    name = form.format(" ".join(_spelt(chance, word, latin=latin) for word in works.words))
    if works.unit:
        name = f"{name} {_unit(chance, works, latin=latin)}"
    if latin and chance.random() < 0.2:
        name = name.upper()
    number = works.number if latin else "".join(tongue.digits[int(digit)] for digit in works.number)
    address = (pick(chance, tongue.latin_addresses) if latin else tongue.address).format(
        number=number, street=_spelt(chance, works.street, latin=latin), place=_spelt(chance, works.place, latin=latin)
    )
    owner = works.owner.upper() if chance.random() < 0.2 else works.owner
    return Record("", tongue.country, (name,), (address,), (owner,), works.group)


def _spelt(chance: Random, word: Word, *, latin: bool) -> str:
    if not latin or len(word) == 1:
        return word[0]
    return word[1] if chance.random() < 0.6 else pick(chance, word[1:])


def _unit(chance: Random, works: Works, *, latin: bool) -> str:
    form = pick(chance, works.tongue.latin_units if latin else works.tongue.units)
    number = str(works.unit) if latin else works.tongue.digits[works.unit]
    return form.replace("#", number).replace("%", ("", "I", "II", "III")[works.unit])


def _thinned(chance: Random, left: Record, right: Record) -> tuple[Record, Record]:
    """Some records know less: no owner, no group, no address; but both know one of owner and address.

    Of two that share nothing but a name nobody could say whether they are one.
    """
    if chance.random() < 0.3:
        left = replace(left, group="")
    if chance.random() < 0.3:
        right = replace(right, group="")
    draw = chance.random()
    if draw < 0.15:
        return replace(left, owners=()), right
    if draw < 0.3:
        return left, replace(right, owners=())
    if draw < 0.4:
        return replace(left, owners=()), replace(right, owners=())
    if draw < 0.45:
        return replace(left, addresses=()), right
    if draw < 0.5:
        return left, replace(right, addresses=())
    return left, right
