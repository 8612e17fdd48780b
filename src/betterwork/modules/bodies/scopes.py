"""What committees say of scopes: what they lie in, how they are called, which can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

from betterwork.foundation.access.scopes import scope_choices_add, scope_parents_add, scope_words_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import scope_country
from betterwork.modules.bodies.models import Body
from betterwork.modules.bodies.policy import BODIES_KEEP

OF_ALL = "all"
MOST_COMMITTEES = 2_000
"""Most committees that a form offers to choose from; a longer list would not be read."""


def scopes_declare() -> None:
    """Tell access of the kind of scope that this room keeps."""
    scope_parents_add("committee", _parents, exists=_exists)
    scope_words_add("committee", _words)
    scope_choices_add("committee", _choices)


def _key(scope: str) -> str:
    return scope.removeprefix("committee:")


def _parents(scope: str) -> tuple[str, ...]:
    """By the text alone, asked of every stored scope for one list: an id begins with its country."""
    place, dash, _rest = _key(scope).partition("-")
    return () if place == OF_ALL or not dash else (scope_country(place.upper()),)


def _exists(scope: str) -> bool:
    return Body.objects.filter(pk=_key(scope)).exists()


def _words(scope: str) -> str:
    found = Body.objects.filter(pk=_key(scope)).values_list("name", flat=True).first()
    if found is None:
        raise LookupError(scope)
    return found


def _choices(actor: Actor) -> Iterator[tuple[str, str]]:
    rows = BODIES_KEEP.visible_to(actor).filter(end__isnull=True).order_by("name", "id")
    for key, name in rows.values_list("pk", "name")[:MOST_COMMITTEES]:
        yield f"committee:{key}", name
