"""What higher rooms let be opened for a while: purposes like ``vault 0193…``, each kind with its owners."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from betterwork.foundation.access.scopes import lineage_stored


@dataclass(frozen=True, slots=True)
class PurposeKind:
    """A kind of purpose: the first word of it.

    ``scopes(purpose)`` are the scopes that hold the thing, or None where there is no such thing or it is nobody's to
    open (a survey's answers). ``owners(purpose, at)`` are the ids of those who are told. ``words(purpose)`` is how the
    thing is called, without giving away what is in it.
    """

    kind: str
    scopes: Callable[[str], Iterable[str] | None]
    owners: Callable[[str, datetime], Iterable[str]]
    words: Callable[[str], Any] = str


PURPOSES: dict[str, PurposeKind] = {}


def purpose_add(kind: PurposeKind) -> None:
    """Let things of this kind be opened for a while."""
    PURPOSES[kind.kind] = kind


def purpose_kind(purpose: str) -> PurposeKind | None:
    """The kind of a purpose, by its first word; None where no room knows it."""
    return PURPOSES.get(purpose.partition(" ")[0])


def purpose_scopes(purpose: str) -> frozenset[str] | None:
    """The scopes that hold what a purpose would open, with all that they lie in; None where it is nobody's to open."""
    kind = purpose_kind(purpose)
    scopes = None if kind is None else kind.scopes(purpose)
    return None if scopes is None else frozenset(around for one in scopes for around in lineage_stored(one))


def purpose_words(purpose: str) -> str:
    """How what a purpose opens is called."""
    kind = purpose_kind(purpose)
    return purpose if kind is None else str(kind.words(purpose))
