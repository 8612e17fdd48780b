"""The names of the sealed snapshots. Light: pages ask for them."""

from __future__ import annotations

from betterwork.foundation.documents.models import SealedDocument

SNAPSHOT_KIND = "snapshot"


def snapshots() -> list[str]:
    """The names of the sealed snapshots, oldest first."""
    return list(SealedDocument.objects.filter(kind=SNAPSHOT_KIND).order_by("pk").values_list("key", flat=True))
