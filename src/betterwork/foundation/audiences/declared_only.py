"""A row of the database of which only declared fields can be read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partialmethod
from inspect import getattr_static
from types import FunctionType
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from betterwork.foundation.audiences.leak import Leak


class DeclaredOnly:
    """Stands for a row while a derived value is made from it: fields not among ``paths`` raise :class:`Leak`.

    Its model's own properties and methods work, and read through the same gate; so do values that a query annotated,
    but for whole rows.
    """

    __slots__ = ("_paths", "_thing", "_where")

    def __init__(self, thing: models.Model, paths: Iterable[str], where: str) -> None:
        self._thing, self._paths, self._where = thing, frozenset(paths), where

    def __getattr__(self, name: str) -> Any:
        thing = self._thing
        field = _field_of(type(thing), name)
        if field is not None:
            return self._read(field.name, name)
        static = _static(type(thing), name)
        if isinstance(static, FunctionType | property | partialmethod):
            return static.__get__(self, type(thing))
        if isinstance(static, cached_property):
            return static.func(self)
        if isinstance(static, classmethod | staticmethod) or (static is not None and not hasattr(static, "__get__")):
            return getattr(type(thing), name)
        if static is None and name in vars(thing) and not isinstance(vars(thing)[name], models.Model | models.QuerySet):
            return vars(thing)[name]
        if static is None and name not in vars(thing):
            raise AttributeError(f"{type(thing).__name__} has no {name}")
        raise Leak(f"{self._where} reads {name}, which leads to other rows")

    def __str__(self) -> str:
        return str(getattr_static(type(self._thing), "__str__").__get__(self)())

    def _read(self, field: str, name: str) -> Any:
        further = {path.partition("__")[2] for path in self._paths if path.partition("__")[0] == field}
        if not further:
            raise Leak(f"{self._where} reads {name}, which it does not name among its sources")
        value = getattr(self._thing, name)
        if isinstance(value, models.Model):
            return DeclaredOnly(value, further - {""}, f"{self._where}.{name}")
        return value


@lru_cache(maxsize=4096)
def _static(model: type[models.Model], name: str) -> Any:
    """What a model's class itself has under a name. Remembered: rows of a list ask for the same names again."""
    return getattr_static(model, name, None)


@lru_cache(maxsize=4096)
def _field_of(model: type[models.Model], name: str) -> Any:
    """The field of a model that an attribute reads; None where it reads none."""
    if name == "pk":
        return model._meta.pk
    return next((one for one in model._meta.concrete_fields if name in {one.name, one.attname}), None)
