"""The facts that this room tells others."""

from __future__ import annotations

from dataclasses import dataclass

MATTER_DECIDED = "bodies.matter.decided"


@dataclass(frozen=True)
class MatterDecided:
    """A committee has decided on a matter, for the first time or anew: opaque ids and the outcome's word."""

    matter: str
    kind: str
    subject: str
    outcome: str
    decision: str
