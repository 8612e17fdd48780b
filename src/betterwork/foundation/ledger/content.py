"""The content of an entry as something to read: a tree of names and values, and what changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

MOST_SHOWN = 200
"""Parts of one content that a page shows; an import's seal names hundreds of documents."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a content: its name, its value in words, or the parts it has."""

    name: str
    value: str = ""
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    name: str
    before: str
    after: str
    changed: bool


def tree(content: Any) -> tuple[Node, ...]:
    """The parts of a content, at most ``MOST_SHOWN`` of them; what is left out is counted in a last one named "…"."""
    budget = [MOST_SHOWN]
    return _parts(content, budget)


def changes(content: Any) -> list[Change]:
    """What an audited entry says of each field, before and after; empty for content of another form."""
    if not (isinstance(content, Mapping) and set(content) == {"before", "after"}):
        return []
    before, after = (content[name] if isinstance(content[name], Mapping) else {} for name in ("before", "after"))
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(words(name), plain(before.get(name)), plain(after.get(name)), before.get(name) != after.get(name))
        for name in names
    ]


def words(name: str) -> str:
    """The name of a field as a person writes it."""
    return name.replace("_", " ")


def plain(value: Any) -> str:
    """A value in one line."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{words(str(name))}: {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value)) or "–"
    return str(value)


def _parts(content: Any, budget: list[int]) -> tuple[Node, ...]:
    if isinstance(content, Mapping):
        named = [(words(str(name)), value) for name, value in content.items()]
    elif isinstance(content, list | tuple):
        named = [(str(number), value) for number, value in enumerate(content, start=1)]
    else:
        return (Node("", plain(content)),)
    found = []
    for position, (name, value) in enumerate(named):
        if budget[0] <= 0:
            found.append(Node("…", f"+{len(named) - position}"))
            break
        budget[0] -= 1
        found.append(_node(name, value, budget))
    return tuple(found)


def _node(name: str, value: Any, budget: list[int]) -> Node:
    flat = not isinstance(value, Mapping | list | tuple) or (
        isinstance(value, list | tuple) and not any(isinstance(one, Mapping | list | tuple) for one in value)
    )
    return Node(name, plain(value)) if flat or not value else Node(name, parts=_parts(value, budget))
