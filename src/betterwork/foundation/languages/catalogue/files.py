"""The catalogues as files: .po for people, .mo for the program. The same content gives the same bytes."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from betterwork.foundation.languages.catalogue.extracting import Text, Texts, texts_of_folder, texts_of_package
from betterwork.foundation.languages.known import KNOWN, LOCALE_PATH, NEEDS_REVIEW, TRANSLATED

SOURCE = Path(__file__).parents[3]
"""The folder of the whole program."""


class OurCatalog(Catalog):  # type: ignore[misc]  # Babel says no types
    """A catalogue whose header says no time, no name and no tool, so that its bytes depend on its content alone."""

    def __init__(self, language: str) -> None:
        super().__init__(locale=language, fuzzy=False)
        known = KNOWN[language]
        _plurals_set(self, *known.plurals)
        self.header_comment = (
            f"# {known.name} ({known.own_name}).\n"
            "# Made by scripts/messages. Translate here, then run: scripts/messages compile\n"
            f'# An entry under "{NEEDS_REVIEW}" was not read by one. Whoever has read it takes that line away.'
        )

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header, line by line."""
        return [
            ("Project-Id-Version", "betterwork"),
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"nplurals={self._num_plurals}; plural={self._plural_expr};"),
            ("X-Review", "reviewed" if KNOWN[str(self.locale_identifier)].reviewed else NEEDS_REVIEW),
        ]


def po_path(language: str, locale: Path = LOCALE_PATH) -> Path:
    """Where the catalogue of a language lies."""
    return locale / language / "LC_MESSAGES" / "django.po"


def catalogue_read(language: str, locale: Path = LOCALE_PATH) -> OurCatalog:
    """The catalogue of a language as it stands; an empty one where there is no file."""
    ours = OurCatalog(language)
    path = po_path(language, locale)
    if not path.exists():
        return ours
    with path.open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    _plurals_set(ours, read.num_plurals, read.plural_expr)
    for one in entries(read):
        ours[one.id] = one
    ours.obsolete.update(read.obsolete)
    return ours


def catalogue_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as a .po file."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=False)
    return out.getvalue()


def compiled_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as a .mo file: whole translations only. What is half translated stays English as a whole."""
    language = str(catalogue.locale_identifier)
    whole = OurCatalog(language)
    for one in entries(catalogue):
        if is_translated(one) and not one.fuzzy:
            whole[one.id] = one
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The entries of a catalogue without its header."""
    return (one for one in catalogue if one.id)


def is_translated(entry: Message) -> bool:
    """Whether every form of an entry has a translation."""
    return all(entry.string) if isinstance(entry.string, list | tuple) else bool(entry.string)


def needs_review(entry: Message) -> bool:
    """Whether no native speaker has read the entry."""
    return NEEDS_REVIEW in entry.user_comments


def merged(old: OurCatalog, texts: Texts) -> OurCatalog:
    """A catalogue of exactly these texts, with the translations that ``old`` has of them.

    What is no longer said is kept at the end, as gettext keeps it, and comes back when it is said again.
    """
    new = OurCatalog(str(old.locale_identifier))
    known = {_key(one): one for one in [*old.obsolete.values(), *entries(old)]}
    for text in texts.values():
        before = known.pop((text.context, text.forms[0]), None)
        kept = before is not None and is_translated(before) and bool(before.pluralizable) == (len(text.forms) > 1)
        new.add(
            text.id,
            before.string if before is not None and kept else None,
            locations=[(place, 0) for place in sorted(text.places)],
            flags=("python-format",) if any("%(" in form or "%s" in form for form in text.forms) else (),
            auto_comments=text.comments,
            user_comments=before.user_comments if before is not None and kept else (),
            context=text.context,
        )
    for gone in known.values():
        if is_translated(gone):
            gone.locations, gone.auto_comments = [], []
            new.obsolete[_obsolete_key(gone)] = gone
    return new


def extract_all(locale: Path = LOCALE_PATH, source: Path = SOURCE) -> dict[str, int]:
    """Bring every catalogue up to date with the program; language → number of texts."""
    own = texts_of_folder(source, source.parent)
    borrowed = {package: texts_of_package(package) for package in ("django", "allauth")}
    counts = {}
    for language in TRANSLATED:
        texts: Texts = {}
        for package, found in borrowed.items():
            have = _translated_by(package, language)
            texts |= {key: text for key, text in found.items() if key not in have}
        for key, text in own.items():
            texts[key] = _joined(text, texts.get(key))
        path = po_path(language, locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(catalogue_bytes(merged(catalogue_read(language, locale), texts)))
        counts[language] = len(texts)
    return counts


def compile_all(locale: Path = LOCALE_PATH) -> None:
    """Write the .mo file of every catalogue."""
    for language in TRANSLATED:
        path = po_path(language, locale)
        path.with_suffix(".mo").write_bytes(compiled_bytes(catalogue_read(language, locale)))


def _plurals_set(catalogue: Catalog, number: int, rule: str) -> None:
    """Babel would take the rules of its own data, which has a form of French for millions that gettext never had."""
    inner: Any = catalogue
    inner._num_plurals, inner._plural_expr = number, rule


def _joined(text: Text, other: Text | None) -> Text:
    if other is None:
        return text
    both = Text(max(text.forms, other.forms, key=len), text.context)
    both.places, both.comments = text.places | other.places, [*text.comments, *other.comments]
    return both


def _translated_by(package: str, language: str) -> set[tuple[str | None, str]]:
    """What a package's own catalogues translate into a language."""
    folder = Path(str(__import__(package).__file__)).parent
    found: set[tuple[str | None, str]] = set()
    for path in folder.glob(f"**/locale/{language}/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            read = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for key in read:
            context, _between, text = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")
            found.add((context or None, text))
    return found


def _key(entry: Message) -> tuple[str | None, str]:
    return entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]


def _obsolete_key(entry: Message) -> str:
    context, text = _key(entry)
    return f"{context}\x04{text}" if context else text
