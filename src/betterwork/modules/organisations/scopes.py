"""What organisations say of scopes: which there are, how they are called, in which country they lie."""

from __future__ import annotations

from collections.abc import Iterator

from betterwork.foundation.access.scopes import scope_choices_add, scope_parents_add, scope_words_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import scope_country
from betterwork.modules.countries.queries import country_title
from betterwork.modules.organisations.policy import ORGANISATIONS_CHANGE
from betterwork.modules.organisations.queries import Known, organisations_known

KIND = "organisation"
MOST = 2_000
"""Most organisations that a form offers to choose from; a longer list would not be read."""


def scopes_declare() -> None:
    """Tell access of the kind of scope that this room keeps."""
    scope_parents_add(KIND, _parents, exists=_exists)
    scope_words_add(KIND, _words)
    scope_choices_add(KIND, _choices)


def scope_organisation(key: str) -> str:
    """The scope of an organisation, by its key."""
    return f"{KIND}:{key}"


def _key(scope: str) -> str:
    return scope.removeprefix(f"{KIND}:")


def _parents(scope: str) -> tuple[str, ...]:
    """Its country, so that the country's manager oversees who speaks for it. Raises LookupError."""
    found = organisations_known()[_key(scope)]
    return (scope_country(found.country),) if found.country else ()


def _exists(scope: str) -> bool:
    return _key(scope) in organisations_known()


def _words(scope: str) -> str:
    return words_of(organisations_known()[_key(scope)])


def words_of(one: Known) -> str:
    """An organisation with its country, as a form lists it."""
    if not one.country:
        return one.name
    try:
        return f"{one.name} ({country_title(one.country)})"
    except KeyError:
        return one.name


def _choices(actor: Actor) -> Iterator[tuple[str, str]]:
    rows = ORGANISATIONS_CHANGE.visible_to(actor).filter(last__isnull=True).order_by("name", "key")
    for key, name, kind, country in rows.values_list("key", "name", "kind", "country")[:MOST]:
        yield scope_organisation(key), words_of(Known(name, kind, country))
