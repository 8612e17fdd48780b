"""How documents stand in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

SEALED = "documents.sealed"
SEALED_BEFORE = "documents.sealed-before-the-ledger"
"""Of documents that were there when the ledger came."""


def seal_subject(documents: Sequence[tuple[str, str]]) -> str:
    """What a seal entry speaks of: the one document by kind and key, or how many there are."""
    return " ".join(documents[0]) if len(documents) == 1 else f"documents {len(documents)}"
