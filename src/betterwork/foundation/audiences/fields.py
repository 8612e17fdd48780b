"""Which audiences may see which field of which model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.apps import apps
from django.db import models

from betterwork.foundation.audiences.names import EVERYBODY, Audiences

M = TypeVar("M", bound=type[models.Model])

_DECLARED: dict[str, dict[str, Audiences]] = {}


class NotDeclared(LookupError):
    """A field names no audiences: nobody may be shown it, and the platform does not start."""


def seen_by(**fields: Audiences) -> Callable[[M], M]:
    """Say beside a model which audiences may see each field: ``@seen_by(name=EVERYBODY, email=audiences(PROGRAMME))``.

    Every field must be named; the primary key too, since it may stand in an address.
    """

    def declared(model: M) -> M:
        _DECLARED[model._meta.label] = _checked(model._meta.label, fields)
        return model

    return declared


def declare(label: str, **fields: Audiences) -> None:
    """The same for a model of a package, by its label (``"account.EmailAddress"``)."""
    _DECLARED[label] = _checked(label, fields)


def audiences_of(model: type[models.Model], field: str) -> Audiences:
    """The audiences that may see a field. Raises :class:`NotDeclared`."""
    declared = _DECLARED.get(model._meta.label, {})
    if field not in declared:
        raise NotDeclared(f"{model._meta.label}.{field} names no audiences")
    return declared[field]


def undeclared() -> Iterator[str]:
    """One line for each field of an installed model that names no audiences, and each name that is no field."""
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        declared = _DECLARED.get(label, {})
        fields = {one.name for one in model._meta.get_fields() if _is_stored(one)}
        for name in sorted(fields - set(declared)):
            yield f"{label}.{name} names no audiences: say @seen_by({name}=…) beside the model"
        for name in sorted(set(declared) - fields):
            yield f"{label} has no field {name}, which @seen_by names"


def stored_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model that stand in its table."""
    return [one for one in model._meta.get_fields() if isinstance(one, models.Field) and _is_stored(one)]


def _is_stored(field: Any) -> bool:
    return bool(getattr(field, "concrete", False) and not field.auto_created) or getattr(field, "primary_key", False)


def _checked(label: str, fields: dict[str, Audiences]) -> dict[str, Audiences]:
    for name, names in fields.items():
        if not isinstance(names, frozenset) or names - EVERYBODY:
            raise ValueError(f"{label}.{name}: write a set of audiences, like audiences(PROGRAMME) or EVERYBODY")
    return dict(fields)
