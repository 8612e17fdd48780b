"""How what is known of staff is shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.languages.formats import locale_of
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.rules import (
    COMPETENCE,
    COMPETENCE_LEVELS,
    COMPETENCES,
    CONFLICT,
    KINDS,
    LANGUAGE,
    LANGUAGE_LEVELS,
)


def language_words(code: str) -> str:
    """How a spoken language is called in the language of the page."""
    name = locale_of(get_language() or "en").languages.get(code) or locale_of("en").languages.get(code, code)
    return str(name)


def about_words(fact: Any) -> str:
    """What a fact is about, in words; empty for leave."""
    if fact.kind == COMPETENCE:
        return str(COMPETENCES.get(fact.about, fact.about))
    if fact.kind == LANGUAGE:
        return language_words(fact.about)
    return scope_words(fact.about) if fact.kind == CONFLICT else ""


def level_words(fact: Any) -> str:
    """The level in words."""
    levels = LANGUAGE_LEVELS if fact.kind == LANGUAGE else COMPETENCE_LEVELS
    return str(levels.get(fact.level, ""))


_FIELDS = ("id", "person", "kind", "about", "level", "starts", "ends", "note", "withdrawn_at", "withdrawn_why")
_DERIVED = {
    "kind_title": Derived(("kind",), lambda fact: KINDS.get(fact.kind, fact.kind)),
    "about_words": Derived(("kind", "about"), about_words),
    "level_words": Derived(("kind", "level"), level_words),
}
FACT_FOR_STAFF = Presentation(
    "fact of staff for the programme", model=StaffFact, audience=PROGRAMME, fields=_FIELDS, derived=_DERIVED
)
FACT_FOR_HERSELF = Presentation(
    "fact of staff for herself", model=StaffFact, audience=OWN_PERSON, fields=_FIELDS, derived=_DERIVED
)
