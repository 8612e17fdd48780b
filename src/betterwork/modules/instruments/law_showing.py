"""How law is shown. It is everybody's: every field is public."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.instruments.models import LegalReference
from betterwork.modules.instruments.presentations import country_words

KINDS: dict[str, Any] = {
    "convention": _("International convention"),
    "recommendation": _("International recommendation"),
    "law": _("Law"),
    "regulation": _("Regulation"),
    "collective agreement": _("Collective agreement"),
    "good practice": _("Good practice"),
}
STATES: dict[str, tuple[Any, str]] = {
    "holds": (_("In force"), "ok"),
    "later": (_("Not yet in force"), "info"),
    "superseded": (_("Superseded"), "none"),
    "repealed": (_("Repealed"), "nc"),
    "unknown": (_("First day not known"), "wait"),
}

LAW_ON_ITS_PAGE = Presentation(
    "law on its page",
    model=LegalReference,
    audience=PUBLIC,
    fields=(
        *("key", "country", "instrument", "number", "article", "title", "link", "summary", "source"),
        *("in_force_from", "in_force_until"),
    ),
    derived={
        "kind": Derived(("kind",), lambda one: KINDS.get(one.kind, one.kind)),
        "country_name": Derived(("country",), lambda one: country_words(one.country)),
        "citation": Derived(
            ("number", "instrument", "article"),
            lambda one: ", ".join(part for part in (one.number or one.instrument, one.article) if part),
        ),
    },
)
