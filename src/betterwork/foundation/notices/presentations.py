"""Notices as the person they were given to sees them."""

from __future__ import annotations

from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.notices.models import Notice

NOTICE_FOR_HERSELF = Presentation(
    "notices.own",
    model=Notice,
    audience=OWN_PERSON,
    fields=("id", "kind", "url", "made_at", "read_at"),
    derived={
        "title": Derived(("kind",), lambda told: told.title),
        "words": Derived(("kind", "facts"), lambda told: told.words),
    },
)
