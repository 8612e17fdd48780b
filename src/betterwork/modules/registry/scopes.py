"""What the register says of scopes: factories, what they lie in and how they are called."""

from __future__ import annotations

from collections.abc import Iterator

from betterwork.foundation.access.scopes import scope_choices_add, scope_parents_add, scope_words_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import scope_country
from betterwork.modules.countries.queries import country_title
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.policy import FACTORIES_READ

MOST_FACTORIES = 2_000
"""Most factories that a form offers to choose from; a longer list would not be read."""


def scopes_declare() -> None:
    """Tell access of the kinds of scope that this room keeps."""
    scope_parents_add("factory", _factory_parents, exists=_factory_exists)
    scope_words_add("factory", _factory_words)
    scope_choices_add("factory", _factory_choices)


def _factory_key(scope: str) -> tuple[str, str]:
    country, _slash, outside_id = scope.removeprefix("factory:").partition("/")
    return country, outside_id


def _factory_parents(scope: str) -> tuple[str, ...]:
    """By the text alone: asked of every stored scope for one list."""
    country, _outside_id = _factory_key(scope)
    return (scope_country(country),)


def _factory_exists(scope: str) -> bool:
    country, outside_id = _factory_key(scope)
    return Factory.objects.filter(country=country, outside_id=outside_id).exists()


def _factory_words(scope: str) -> str:
    country, outside_id = _factory_key(scope)
    found = Factory.objects.filter(country=country, outside_id=outside_id).first()
    if found is None:
        raise LookupError(scope)
    return f"{found.name} ({country_title(country)})"


def _factory_choices(actor: Actor) -> Iterator[tuple[str, str]]:
    rows = FACTORIES_READ.visible_to(actor).filter(obsolete=False).order_by("country", "name", "id")
    for one in rows[:MOST_FACTORIES]:
        yield f"factory:{one.country}/{one.outside_id}", f"{one.name} ({country_title(one.country)})"
