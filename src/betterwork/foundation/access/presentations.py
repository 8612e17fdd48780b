"""In which shape grants and elevations reach a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.models import Elevation, Grant
from betterwork.foundation.access.purposes import purpose_words
from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.people.models import Person

WAITS, REFUSED, LATER, COUNTS, OVER = "waits", "refused", "later", "counts", "over"
STATES: dict[str, tuple[Any, str]] = {
    WAITS: (_("Waits for a second person"), "wait"),
    COUNTS: (_("In force"), "ok"),
    LATER: (_("Begins later"), "info"),
    REFUSED: (_("Refused"), "nc"),
    OVER: (_("Ended"), "none"),
}
"""The state of a grant in a word, and the kind of its tag."""
TAKEN: dict[str, tuple[Any, str]] = {COUNTS: (_("Open now"), "wait"), OVER: (_("Ended"), "none")}
"""The same of an elevation."""


def _called() -> Coalesce:
    """The name of a person as a column, or her address; nothing where she was erased."""
    found = Person.objects.filter(public_id=OuterRef("person")).exclude(state=Person.ERASED)
    words = Coalesce(NullIf("name", Value("")), F("email"), output_field=CharField())
    return Coalesce(Subquery(found.values(words=words)), Value(""), output_field=CharField())


def grants_shown(rows: QuerySet[Grant], at: datetime) -> QuerySet[Any]:
    """Grants with the name of the holder (``called``) and how they stand at a moment (``state``)."""
    over = Q(ended_at__isnull=False) | Q(ends__lte=at)
    state = Case(
        When(Q(confirmed_at__isnull=True, ended_at__isnull=False), then=Value(REFUSED)),
        When(over, then=Value(OVER)),
        When(confirmed_at__isnull=True, then=Value(WAITS)),
        When(starts__gt=at, then=Value(LATER)),
        default=Value(COUNTS),
        output_field=CharField(),
    )
    return rows.annotate(called=_called(), state=state)


def elevations_shown(rows: QuerySet[Elevation], at: datetime) -> QuerySet[Any]:
    """Elevations with the name of who took it (``called``) and whether they are open at a moment (``state``)."""
    over = Q(ended_at__isnull=False) | Q(ends__lte=at)
    state = Case(When(over, then=Value(OVER)), default=Value(COUNTS), output_field=CharField())
    return rows.annotate(called=_called(), state=state)


def _role(one: Any) -> Any:
    return ROLES[one.role].title if one.role in ROLES else one.role


_GRANT_WORDS = {
    "role_title": Derived(("role",), _role),
    "scope_words": Derived(("scope",), lambda grant: scope_words(grant.scope)),
    "state": Derived(("starts", "ends", "confirmed_at", "ended_at"), lambda grant: grant.state),
    "state_word": Derived(("starts", "ends", "confirmed_at", "ended_at"), lambda grant: STATES[grant.state][0]),
    "state_kind": Derived(("starts", "ends", "confirmed_at", "ended_at"), lambda grant: STATES[grant.state][1]),
}
_GRANT_FIELDS = (
    *("id", "person", "role", "scope", "starts", "ends", "second"),
    *("given_by", "given_at", "confirmed_by", "confirmed_at", "ended_by", "ended_at"),
)
GRANT_FOR_STAFF = Presentation(
    "grant for the programme",
    model=Grant,
    audience=PROGRAMME,
    fields=(*_GRANT_FIELDS, "reason", "end_reason"),
    derived={**_GRANT_WORDS, "called": Derived(("person",), lambda grant: grant.called or grant.person)},
)
GRANT_FOR_HERSELF = Presentation(
    "grant for its holder", model=Grant, audience=OWN_PERSON, fields=_GRANT_FIELDS, derived=_GRANT_WORDS
)


def _what(one: Any) -> Any:
    return purpose_words(one.purpose) if one.purpose else f"{_role(one)}, {scope_words(one.scope)}"


_TAKEN_FIELDS = ("id", "person", "role", "scope", "purpose", "reason", "starts", "ends", "ended_at", "ended_by")
_TAKEN_WORDS = {
    "what": Derived(("role", "scope", "purpose"), _what),
    "until": Derived(("ends", "ended_at"), lambda one: one.ended_at or one.ends),
    "state": Derived(("ends", "ended_at"), lambda one: one.state),
    "state_word": Derived(("ends", "ended_at"), lambda one: TAKEN[one.state][0]),
    "state_kind": Derived(("ends", "ended_at"), lambda one: TAKEN[one.state][1]),
}
ELEVATION_FOR_STAFF = Presentation(
    "elevation for the owners",
    model=Elevation,
    audience=PROGRAMME,
    fields=_TAKEN_FIELDS,
    derived={**_TAKEN_WORDS, "called": Derived(("person",), lambda one: one.called or one.person)},
)
ELEVATION_FOR_HERSELF = Presentation(
    "elevation for who took it", model=Elevation, audience=OWN_PERSON, fields=_TAKEN_FIELDS, derived=_TAKEN_WORDS
)
