"""Whether a store, or what was made from it, is older than the assessments. Light: pages ask it."""

from __future__ import annotations

from betterwork.foundation.documents.models import SealedDocument


def newest_document() -> str:
    """The digest of the assessment sealed last, or nothing: a store that knows another one is out of date."""
    rows = SealedDocument.objects.filter(kind="assessment").order_by("-pk").values_list("digest", flat=True)
    return rows.first() or ""
