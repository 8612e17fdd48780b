"""A row of any model that nobody else filled: required fields by type, keys of tables from what is there."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.fields import NOT_PROVIDED

from betterwork.foundation.audiences.fields import stored_fields
from tests.trust.canaries import Canaries
from tests.trust.planting import SHORTEST, all_models

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_BY_TYPE: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.BooleanField, False),
    (models.DateTimeField, AT),
    (models.DateField, date(2026, 11, 22)),
    (models.TimeField, time(9)),
    (models.DurationField, timedelta(days=1)),
    (models.DecimalField, Decimal(1)),
    (models.FloatField, 1.0),
    (models.IntegerField, 1),
    (models.BinaryField, b"bytes"),
    (models.GenericIPAddressField, "192.0.2.1"),
)


def fill_the_rest(canaries: Canaries) -> tuple[list[str], list[str]]:
    """Make a row of each model that has none; return which got one, and of which none could be made."""
    made: list[str] = []
    empty = [one for one in all_models() if not one._base_manager.exists()]
    while empty:
        left = [model for model in empty if not _filled(model, canaries)]
        made += [one._meta.label for one in empty if one not in left]
        if len(left) == len(empty):
            break
        empty = left
    return made, [one._meta.label for one in empty]


def _filled(model: type[models.Model], canaries: Canaries) -> bool:
    for optional in (True, False):
        values: dict[str, Any] = {}
        for field in stored_fields(model):
            if isinstance(field, models.AutoField | models.ManyToManyField):
                continue
            value = value_for(field, canaries, optional=optional)
            if value is not NOT_PROVIDED:
                values[field.attname] = value
        try:
            with transaction.atomic(using=model._base_manager.db):
                model._base_manager.create(**values)
        except (IntegrityError, ValueError):
            continue
        return True
    return False


def value_for(field: models.Field[Any, Any], canaries: Canaries, *, optional: bool) -> Any:
    """A value for one field; NOT_PROVIDED to leave it to its default. ``optional``: also what may be left out."""
    if field.is_relation:
        first = field.related_model._base_manager.first() if field.related_model else None  # type: ignore[union-attr]
        return first.pk if first else (None if field.null else NOT_PROVIDED)
    if field.null and not optional:
        return None
    if field.choices:
        return next(iter(dict(field.flatchoices)))
    allowed = _words_allowed(field)
    if allowed:
        return allowed[0]
    if field.has_default() and not _is_blank_text(field):
        return NOT_PROVIDED
    for kind, value in _BY_TYPE:
        if isinstance(field, kind):
            return value
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=7)
    if isinstance(field, models.JSONField):
        return {"words": canaries.text(field.model, field.name)}
    if isinstance(field, models.EmailField):
        return f"{canaries.word()}@planted.example"
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, canaries, optional=optional)
    return NOT_PROVIDED


def _words_allowed(field: models.Field[Any, Any]) -> list[Any]:
    """The words that a constraint of the table allows in a field."""
    for constraint in field.model._meta.constraints:
        condition = getattr(constraint, "condition", None)
        for child in getattr(condition, "children", []):
            if isinstance(child, tuple) and child[0] == f"{field.name}__in":
                return list(child[1])
    return []


def _is_blank_text(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.get_default()


def _text(field: models.Field[Any, Any], canaries: Canaries, *, optional: bool) -> str:
    if field.blank and not optional:
        return ""
    room = field.max_length or 1000
    if room < SHORTEST:
        return "xx"[:room]
    return canaries.text(field.model, field.name)[:room]
