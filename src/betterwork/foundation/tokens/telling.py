"""Who is told that a token was made or ended. The room of notices stands higher and adds itself to ``TOLD``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

TOLD: list[Callable[[str, str, str, datetime], None]] = []
"""Called with (kind, id of the person, id of the token, moment) in the transaction of what happened."""

TOKEN_MADE = "tokens.token.made"  # noqa: S105 - a kind of notice
TOKEN_ENDED = "tokens.token.ended"  # noqa: S105


def tell(kind: str, person: str, token: str, at: datetime) -> None:
    """Tell the person whose token it is."""
    for told in TOLD:
        told(kind, person, token, at)
