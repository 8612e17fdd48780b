"""What countries say of scopes: which there are and how they are called."""

from __future__ import annotations

from collections.abc import Iterator

from betterwork.foundation.access.scopes import scope_choices_add, scope_parents_add, scope_words_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import scope_country
from betterwork.modules.countries.queries import countries_known, country_title


def scopes_declare() -> None:
    """Tell access of the kind of scope that this room keeps."""
    scope_parents_add("country", _country_parents)
    scope_words_add("country", _country)
    scope_choices_add("country", _country_choices)


def _country(scope: str) -> str:
    return country_title(scope.removeprefix("country:"))


def _country_parents(scope: str) -> tuple[str, ...]:
    _country(scope)
    return ()


def _country_choices(actor: Actor) -> Iterator[tuple[str, str]]:
    own = None if actor.in_world("global-staff") else actor.keys("country", "country-manager")
    for one in countries_known():
        if own is None or one.code in own:
            yield scope_country(one.code), country_title(one.code)
