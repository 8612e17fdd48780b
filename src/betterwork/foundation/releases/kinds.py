"""What kinds of thing are released: named by the rooms that give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from betterwork.core.errors import WrongUse


@dataclass(frozen=True, slots=True)
class ReleaseKind:
    """How a kind of release is called, and where who received one opens it, by the key its room gave."""

    name: str
    title: Any
    url: Callable[[str], str]


KINDS: dict[str, ReleaseKind] = {}


def release_kind_add(name: str, *, title: Any, url: Callable[[str], str]) -> None:
    """Say, in ``contributions.py``, what a kind of release is called and where it is opened."""
    KINDS[name] = ReleaseKind(name, title, url)


def kind_required(name: str) -> ReleaseKind:
    """The kind of this name. Raises :class:`WrongUse` for one that no room named."""
    if name not in KINDS:
        raise WrongUse(f"no room releases a {name!r}: it says so with release_kind_add")
    return KINDS[name]


def kind_title(name: str) -> Any:
    """What a kind is called; its name where no room knows it any more."""
    return KINDS[name].title if name in KINDS else name


def opened_at(name: str, key: str) -> str:
    """Where a release is opened; "" where its room has no page for it."""
    return KINDS[name].url(key) if name in KINDS else ""
