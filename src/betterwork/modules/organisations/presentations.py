"""How organisations are shown, and to whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from betterwork.foundation.audiences.names import BUYER, COMMITTEE, OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.organisations.models import KIND_WORDS, LEVEL_WORDS, Membership, Organisation, OrganisationName

KINDS, LEVELS = dict(KIND_WORDS), dict(LEVEL_WORDS)


def _place(one: Any) -> str:
    if not one.country:
        return gettext("The world")
    try:
        return country_title(one.country)
    except KeyError:
        return str(one.country)


_FIELDS = ("key", "name", "kind", "level", "country", "mail", "last")
_WORDS = {
    "kind_word": Derived(("kind",), lambda one: str(KINDS.get(one.kind, one.kind))),
    "level_word": Derived(("level",), lambda one: str(LEVELS.get(one.level, one.level))),
    "place": Derived(("country",), _place),
}
ORGANISATION_FOR_STAFF = Presentation(
    "organisation for the programme",
    model=Organisation,
    audience=PROGRAMME,
    fields=(*_FIELDS, "entered_by", "entered_at", "changed_at"),
    derived=_WORDS,
)
OWN_FOR = {
    audience: Presentation(
        f"organisation for itself, {audience}", model=Organisation, audience=audience, fields=_FIELDS, derived=_WORDS
    )
    for audience in (COMMITTEE, BUYER, OWN_PERSON)
}
"""An organisation as those who speak for it see it; ``own person``: as donors do."""
NAME_FOR_STAFF = Presentation(
    "name of an organisation for the programme",
    model=OrganisationName,
    audience=PROGRAMME,
    fields=("id", "name", "first", "entered_by", "entered_at", "corrected_at"),
)
OWN_NAME_FOR = {
    audience: Presentation(
        f"name of an organisation for itself, {audience}",
        model=OrganisationName,
        audience=audience,
        fields=("name", "first"),
    )
    for audience in (COMMITTEE, BUYER)
}
MEMBERSHIP_FOR_STAFF = Presentation(
    "organisation in another for the programme",
    model=Membership,
    audience=PROGRAMME,
    fields=(
        *("id", "first", "last", "source", "entered_by", "entered_at", "ended_by", "ended_at"),
        *("member__key", "member__name", "group__key", "group__name"),
    ),
)
