"""What a template is given: plain values, forms and rows of one audience. Everything else is refused.

Refused is what is not known to be harmless, and not what is known to be harmful: a template follows attributes and
calls what can be called, so that one row of the database inside one value is a way to all of them.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum, EnumMeta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Manager, Model, QuerySet
from django.db.models.query import RawQuerySet
from django.forms import BaseForm, BaseFormSet, BaseModelForm, BaseModelFormSet, BoundField, ModelChoiceField
from django.forms.utils import ErrorDict, ErrorList
from django.utils.functional import LazyObject, Promise, empty

from betterwork.foundation.audiences.names import PUBLIC, Audiences
from betterwork.foundation.audiences.presentations import Leak, Row
from betterwork.foundation.contributions.registry import Panel

_PLAIN = (str, bytes, int, float, complex, Decimal, Fraction, date, time, timedelta, tzinfo, UUID, Enum, range)
_OF_DATABASE = (Model, QuerySet, RawQuerySet, Manager, BaseModelForm, BaseModelFormSet)
_LISTS = (list, tuple, set, frozenset, deque, KeysView, ValuesView, ItemsView)
_OF_DJANGO = frozenset({"base_fields", "fields", "files", "error_class", "renderer", "field_order"})
"""What every form of Django has, and a template may see."""


@dataclasses.dataclass
class _Look:
    """One look through what a page is given: for whom, and which containers were looked into already."""

    audience: str
    belongs: Audiences = frozenset()
    """The audiences that who asks belongs to: a panel of another room may be made for one of these."""
    seen: set[int] = dataclasses.field(default_factory=set)
    kept: list[Any] = dataclasses.field(default_factory=list)
    """So that no id is used again while the look goes on."""


def refuse_leaks(value: Any, *, audience: str, where: str = "the page", belongs: Audiences = frozenset()) -> None:
    """Refuse what may not be shown: models, queries, what can be called or run through once, rows made for others.

    Rows for the public may be anywhere. A panel may be made for another audience than the page when it says so and
    who asks ``belongs`` to it. Raises :class:`Leak`, which nothing catches.
    """
    _look(value, where, _Look(audience, belongs))


def _look(value: Any, where: str, look: _Look) -> None:
    if isinstance(value, LazyObject):
        _look(_unwrapped(value), where, look)
    elif value is None or type(value) in _QUICK:
        return
    elif id(value) not in look.seen:
        look.seen.add(id(value))
        look.kept.append(value)
        _look_into(value, where, look)


_QUICK = frozenset({str, int, bool, float, date})


def _look_into(value: Any, where: str, look: _Look) -> None:
    if isinstance(value, Promise):
        _look_at_promise(value, where)
    elif isinstance(value, Row):
        _look_at_row(value, where, look)
    elif isinstance(value, _OF_DATABASE) or (isinstance(value, type) and issubclass(value, Model)):
        raise Leak(f"{where} was given {_named(value)}: give it rows of a presentation")
    elif isinstance(value, (*_PLAIN, EnumMeta, ErrorDict, ErrorList)):
        return
    elif look_further := _LOOKS.get(_kind(value)):
        look_further(value, where, look)
    elif isinstance(value, Iterator):
        raise Leak(f"{where} was given {_named(value)}, which can be read once only: give it a list")
    else:
        raise Leak(f"{where} was given {_named(value)}: give it plain values, dataclasses of them, or rows")


def _kind(value: Any) -> str:
    """Which way to look into a value; "" for none."""
    if isinstance(value, Mapping):
        return "mapping"
    if isinstance(value, _LISTS):
        return "list"
    if isinstance(value, BaseForm | BoundField | BaseFormSet):
        return "form"
    if isinstance(value, Page | Paginator):
        return "pages"
    if isinstance(value, Panel):
        return "panel"
    if not isinstance(value, type) and (dataclasses.is_dataclass(value) or isinstance(value, SimpleNamespace)):
        return "fields"
    return ""


def _look_at_row(value: Row, where: str, look: _Look) -> None:
    if value.audience not in {look.audience, PUBLIC}:
        raise Leak(f"{where} is for {look.audience} and was given a row made for {value.audience}")
    for name, inner in value.as_dict().items():
        _look(inner, f"{where}.{name}", look)


def _look_at_promise(value: Any, where: str) -> None:
    """A lazy translation is text; a lazy anything else may be anything."""
    classes = value.__reduce__()[1][3:]
    if not all(issubclass(one, str | int | float) for one in classes):
        raise Leak(f"{where} was given a lazy {', '.join(one.__name__ for one in classes)}: give it the value")


def _look_at_mapping(value: Mapping[Any, Any], where: str, look: _Look) -> None:
    for name, inner in value.items():
        _look(name, f"a key of {where}", look)
        _look(inner, f"{where}.{name}", look)
    _look_at_attributes(value, where, look)


def _look_at_list(value: Any, where: str, look: _Look) -> None:
    for number, inner in enumerate(value):
        _look(inner, f"{where}[{number}]", look)
    _look_at_attributes(value, where, look)


def _look_at_panel(value: Panel, where: str, look: _Look) -> None:
    if value.audience and value.audience != look.audience:
        if value.audience not in look.belongs:
            raise Leak(f"{where} is a panel for {value.audience}, to which who asks does not belong")
        look = _Look(value.audience, look.belongs)
    _look_at_fields(value, where, look)


def _look_at_fields(value: Any, where: str, look: _Look) -> None:
    for field in dataclasses.fields(value) if dataclasses.is_dataclass(value) else ():
        _look(getattr(value, field.name), f"{where}.{field.name}", look)
    _look_at_attributes(value, where, look)


def _look_at_pages(value: Any, where: str, look: _Look) -> None:
    """Django's page and paginator keep the list that they cut, whole."""
    _look(value.object_list, f"{where}.object_list", look)
    if isinstance(value, Page):
        _look(value.paginator, f"{where}.paginator", look)


def _look_at_form(value: Any, where: str, look: _Look) -> None:
    if isinstance(value, BaseFormSet):
        _look(list(value.forms), f"{where}.forms", look)
        return
    if isinstance(value, BoundField):
        _look(value.form, f"{where}.form", look)
        return
    for name, field in value.fields.items():
        if isinstance(field, ModelChoiceField):
            raise Leak(f"{where}.{name} chooses among rows of the database: give it choices of plain values")
        if hasattr(field, "choices"):
            _look(list(field.choices), f"{where}.{name}.choices", look)
        if not callable(field.initial):
            _look(field.initial, f"{where}.{name}.initial", look)
    _look_at_attributes(value, where, look, but=_OF_DJANGO)


def _look_at_attributes(value: Any, where: str, look: _Look, but: frozenset[str] = frozenset()) -> None:
    """What hangs on a value besides what it holds. A template cannot reach names that begin with an underscore."""
    for name, inner in getattr(value, "__dict__", {}).items():
        if not name.startswith("_") and name not in but:
            _look(inner, f"{where}.{name}", look)


_LOOKS: dict[str, Callable[[Any, str, _Look], None]] = {
    "mapping": _look_at_mapping,
    "list": _look_at_list,
    "panel": _look_at_panel,
    "fields": _look_at_fields,
    "pages": _look_at_pages,
    "form": _look_at_form,
}


def _unwrapped(value: Any) -> Any:
    if value._wrapped is empty:
        value._setup()
    return value._wrapped


def _named(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else type(value).__name__
