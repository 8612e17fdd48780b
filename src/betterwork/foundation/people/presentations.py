"""In which shape persons reach a page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.people.models import Person, Registration
from betterwork.foundation.people.rules import display_name

STATES: dict[str, tuple[Any, str]] = {
    Person.INVITED: (_("Invited"), "wait"),
    Person.ACTIVE: (_("Has an account"), "ok"),
    Person.LEFT: (_("Left"), "none"),
    Person.ERASED: (_("Erased"), "none"),
}
"""The state of a person in a word, and the kind of its tag."""

_DERIVED = {
    "called": Derived(("name", "email"), display_name),
    "state_word": Derived(("state",), lambda person: STATES[person.state][0]),
    "state_kind": Derived(("state",), lambda person: STATES[person.state][1]),
    "language_name": Derived(
        ("language",), lambda person: language_of(person.language).own_name if person.language else ""
    ),
}
_FIELDS = ("public_id", "email", "name", "language", "state", "last_login", "invited_at", "joined_at", "left_at")

FOR_PROGRAMME = Presentation(
    "person for the programme",
    model=Person,
    audience=PROGRAMME,
    fields=_FIELDS,
    derived={
        **_DERIVED,
        # how many roles she holds: counted by access, where it is asked for (hooks.roles_counted)
        "roles": Derived(("public_id",), lambda person: getattr(person, "roles", 0)),
    },
)
FOR_HERSELF = Presentation(
    "person for herself", model=Person, audience=OWN_PERSON, fields=_FIELDS, derived=dict(_DERIVED)
)
REGISTRATION = Presentation(
    "request for an account",
    model=Registration,
    audience=PROGRAMME,
    fields=("id", "country", "factory", "name", "email", "asked_at"),
)
