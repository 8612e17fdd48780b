"""What higher rooms say of scopes: what they lie in, how they are called, which can be chosen.

A scope is opaque text here (``factory:VN/1``). The room that keeps factories says, at start, what such a scope lies in
and how it is called; see ``scope_parents_add``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import WORLD, scope_kind

Parents = Callable[[str], Iterable[str]]
Choices = Callable[[Actor], Iterable[tuple[str, Any]]]
Words = Callable[[str], Any]
Exists = Callable[[str], bool]

PARENTS: dict[str, Parents] = {}
CHOICES: dict[str, Choices] = {}
WORDS: dict[str, Words] = {}
EXISTS: dict[str, Exists] = {}


def scope_parents_add(kind: str, parents: Parents, *, exists: Exists | None = None) -> None:
    """Let ``parents(scope)`` say which scopes a scope of this kind lies in: ``factory:VN/1`` lies in ``country:VN``.

    It is asked of thousands of stored scopes for one list, so it asks the database only where the text does not tell.
    It may raise LookupError for what can be no such thing. ``exists(scope)`` looks whether there is one: asked when a
    role is given, and not of what is stored.
    """
    PARENTS[kind] = parents
    if exists is not None:
        EXISTS[kind] = exists


def scope_choices_add(kind: str, choices: Choices) -> None:
    """Let ``choices(actor)`` list the scopes of this kind that an actor may choose from, as (scope, words)."""
    CHOICES[kind] = choices


def scope_words_add(kind: str, words: Words) -> None:
    """Let ``words(scope)`` say how a scope of this kind is called: ``country:VN`` is "Viet Nam"."""
    WORDS[kind] = words


def scope_check(scope: str) -> None:
    """Refuse a scope of which its room says that there is no such thing. Raises :class:`WrongUse`."""
    exists = EXISTS.get(scope_kind(scope))
    if exists is not None and not exists(scope):
        raise WrongUse(_("There is nothing called %(scope)s.") % {"scope": scope})


def lineage(scope: str) -> frozenset[str]:
    """The scope and all that it lies in. Raises :class:`WrongUse` for what its room says can be no such scope."""
    found, ahead = {WORLD}, [scope]
    while ahead:
        one = ahead.pop()
        if one in found:
            continue
        found.add(one)
        try:
            ahead += PARENTS.get(scope_kind(one), _no_parents)(one)
        except LookupError as error:
            raise WrongUse(_("There is nothing called %(scope)s.") % {"scope": one}) from error
    return frozenset(found)


def lineage_stored(scope: str) -> frozenset[str]:
    """The same for a scope that stands in a table: what is no more lies in itself and the world."""
    try:
        return lineage(scope)
    except WrongUse:
        return frozenset({WORLD, scope})


def scope_words(scope: str) -> str:
    """How a scope is called; its text where no room says."""
    if scope == WORLD:
        return _("The whole programme")
    try:
        return str(WORDS[scope_kind(scope)](scope))
    except LookupError:
        return scope


def scope_choices(actor: Actor, kinds: Iterable[str]) -> list[tuple[str, str]]:
    """The scopes of ``kinds`` that an actor may choose from, with their words, in the order of the words."""
    wanted = set(kinds)
    found = [(WORLD, scope_words(WORLD))] if WORLD in wanted else []
    for kind in sorted(wanted & set(CHOICES)):
        found += sorted(((scope, str(words)) for scope, words in CHOICES[kind](actor)), key=lambda one: one[1])
    return found


def _no_parents(scope: str) -> tuple[str, ...]:
    return ()
