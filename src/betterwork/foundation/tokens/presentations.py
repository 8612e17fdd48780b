"""In which shape tokens reach a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.tokens.models import Token

COUNTS, OVER, ENDED = "counts", "over", "ended"
STATES: dict[str, tuple[Any, str]] = {
    COUNTS: (_("Counts"), "ok"),
    OVER: (_("Over"), "none"),
    ENDED: (_("Ended"), "none"),
}
_STATE = ("ends", "ended_at")


def tokens_shown(rows: QuerySet[Token], at: datetime) -> QuerySet[Any]:
    """Tokens with how they stand at a moment."""
    state = Case(
        When(Q(ended_at__isnull=False), then=Value(ENDED)),
        When(ends__lte=at, then=Value(OVER)),
        default=Value(COUNTS),
        output_field=CharField(),
    )
    return rows.annotate(state=state)


TOKEN_FOR_HERSELF = Presentation(
    "token for its person",
    model=Token,
    audience=OWN_PERSON,
    fields=("id", "title", "scope", "writes", "prefix", "made_at", "ends", "last_used", "ended_at"),
    derived={
        "scope_words": Derived(("scope",), lambda one: scope_words(one.scope)),
        "state": Derived(_STATE, lambda one: one.state),
        "state_word": Derived(_STATE, lambda one: STATES[one.state][0]),
        "state_kind": Derived(_STATE, lambda one: STATES[one.state][1]),
        "writes_word": Derived(("writes",), lambda one: _("Reads and writes") if one.writes else _("Reads only")),
    },
)
