"""The settings as they were entered, read once: for one request, or for as long as somebody holds the book open.

Nothing is kept between requests: web workers are several processes, and a rule entered in one of them holds in all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from asgiref.local import Local
from django.db.models import QuerySet

from betterwork.modules.countries.declaring import SETTINGS
from betterwork.modules.countries.models import CountrySetting, Programme
from betterwork.modules.countries.rules import Entry

R = TypeVar("R")
Key = tuple[str, str]
"""(country code, "" for every country; name of the setting)."""
_COLUMNS = ("id", "programme_id", "name", "value", "cleared", "first", "last", "source")


@dataclass(slots=True)
class _Open:
    """What was read since the book was opened."""

    kept: dict[str, Any] = field(default_factory=dict)


_HELD = Local()


def book_open() -> None:
    """Read from now on no more than once. Whoever opens it closes it."""
    _HELD.open = _Open()


def book_close() -> None:
    """Forget what was read; from now on each question asks the database."""
    _HELD.open = None


def book_forget() -> None:
    """Forget what was read, because something was written; the book stays open if it was."""
    if _opened() is not None:
        book_open()


@contextmanager
def settings_held() -> Iterator[None]:
    """Inside, the settings are read once, as they stood when first asked for: for a job that asks often."""
    if _opened() is not None:
        yield
        return
    book_open()
    try:
        yield
    finally:
        book_close()


def entries_of(owner: str, name: str) -> list[Entry]:
    """What was entered of a setting for a country ("" for every country): the shipped first, the last entered last."""
    return [*_shipped(owner, name), *_entered((owner, name)).get((owner, name), ())]


def entries_of_both(country: str, name: str) -> tuple[list[Entry], list[Entry]]:
    """The same for a country and for every country, by one query at most."""
    found = _entered((country, name), ("", name))
    own, whole = ([*_shipped(owner, name), *found.get((owner, name), ())] for owner in (country, ""))
    return (own if country else []), whole


def programme_names() -> Mapping[str, str]:
    """The name of every programme by its code, also of those that were added here. One query at most."""
    return remembered("programmes", lambda: dict(Programme.objects.values_list("code", "name")))


def remembered(what: str, read: Callable[[], R]) -> R:
    """What ``read`` gives, asked once while the book is open: also for a higher room, which forgets when it writes."""
    held = _opened()
    if held is None:
        return read()
    if what not in held.kept:
        held.kept[what] = read()
    found: R = held.kept[what]
    return found


def _opened() -> _Open | None:
    return getattr(_HELD, "open", None)


def _shipped(owner: str, name: str) -> list[Entry]:
    one = SETTINGS.get(name)
    values = () if one is None else one.shipped_of.get(owner, ()) if owner else one.shipped
    return [Entry(value.value, value.start, value.end, value.source) for value in values]


def _entered(*keys: Key) -> Mapping[Key, Sequence[Entry]]:
    if _opened() is None:
        return _read(CountrySetting.objects.filter(name__in={name for _owner, name in keys}))
    return remembered("settings", lambda: _read(CountrySetting.objects.all()))


def _read(rows: QuerySet[CountrySetting]) -> Mapping[Key, Sequence[Entry]]:
    found: dict[Key, list[Entry]] = defaultdict(list)
    for key, owner, name, value, cleared, first, last, source in rows.order_by("entered_at", "id").values_list(
        *_COLUMNS
    ):
        found[owner or "", name].append(Entry(None if cleared else value, first, last, source, key))
    return dict(found)
