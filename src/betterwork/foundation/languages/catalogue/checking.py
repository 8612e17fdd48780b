"""What can be wrong with a catalogue that a machine can see."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message

from betterwork.foundation.languages.catalogue.files import (
    OurCatalog,
    catalogue_read,
    compiled_bytes,
    entries,
    is_translated,
    po_path,
)
from betterwork.foundation.languages.catalogue.must import MUST
from betterwork.foundation.languages.known import KNOWN, LOCALE_PATH, TRANSLATED

PLACEHOLDER = re.compile(r"%\((\w+)\)([sdif])|(?<!\{)\{(\w+)\}(?!\})|%([sd])|(%%)")
TAG = re.compile(r"</?\w+[^>]*>")
_TRIED = 1001
"""Numbers for which a plural rule is asked: more than any rule distinguishes."""


def faults_of_all(locale: Path = LOCALE_PATH, must: tuple[str, ...] = MUST) -> list[str]:
    """Every fault of every catalogue, a line each; empty when all is well."""
    return [fault for language in TRANSLATED for fault in faults_of(language, locale, must)]


def faults_of(language: str, locale: Path = LOCALE_PATH, must: tuple[str, ...] = MUST) -> Iterator[str]:
    """The faults of one catalogue: not compiled, a placeholder or a plural wrong, a needed word missing."""
    path = po_path(language, locale)
    if not path.exists():
        yield f"{language}: there is no catalogue: run scripts/messages extract"
        return
    catalogue = catalogue_read(language, locale)
    if (catalogue.num_plurals, catalogue.plural_expr) != KNOWN[language].plurals:
        number, rule = KNOWN[language].plurals
        yield f"{language}: the header must say Plural-Forms: nplurals={number}; plural={rule};"
        return
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != compiled_bytes(catalogue):
        yield f"{language}: django.mo is not what django.po compiles to: run scripts/messages compile"
    for entry in entries(catalogue):
        for fault in entry_faults(entry, language):
            yield f"{language}: {_short(entry)}: {fault}"
    yield from (f"{language}: {word!r} must be translated" for word in must if not _has(catalogue, word))


def entry_faults(entry: Message, language: str) -> Iterator[str]:
    """The faults of one entry. An entry without any translation has none: it is read in English."""
    strings = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
    if not any(strings):
        return
    forms = entry.id if isinstance(entry.id, list | tuple) else (entry.id,)
    if entry.pluralizable:
        number = KNOWN[language].plurals[0]
        if len(strings) != number or not all(strings):
            yield f"{sum(map(bool, strings))} plural forms are translated; {number} are needed"
            return
    for index, string in enumerate(strings):
        yield from _form_faults(forms, str(string), said_of_one=entry.pluralizable and index in forms_of_one(language))


def forms_of_one(language: str) -> frozenset[int]:
    """The plural forms of a language that stand for a single number, which may then be left unsaid: "one day"."""
    rule = gettext.c2py(KNOWN[language].plurals[1])
    used = Counter(rule(number) for number in range(_TRIED))
    return frozenset(form for form, count in used.items() if count == 1)


def placeholders(text: str) -> Counter[str]:
    """The placeholders of a text, with how often each stands there."""
    return Counter(found.group(0) for found in PLACEHOLDER.finditer(text))


def words_no_longer_said(must: tuple[str, ...] = MUST, locale: Path = LOCALE_PATH) -> list[str]:
    """Words that every language must have and that no file says any more."""
    catalogues = (entries(catalogue_read(language, locale)) for language in TRANSLATED)
    said = {one.id if isinstance(one.id, str) else one.id[0] for found in catalogues for one in found}
    return [word for word in must if word not in said]


def _form_faults(forms: tuple[str, ...] | list[str], string: str, *, said_of_one: bool) -> Iterator[str]:
    wanted, found = placeholders(forms[-1]), placeholders(string)
    known = wanted | placeholders(forms[0])
    missing = set(wanted) - set(found)
    if missing and (not said_of_one or len(missing) > 1):
        yield f"the translation lacks {', '.join(sorted(missing))}"
    if strange := set(found) - set(known):
        yield f"the translation has {', '.join(sorted(strange))}, which the text has not"
    if Counter(TAG.findall(forms[0])) != Counter(TAG.findall(string)):
        yield "the translation has other tags than the text"
    if forms[0].startswith("\n") != string.startswith("\n") or forms[0].endswith("\n") != string.endswith("\n"):
        yield "text and translation must both begin, and both end, with a new line, or neither"


def _has(catalogue: OurCatalog, word: str) -> bool:
    found = [one for one in entries(catalogue) if (one.id if isinstance(one.id, str) else one.id[0]) == word]
    return not found or all(is_translated(one) for one in found)


def _short(entry: Message) -> str:
    text = entry.id if isinstance(entry.id, str) else entry.id[0]
    return repr(text if len(text) < 50 else f"{text[:47]}…")
