"""Which stored fields take a planted word, by rule, and the planting itself: raw updates with the seals off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, router

from betterwork.foundation.audiences.fields import audiences_of, stored_fields
from betterwork.foundation.audiences.names import NOBODY
from betterwork.foundation.ledger.seals import SEALED_TABLES
from tests.trust.canaries import TOKEN, Canaries, Origin
from tests.trust.owners import concerned

SHORTEST = 14
"""A field that holds fewer letters holds a code."""
_WORD = re.compile(r"\S*")
UNIQUE = re.compile(r"(?=(?:[A-Za-z_:$+=-]*\d){4})[A-Za-z0-9_:$+=-]{16,}")
SHORT_DIGEST = re.compile(r"[0-9a-f]{16}")
"""What of a digest is shown where a person reads it: it names a store, and says nothing of what is in it."""
DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")
OPAQUE = re.compile(rb"\b[0-9a-f]{32}\b")
"""How a row is called that says nothing by its key."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
"""A moment inside a text is nobody's secret: the clock of the tests stands, and it is everywhere."""

REASONS = {
    "no text": "The field holds no text. Numbers, moments and yes or no are varied by the paired worlds instead.",
    "key": "Primary keys and keys of other tables: changed, the row would be another one, or lead nowhere.",
    "choice": "One of a few words that the model lists: the database or the program takes no other.",
    "code": f"Shorter than {SHORTEST} letters: a code of a country, a language, a state.",
    "word": (
        "In every row one word without a blank: an opaque id, a scope, a role, a state, a digest, a hash, a path, a "
        "token, which the program compares. Where it is long and random it is looked for as it stands."
    ),
    "sealed": (
        "The row is never changed, or holds a ciphertext that is bound to what stands beside it: words are given to "
        "the services that make it."
    ),
}
"""Why a field takes no planted word. There are no other reasons, and no field is named."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stored field and what was found out about it."""

    model: type[models.Model]
    field: models.Field[Any, Any]
    reason: str
    """Why it takes no planted word; empty where it does."""
    empty: bool
    """Whether no row holds anything in it."""

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


def all_models() -> list[type[models.Model]]:
    """Every installed model with a table of its own, also those between two others."""
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]


def is_text(field: models.Field[Any, Any]) -> bool:
    """Whether a field stores text, also inside JSON or as the name of a file."""
    return isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField)


def places() -> Iterator[Place]:
    """Every stored field of every model, with whether it takes a planted word."""
    for model in all_models():
        rows = list(model._base_manager.values())
        for field in stored_fields(model):
            if isinstance(field, models.ManyToManyField):
                continue
            values = [row[field.attname] for row in rows if row[field.attname] not in ("", None, [], {})]
            yield Place(model, field, _reason(model, field, values), not values)


def _reason(model: type[models.Model], field: models.Field[Any, Any], values: list[Any]) -> str:
    if field.primary_key or field.is_relation:
        return "key"
    if not is_text(field):
        return "no text"
    if field.choices:
        return "choice"
    if isinstance(field, models.JSONField) and values and all(_is_list_of_words(one) for one in values):
        return "word"
    if isinstance(field, models.JSONField | models.EmailField | models.URLField):
        return "sealed" if _is_sealed(model) else ""
    if (field.max_length or 1000) < SHORTEST:
        return "code"
    if all(_WORD.fullmatch(str(value)) for value in values):
        return "word"
    return "sealed" if _is_sealed(model) else ""


def _is_list_of_words(value: Any) -> bool:
    """Whether a stored value is a list of codes: single words and numbers, also under words, as a reason's facts."""
    return isinstance(value, list) and all(map(_is_code, value))


def _is_code(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_code, value))
    if isinstance(value, dict):
        return all(map(_is_code, [*value, *value.values()]))
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and bool(_WORD.fullmatch(value)))


def _is_sealed(model: type[models.Model]) -> bool:
    """Whether rows are never changed, or hold bytes that are shown to nobody: ciphertext under a key."""
    if model._meta.db_table in SEALED_TABLES:
        return True
    fields = [one for one in stored_fields(model) if isinstance(one, models.BinaryField)]
    return any(audiences_of(model, one.name) == NOBODY for one in fields)


def plant(canaries: Canaries) -> None:
    """Put a word of its own into every field of every row that takes one, and note every unique value that stands."""
    in_bytes = []
    for place in places():
        if is_text(place.field) or place.reason == "key":
            _plant_in(place, canaries)
        elif isinstance(place.field, models.BinaryField):
            in_bytes.append(place)
    for place in in_bytes:
        _digests_in(place, canaries)
    canaries.settle()


def _plant_in(place: Place, canaries: Canaries) -> None:
    model, field = place.model, place.field
    audiences = audiences_of(model, field.name)
    related = [one.name for one in stored_fields(model) if one.is_relation and not one.many_to_many]
    for row in model._base_manager.select_related(*related):
        value = getattr(row, field.attname)
        if value in ("", None):
            continue
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        if not place.reason and not TOKEN.search(text):
            value = _with_word(field, value, canaries.word())
            raw_update(row, {field.attname: value})
            text = value if isinstance(value, str) else json.dumps(value, default=str)
        key = place.reason == "key" or _is_reference(place)
        origin = Origin(model, field.name, row.pk, audiences, key, concerned(row))
        for word in {*TOKEN.findall(text), *UNIQUE.findall(text)}:
            if MOMENT.match(word) or SHORT_DIGEST.fullmatch(word):
                continue
            canaries.put(word, origin)


def _digests_in(place: Place, canaries: Canaries) -> None:
    """Digests and opaque keys that stand in bytes too, as in an entry of the ledger: they belong there as well.

    A digest says nothing, a key that there is something. Of what looks like a key only what is one belongs there.
    """
    audiences = audiences_of(place.model, place.field.name)
    if audiences == NOBODY:
        return
    for pk, value in place.model._base_manager.values_list("pk", place.field.attname):
        found = DIGEST.findall(bytes(value or b""))
        found += [one for one in OPAQUE.findall(bytes(value or b"")) if canaries.is_key(one.decode())]
        for word in found:
            canaries.put(word.decode(), Origin(place.model, place.field.name, pk, audiences, True))


def _is_reference(place: Place) -> bool:
    return place.reason == "word" and (place.field.name.endswith("id") or bool(place.field.unique))


def _with_word(field: models.Field[Any, Any], value: Any, word: str) -> Any:
    if isinstance(field, models.EmailField):
        return f"{word}@planted.example"
    if isinstance(field, models.URLField):
        return f"https://planted.example/{word}"
    if isinstance(field, models.JSONField):
        return {**value, word: word} if isinstance(value, dict) else value
    room = field.max_length or 1000
    return f"Planted {word}" if room >= 20 else word


def raw_update(row: models.Model, values: dict[str, Any]) -> None:
    """Change columns of a row behind the back of services, signals and what a field does by itself."""
    if not values:
        return
    model = type(row)
    alias = router.db_for_write(model) or "default"
    connection = connections[alias]
    columns, given = [], []
    for name, value in values.items():
        field = next(one for one in stored_fields(model) if one.attname == name)
        columns.append(f"{connection.ops.quote_name(field.column)} = %s")
        given.append(field.get_db_prep_save(value, connection))
    key = model._meta.pk
    assert key is not None
    table, name = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(key.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(columns)} WHERE {name} = %s",
            [*given, key.get_db_prep_save(row.pk, connection)],
        )
