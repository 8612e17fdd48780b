"""Shapes: the JSON of a presentation's row, made from the presentation so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from django.db import models
from ninja import Schema
from ninja.orm.fields import TYPES
from pydantic import ConfigDict, Field, create_model

from betterwork.foundation.audiences.presentations import Presentation

_BY_KIND: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = ((models.JSONField, Any),)


class ExactSchema(Schema):
    """A shape to which nothing is added by the way."""

    model_config = ConfigDict(extra="forbid")


def shape(
    name: str, presentation: Presentation, *, examples: Mapping[str, Any] | None = None, **derived: Any
) -> type[Schema]:
    """The shape called ``name`` of the rows of a presentation; ``derived`` names the type of each derived value.

    Types of fields come from the model. ``examples`` are shown in the description of the API. Raises TypeError where
    a derived value has no type, or a type has no value.
    """
    missing, strange = set(presentation.derived) - set(derived), set(derived) - set(presentation.derived)
    fields = {path for path in derived if path in presentation.fields}
    if missing or strange - fields:
        raise TypeError(f"shape {name}: give types for {sorted(missing)}; nothing is called {sorted(strange - fields)}")
    shown = dict(examples or {})
    found: dict[str, Any] = {}
    for path in (*presentation.fields, *presentation.derived):
        kind = derived[path] if path in derived else _kind_of(presentation.model, path)
        found[path] = (kind, Field(examples=[shown[path]]) if path in shown else Field())
    made: type[Schema] = create_model(name, __base__=Schema, __doc__=_about(presentation), **found)
    return made


def page_of(one: type[Schema]) -> type[Schema]:
    """The shape of one page of a list of such things."""
    fields: dict[str, Any] = {
        "items": (list[one], Field(description="The things of this page.")),  # type: ignore[valid-type]
        "next": (
            Optional[str],  # noqa: UP045 - a value, not an annotation
            Field(description="Where the next page is, relative to this platform; null on the last one."),
        ),
    }
    made: type[Schema] = create_model(f"{one.__name__}Page", __base__=Schema, __doc__="One page of a list.", **fields)
    return made


def _about(presentation: Presentation) -> str:
    return f"{presentation.name[:1].upper()}{presentation.name[1:]}."


def _kind_of(model: type[models.Model], path: str) -> Any:
    field: Any = None
    optional, ahead = False, model
    for step in path.split("__"):
        field = ahead._meta.get_field(step)
        optional = optional or bool(field.null)
        ahead = field.related_model or ahead
    if field.is_relation:
        field = field.target_field
    kind = next((kind for one, kind in _BY_KIND if isinstance(field, one)), None)
    if kind is None:
        kind = TYPES.get(field.get_internal_type(), str)
    return Optional[kind] if optional else kind  # noqa: UP045 - a value, not an annotation
