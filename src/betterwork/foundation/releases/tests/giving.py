"""Releases for tests, in a few words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.rules import Recipient
from betterwork.foundation.releases.services import release_make

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TO_COMMITTEE = Recipient("committee", "country:VN")


def given(paper: SealedDocument, **more: Any) -> Release:
    """The paper given to the committee of Viet Nam, unless told otherwise."""
    values: dict[str, Any] = {
        "actor": "p-global",
        "kind": "paper",
        "key": "one",
        "title": "A paper of Viet Nam",
        "country": "VN",
        "document": paper,
        "section": "committee",
        "to": TO_COMMITTEE,
        "authority": "Decision 12 of the committee",
        "rule": "paper.endorse",
        "at": AT,
    }
    return release_make(**{**values, **more})
