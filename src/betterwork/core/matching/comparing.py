"""How two records agree: one function per thing compared, each from columns to levels.

Every function takes two equally long lists of texts (see ``records.Ready``) and returns one level per pair: a whole
number from 0 (against) to the comparison's highest, or ``NOT_KNOWN``. Symmetric; the same text with itself reaches the
highest level. Whole lists at once, because rapidfuzz then works outside Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from betterwork.core.matching.reading import initials, sound
from betterwork.core.matching.records import BETWEEN

Levels = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Texts = Sequence[str]
NOT_KNOWN = -1
NEAR, LOOSE = 0.92, 0.82
"""From which similarity spellings count as near or as loose."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing compared: the column it reads, its function, and the words' codes of its levels, the lowest first."""

    name: str
    column: str
    levels: tuple[str, ...]
    function: Callable[[Texts, Texts], Levels]


def _best(left: Texts, right: Texts, judge: Callable[[list[str], list[str]], Levels]) -> Levels:
    """The highest level over all pairings of two records' values; ``NOT_KNOWN`` where one has none."""
    lefts: list[str] = []
    rights: list[str] = []
    pair: list[int] = []
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        if not one or not other:
            continue
        for mine in one.split(BETWEEN):
            for yours in other.split(BETWEEN):
                lefts.append(mine)
                rights.append(yours)
                pair.append(number)
    found = np.full(len(left), NOT_KNOWN, dtype=np.int8)
    if pair:
        np.maximum.at(found, np.array(pair), judge(lefts, rights))
    return found


def _alike(left: Texts, right: Texts) -> npt.NDArray[np.float64]:
    """How alike spellings are, 0 to 1, whatever the order and the spaces of their words."""
    together = cpdist(
        [one.replace(" ", "") for one in left], [one.replace(" ", "") for one in right], scorer=fuzz.ratio
    )
    ordered = cpdist(list(left), list(right), scorer=fuzz.token_sort_ratio)
    best: npt.NDArray[np.float64] = np.maximum(together, ordered).astype(np.float64) / 100
    return best


def names_compare(left: Texts, right: Texts) -> Levels:
    """Own words of names: other, a part, loosely alike, initials, nearly the same, the same by sound, the same."""
    return _best(left, right, _names_judge)


def _names_judge(left: list[str], right: list[str]) -> Levels:
    alike = _alike(left, right)
    heard_left, heard_right = ([sound(one).replace(" ", "") for one in side] for side in (left, right))
    heard = np.array([one == other and len(one) > 1 for one, other in zip(heard_left, heard_right, strict=True)])
    heard_alike = cpdist(heard_left, heard_right, scorer=JaroWinkler.similarity)
    long = np.array([min(len(one), len(other)) > 3 for one, other in zip(heard_left, heard_right, strict=True)])
    part = cpdist(left, right, scorer=fuzz.token_set_ratio) >= 99.9
    short = np.array(
        [_initials_of(one, other) or _initials_of(other, one) for one, other in zip(left, right, strict=True)]
    )
    found = np.zeros(len(left), dtype=np.int8)
    found[part] = 1
    found[(alike >= LOOSE) | (long & (heard_alike >= NEAR))] = 2
    found[short] = 3
    found[(alike >= NEAR)] = 4
    found[heard & (alike >= 0.4)] = 5
    found[[one == other for one, other in zip(left, right, strict=True)]] = 6
    return found


def _heard(text: str) -> str:
    """The sound of a text in one word: scripts differ in where they set spaces."""
    return sound(text).replace(" ", "")


def _initials_of(short: str, whole: str) -> bool:
    return " " in whole and " " not in short and initials(whole) == short


def units_compare(left: Texts, right: Texts) -> Levels:
    """Numbers of units: other numbers, one says a number, one says "1", the same."""
    found = np.full(len(left), NOT_KNOWN, dtype=np.int8)
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        mine, yours = set(one.split(BETWEEN)) - {""}, set(other.split(BETWEEN)) - {""}
        if mine and yours:
            found[number] = 3 if mine & yours else 0
        elif mine or yours:
            found[number] = 2 if (mine or yours) <= {"1", "a"} else 1
    return found


def _sets_compare(left: Texts, right: Texts) -> Levels:
    return _best(left, right, lambda one, other: np.array([a == b for a, b in zip(one, other, strict=True)], np.int8))


def kinds_compare(left: Texts, right: Texts) -> Levels:
    """Kinds of industry in the names: other, the same."""
    return _sets_compare(left, right)


def groups_compare(left: Texts, right: Texts) -> Levels:
    """Groups of factories: another, the same."""
    return _sets_compare(left, right)


def domains_compare(left: Texts, right: Texts) -> Levels:
    """The firm's own part of its contacts' addresses: another, the same."""
    return _sets_compare(left, right)


def owners_compare(left: Texts, right: Texts) -> Levels:
    """Names of owners: another, nearly the same, the same."""

    def judge(one: list[str], other: list[str]) -> Levels:
        same = np.array([a == b for a, b in zip(one, other, strict=True)])
        heard = np.array(
            [sound(a).replace(" ", "") == sound(b).replace(" ", "") for a, b in zip(one, other, strict=True)]
        )
        near = (_alike(one, other) >= NEAR) | heard
        return np.where(same, 2, np.where(near, 1, 0)).astype(np.int8)

    return _best(left, right, judge)


def addresses_compare(left: Texts, right: Texts) -> Levels:
    """Addresses: elsewhere, same town, same street but another number, same street or same number in a town, same."""
    return _best(left, right, _addresses_judge)


def _addresses_judge(left: list[str], right: list[str]) -> Levels:
    ones, others = ([_address_parts(one) for one in side] for side in (left, right))
    streets = _each_once(_same_words, [one[1] for one in ones], [one[1] for one in others])
    places = _each_once(_same_place, [one[2] for one in ones], [one[2] for one in others])
    found = np.zeros(len(left), dtype=np.int8)
    for number, ((mine, street, town), (yours, other, away)) in enumerate(zip(ones, others, strict=True)):
        there = places[number]
        apart = not there and bool(town and away)
        shared = not mine.isdisjoint(yours)
        if (streets[number] or (shared and not street and not other)) and not apart:
            found[number] = 4 if shared or (not mine and not yours) else 2 if mine and yours else 3
        elif there:
            found[number] = 3 if shared and not (street and street == other) else 1
    same = [one == other for one, other in zip(left, right, strict=True)]
    found[same] = 4
    return found


@lru_cache(maxsize=200_000)
def _address_parts(text: str) -> tuple[frozenset[str], str, str]:
    """The numbers, the street and the place of an address that was made ready."""
    numbers, street, place = text.split(";", 2)
    return frozenset(numbers.split()), street, place


def _each_once(judge: Callable[[list[str], list[str]], Flags], left: list[str], right: list[str]) -> list[bool]:
    """What is judged of pairs of texts, each different pair once: towns and streets come again and again."""
    pairs = list(zip(left, right, strict=True))
    places = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}
    found = judge([one for one, _ in places], [other for _, other in places]).tolist()
    return [found[places[pair]] for pair in pairs]


def _same_place(left: list[str], right: list[str]) -> Flags:
    """Whether one town or district is named, also where its sound is written in another way."""
    heard = cpdist([sound(one) for one in left], [sound(one) for one in right], scorer=fuzz.ratio)
    found: Flags = _same_words(left, right) | (heard >= 74)
    return found


def _same_words(left: list[str], right: list[str]) -> Flags:
    """Whether one place is named: alike as spelt or as heard, or the words of one among those of the other."""
    heard_left, heard_right = ([sound(one) for one in side] for side in (left, right))
    alike = _alike([one or "?" for one in left], [one or "!" for one in right]) >= 0.88
    among = cpdist(heard_left, heard_right, scorer=fuzz.token_set_ratio) >= 99.9
    joined = [
        a.replace(" ", "") == b.replace(" ", "") and len(a) > 1 for a, b in zip(heard_left, heard_right, strict=True)
    ]
    given = np.array([bool(a and b) for a, b in zip(left, right, strict=True)])
    found: Flags = given & (alike | among | np.array(joined))
    return found


def numbers_compare(left: Texts, right: Texts) -> Levels:
    """Numbers of systems outside: another number in the same system, the same number."""
    found = np.full(len(left), NOT_KNOWN, dtype=np.int8)
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        mine, yours = set(one.split(BETWEEN)) - {""}, set(other.split(BETWEEN)) - {""}
        if mine & yours:
            found[number] = 1
        elif {a.partition("=")[0] for a in mine} & {a.partition("=")[0] for a in yours}:
            found[number] = 0
    return found


def places_compare(left: Texts, right: Texts) -> Levels:
    """Places on the map: over two kilometres apart, near, within three hundred metres."""

    def judge(one: list[str], other: list[str]) -> Levels:
        metres = np.array([_metres(a, b) for a, b in zip(one, other, strict=True)])
        return np.where(metres <= 300, 2, np.where(metres <= 2000, 1, 0)).astype(np.int8)

    return _best(left, right, judge)


def _metres(one: str, other: str) -> float:
    """Metres between two places; exact enough for some kilometres."""
    north, east = (float(part) for part in one.split(","))
    north_too, east_too = (float(part) for part in other.split(","))
    turned = math.radians((north + north_too) / 2)
    return 111_320 * math.hypot(north - north_too, (east - east_too) * math.cos(turned))


COMPARISONS = (
    Comparison("name", "names", ("other", "part", "loose", "initials", "near", "sound", "same"), names_compare),
    Comparison("unit", "units", ("other", "one_says", "first", "same"), units_compare),
    Comparison("kind", "kinds", ("other", "same"), kinds_compare),
    Comparison("address", "addresses", ("other", "town", "other_number", "street", "same"), addresses_compare),
    Comparison("owner", "owners", ("other", "near", "same"), owners_compare),
    Comparison("group", "group", ("other", "same"), groups_compare),
    Comparison("domain", "domains", ("other", "same"), domains_compare),
    Comparison("number", "numbers", ("other", "same"), numbers_compare),
    Comparison("place", "places", ("far", "near", "same"), places_compare),
)
