"""Reading a name or an address of any script into Latin words that can be compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from betterwork.core.matching import words
from betterwork.core.matching.words import KIND, LOT, PARK, PLACE, ROMAN, STREET, UNIT, WORKS

_OBSOLETE = re.compile(r"\(\s*obsolete\s*\)", re.IGNORECASE)
_MARKED_LETTERS = re.compile("[\u064b-\u065f\u0670\u0640]")  # vowel signs and stretching of Arabic
_LETTERS = (
    ("\u099a", "ch"),
    ("\u099b", "ch"),
    ("\u0982", "ng"),
    ("\u09cd\u09ac", "w"),
    ("\u09a1\u09bc", "r"),
    ("\u09dc", "r"),
)
"""Letters of Bangla that people romanise otherwise than anyascii: cha, chha, the nasal, wa below, the flapped r."""
_APOSTROPHES = re.compile(r"['`’‘ʼ\"]")
_NOT_A_WORD = re.compile(r"[^a-z0-9~/]+")
_LOT_NUMBER = re.compile(r"(?<![~\w])([a-z]) (\d+)\b")
_ARABIC_ARTICLE = re.compile(
    "(?<![\u0600-\u06ff])(?:\u0648\u0627\u0644|\u0628\u0627\u0644|\u0627\u0644)(?=[\u0600-\u06ff]{2})"
)
_LATIN_ARTICLE = re.compile(r"\b(?:a[lnrsdtz]|ash|el)-(?=[a-z])")
_NUMBERS = re.compile(r"^(?:[a-z]?\d+[a-z]?)(?:/\d+[a-z]?)*$")
_SOUNDS = (
    *(("sch", "s"), ("tch", "c"), ("chh", "c"), ("ch", "c"), ("sh", "s"), ("ph", "p"), ("kh", "k"), ("gh", "g")),
    *(("th", "t"), ("dh", "d"), ("bh", "b"), ("jh", "j"), ("ng", "n"), ("nh", "n"), ("ck", "k"), ("qu", "k")),
    *(("q", "k"), ("f", "p"), ("v", "b"), ("z", "j"), ("x", "s")),
)  # fmt: skip
_SILENT = re.compile(r"[aeiouywh]")
_TWICE = re.compile(r"(.)\1+")
_HARD_C = re.compile(r"c(?=[aoulrkt]|$)(?!h)")


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name taken apart. ``core``: its own words; ``unit``: the unit's number or letter; ``kinds``: of industry."""

    core: str
    unit: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressRead:
    """An address taken apart: house and lot numbers, the words of the street (or park), those of the places."""

    numbers: tuple[str, ...]
    street: str
    place: str


def romanised(text: str) -> str:
    """The text in small Latin letters without diacritics, whatever its script; punctuation kept."""
    return _in_latin(unicodedata.normalize("NFKC", text).casefold())


def _in_latin(text: str) -> str:
    """The same of a text in small letters, composed."""
    if not text.isascii():
        for letter, latin in _LETTERS:
            text = text.replace(letter, latin)
        text = anyascii(_ARABIC_ARTICLE.sub(" ", _MARKED_LETTERS.sub("", text))).lower()
    return _LATIN_ARTICLE.sub("", _APOSTROPHES.sub("", text))


def _words(text: str, latin: re.Pattern[str], other: re.Pattern[str], meaning: dict[str, str]) -> list[str]:
    """The words of a text, those that say what a thing is replaced by their marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        text = _in_latin(text)
    else:
        text = romanised(other.sub(lambda found: f" {meaning[found[0]]} ", _MARKED_LETTERS.sub("", text)))
    spread = " ".join(_NOT_A_WORD.sub(" ", text.replace(".,", " ").replace(".", " ")).split())
    return latin.sub(lambda found: meaning[found[0]], spread).split()


@lru_cache(maxsize=50_000)
def _mistyped(word: str) -> str:
    """The mark of a long word that this is with a slip or two ("garmnets"); the word itself where it is none."""
    if len(word) < 6 or word.startswith("~") or not word.isalpha():
        return word
    most = 1 if len(word) < 7 else 2
    best = extractOne(word, _LONG_WORDS, scorer=OSA.distance, score_cutoff=most)
    return words.LONG_WORDS[best[0]] if best else word


_LONG_WORDS = sorted(words.LONG_WORDS)
_NAME_MEANING = words.LATIN_OF_NAMES | words.OTHER_OF_NAMES
_PLACE_MEANING = words.LATIN_OF_PLACES | words.OTHER_OF_PLACES


@lru_cache(maxsize=100_000)
def name_read(name: str) -> NameRead:
    """Take a name apart. Of a name made of such words alone the core is what is left: never empty for a name."""
    told = _words(_OBSOLETE.sub(" ", name), words.NAMES_LATIN, words.NAMES_OTHER, _NAME_MEANING)
    found = [_mistyped(word) for word in told]
    core: list[str] = []
    kinds: set[str] = set()
    unit = ""
    for place, word in enumerate(found):
        before = found[place - 1] if place else ""
        if word.startswith(KIND):
            kinds.add(word.removeprefix(KIND))
        elif word.startswith("~"):
            continue
        elif _is_unit(word, before, last=place == len(found) - 1, first=not core):
            unit = ROMAN.get(word, word.lstrip("0") or "0")
        elif word not in words.ARTICLES:
            core.append(word)
    if not core:
        core = [one for one in romanised(name).split() if one.isalnum()] or [romanised(name).strip() or name.strip()]
    return NameRead(" ".join(core), unit, tuple(sorted(kinds)))


def _is_unit(word: str, before: str, *, last: bool, first: bool) -> bool:
    """A number is a unit's after "unit", "factory" or "no.", or where it ends a name; so is a letter after "unit"."""
    if word.isdigit() and len(word) <= 2:
        return before in (UNIT, WORKS, LOT) or before.startswith(KIND) or (last and not first)
    if word in ROMAN:
        return before in (UNIT, WORKS, LOT) or before.startswith(KIND) or (last and not first and word != "v")
    return before == UNIT and len(word) == 1


@lru_cache(maxsize=100_000)
def address_read(address: str) -> AddressRead:
    """Take an address in one line apart; its parts stand between commas, the street's first."""
    numbers: set[str] = set()
    street: list[str] = []
    place: list[str] = []
    for order, part in enumerate(one for one in re.split(r"[,،;\n។]", address) if one.strip()):
        found = _streets_told(_words(part, words.PLACES_LATIN, words.PLACES_OTHER, _PLACE_MEANING))
        of_park = PARK in found
        of_street = order == 0 or of_park or STREET in found or (LOT in found and PLACE not in found)
        before = ""
        for word in _lots_joined(found):
            if _NUMBERS.match(word):
                if before == STREET:
                    street.append(f"s{word}")  # "Street 271" is called so; its houses have numbers of their own
                elif of_street and (not of_park or before == LOT or not word.isdigit()):
                    numbers.add(word)
            elif not word.startswith("~") and word not in words.ARTICLES:
                (street if of_street else place).append(word)
            before = word
    return AddressRead(tuple(sorted(numbers)), " ".join(street), " ".join(place))


def _streets_told(found: list[str]) -> list[str]:
    """ "Duong" is Vietnamese for street where it begins or follows a number; in "Binh Duong" it is a name's part."""
    return [
        STREET if word in ("duong", "pho") and (not place or found[place - 1][-1:].isdigit()) else word
        for place, word in enumerate(found)
    ]


def _lots_joined(found: list[str]) -> list[str]:
    """ "lot a 5" and "lot a-5" are "a5"."""
    return _LOT_NUMBER.sub(r"\1\2", " ".join(found)).split()


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """The consonants of romanised words as most systems of romanisation agree on them, one skeleton per word.

    "Nakheel", "An-Nakhil" and what stands for the Arabic letters give the same.
    """
    return " ".join(filter(None, (_sound_of_word(word) for word in text.split())))


def _sound_of_word(word: str) -> str:
    if any(letter.isdigit() for letter in word):
        return word
    for spelt, heard in _SOUNDS:
        word = word.replace(spelt, heard.upper())
    word = _HARD_C.sub("k", word).replace("c", "s").lower()
    return _TWICE.sub(r"\1", _SILENT.sub("", word)) or word[:1]


def initials(core: str) -> str:
    """The first letters of a name's own words; of a name of one short word that word, which may be such letters."""
    parts = core.split()
    if len(parts) == 1:
        return parts[0] if 2 < len(parts[0]) <= 5 else ""
    return "".join(part[0] for part in parts) if len(parts) > 2 else ""
