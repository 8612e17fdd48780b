"""The facts that this room tells others."""

from __future__ import annotations

from dataclasses import dataclass

DRAFT_SUBMITTED = "instruments.draft.submitted"
VERSION_IN_FORCE = "instruments.version.in-force"


@dataclass(frozen=True)
class DraftSubmitted:
    """A draft was put before the body that has the say."""

    draft: str
    tool: str
    country: str
    matter: str


@dataclass(frozen=True)
class VersionInForce:
    """A version was sealed and is asked from a day on, in one country or (empty) in all that have none of their own."""

    tool: str
    version: str
    country: str
    starts: str
