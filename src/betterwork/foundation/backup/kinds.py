"""Kinds of column: a value of either database as one plain value, the same for both, and back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col
from django.utils.dateparse import parse_date, parse_duration, parse_time
from django.utils.duration import duration_iso_string

from betterwork.foundation.backup.rules import BadBackup

Convert = Callable[[Any], Any]

_KINDS = {
    **dict.fromkeys(
        ("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
        "number",
    ),
    **dict.fromkeys(
        ("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"),
        "number",
    ),
    **dict.fromkeys(("CharField", "TextField", "SlugField", "FilePathField", "FileField"), "text"),
    **dict.fromkeys(("GenericIPAddressField", "IPAddressField"), "address"),
    "BooleanField": "truth",
    "DateTimeField": "moment",
    "DateField": "day",
    "TimeField": "time",
    "DurationField": "duration",
    "DecimalField": "decimal",
    "FloatField": "float",
    "BinaryField": "bytes",
    "UUIDField": "uuid",
    "JSONField": "json",
}
_FIELDS: dict[str, Callable[[], models.Field[Any, Any]]] = {
    "number": models.BigIntegerField,
    "text": models.TextField,
    "address": models.GenericIPAddressField,
    "truth": models.BooleanField,
    "moment": models.DateTimeField,
    "day": models.DateField,
    "time": models.TimeField,
    "duration": models.DurationField,
    "float": models.FloatField,
    "bytes": models.BinaryField,
    "uuid": models.UUIDField,
    "json": models.TextField,
}


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _large_is_whole(text: str) -> float | int:
    """PostgreSQL keeps 1e+16 as the whole number it is, and knows no negative zero."""
    number = float(text)
    if "e+" in repr(number):
        return int(number)
    return number or 0.0


def json_plain(text: str | bytes) -> str:
    """The one way to write what a JSON column holds, whichever database keeps it."""
    content = json.loads(text, parse_float=_large_is_whole)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_PLAIN: dict[str, Convert] = {
    "truth": bool,
    "moment": _moment,
    "day": lambda value: value.isoformat(),
    "time": lambda value: value.isoformat(timespec="microseconds"),
    "duration": duration_iso_string,
    "decimal": str,
    "float": repr,
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
    "uuid": str,
    "json": json_plain,
}
_BACK: dict[str, Convert] = {
    "moment": datetime.fromisoformat,
    "day": parse_date,
    "time": parse_time,
    "duration": parse_duration,
    "float": float,
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "uuid": UUID,
    "json": lambda value: json.dumps(json.loads(value)),
}


def kind_of(field: models.Field[Any, Any]) -> str:
    """The kind of a column; that of what it points at for a foreign key. Raises TypeError for one not known here."""
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]
    kind = _KINDS.get(field.get_internal_type())
    if kind is None:
        raise TypeError(f"backup does not know columns of kind {field.get_internal_type()}: name it in backup/kinds.py")
    if isinstance(field, models.DecimalField):
        return f"decimal {field.max_digits}.{field.decimal_places}"
    return kind


def field_for(kind: str) -> models.Field[Any, Any]:
    """A field of Django that reads and writes columns of this kind. Raises :class:`BadBackup` for one not known."""
    name, _, sizes = kind.partition(" ")
    if name == "decimal":
        digits, places = map(int, sizes.split("."))
        return models.DecimalField(max_digits=digits, decimal_places=places)
    if kind not in _FIELDS:
        raise BadBackup(f"this backup holds columns of kind {kind!r}, which this program does not know")
    return _FIELDS[kind]()


def reader(kind: str, connection: BaseDatabaseWrapper) -> Convert:
    """What makes the plain value of one that the database gave (not None)."""
    column = Col("", field_for(kind))
    found = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
    plain = _PLAIN.get(kind.partition(" ")[0], _same)
    if not found:
        return plain

    def read(value: Any) -> Any:
        for convert in found:
            value = convert(value, column, connection)
        return plain(value)

    return read


def writer(kind: str, connection: BaseDatabaseWrapper) -> Convert:
    """What makes of a plain value (not None) the one that is given to the database."""
    field, back = field_for(kind), _BACK.get(kind.partition(" ")[0], _same)
    if kind in {"number", "text", "json", "truth"}:
        return back

    def write(value: Any) -> Any:
        return field.get_db_prep_save(back(value), connection)

    return write
