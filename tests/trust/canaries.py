"""Canaries: unique words planted in stored fields, and values that are unique by themselves; both are looked for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from betterwork.foundation.audiences.fields import audiences_of
from betterwork.foundation.audiences.names import Audiences

TOKEN = re.compile(r"zq[0-9a-z]{6}x")
_LETTERS = "0123456789abcdefghijkmnp"
LONG_WORD = re.compile(r"[A-Za-z0-9_:$+=-]{16,}")
"""Where a value that is unique by itself (a key, a digest, an opaque id) may stand in a text."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a planted word belongs: one field of one row."""

    model: type[models.Model]
    field: str
    pk: Any
    audiences: Audiences
    key: bool = False
    """Whether the field is how the row is called: a primary key, a key of another, an opaque id."""
    persons: frozenset[str] = frozenset()
    """The persons whom the row is about."""

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field} of row {self.pk}"


@dataclass
class Canaries:
    """All planted words and where each belongs. A word that stands in several fields has several origins."""

    made: dict[str, tuple[type[models.Model], str]] = field(default_factory=dict)
    origins: dict[str, list[Origin]] = field(default_factory=dict)
    loose: dict[str, tuple[str, Audiences, frozenset[str]]] = field(default_factory=dict)
    """Words that stand in no column: content of files, sections of documents, what lies in the vault. Word → (what, for
    which audiences, and the persons whom it is about or, where it is for no audience, who alone may open it)."""
    filed: set[str] = field(default_factory=set)
    """Words of a file that somebody gave: they lie in the stored file too, besides the rows made from it."""
    fields: set[str] = field(default_factory=set)
    """Every field in which a word or a unique value stands."""
    _count: Any = field(default_factory=lambda: itertools.count(1))

    def word(self) -> str:
        """A new word: nine small letters and digits, which no encoding of text changes."""
        number, letters = next(self._count) * 7919, ""
        for _ in range(6):
            number, place = divmod(number, len(_LETTERS))
            letters += _LETTERS[place]
        return f"zq{letters}x"

    def text(self, model: type[models.Model], name: str) -> str:
        """A text to give to a service as ``name`` of ``model``, with a word in it."""
        word = self.word()
        self.made[word] = (model, name)
        return f"Words {word}"

    def loose_text(self, what: str, audiences: Audiences, *persons: str) -> str:
        """A text for a place that is no column, whom it is for, and whom it is about or who opens it."""
        word = self.word()
        self.loose[word] = (what, audiences, frozenset(persons))
        return f"Words {word}"

    def put(self, value: str, origin: Origin) -> None:
        """Note that a word or a unique value stands in a field."""
        self.fields.add(f"{origin.model._meta.label}.{origin.field}")
        known = self.origins.setdefault(value, [])
        if origin not in known:
            known.append(origin)

    def is_key(self, value: str) -> bool:
        """Whether a value is the key of a row, or of one it belongs to."""
        return any(one.key for one in self.origins.get(value, []))

    def settle(self) -> None:
        """Words given to services belong to the field they were made for, wherever else they were copied to."""
        for word, (model, name) in self.made.items():
            own = [one for one in self.origins.get(word, []) if one.model is model and one.field == name]
            self.origins[word] = own or [Origin(model, name, None, audiences_of(model, name))]

    def found_in(self, texts: Iterable[str]) -> set[str]:
        """Every planted word and unique value in some texts."""
        found: set[str] = set()
        for text in texts:
            low = text.lower() if "ZQ" in text or "Zq" in text else text
            found |= {word for word in TOKEN.findall(low) if word in self.origins or word in self.loose}
            for word in LONG_WORD.findall(text):
                found |= {one for one in (word, *word.split(":")) if one in self.origins}
        return found
