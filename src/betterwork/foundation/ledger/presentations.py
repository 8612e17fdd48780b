"""Entries as each audience may see them."""

from __future__ import annotations

from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.ledger.content import changes
from betterwork.foundation.ledger.models import Entry, Verification

_WORDS = {
    "who": Derived(("actor",), lambda told: told.who),
    "what": Derived(("action",), lambda told: told.what),
    "kind_words": Derived(("kind",), lambda told: told.kind_words),
}
ENTRY_FOR_STAFF = Presentation(
    "trail.entry",
    model=Entry,
    audience=PROGRAMME,
    fields=("number", "at", "kind", "action", "actor", "subject"),
    derived=_WORDS,
)
"""A line of the trail."""
CONTENT_FOR_STAFF = Presentation(
    "trail.content",
    model=Entry,
    audience=PROGRAMME,
    fields=("number", "at", "kind", "action", "actor", "subject", "digest"),
    derived={
        **_WORDS,
        "content": Derived(("content",), lambda told: told.content),
        "nodes": Derived(("content",), lambda told: told.nodes),
        "changes": Derived(("content",), lambda told: changes(told.content)),
    },
)
"""An entry with what it holds."""
ENTRY_FOR_HERSELF = Presentation(
    "trail.mine",
    model=Entry,
    audience=OWN_PERSON,
    fields=("number", "at", "kind", "action", "subject"),
    derived=_WORDS,
)
"""A line about the person who reads it, or by her."""
VERIFICATION_FOR_STAFF = Presentation(
    "trail.verification",
    model=Verification,
    audience=PROGRAMME,
    fields=("at", "number", "digest", "faults", "first_fault", "anchored"),
)
