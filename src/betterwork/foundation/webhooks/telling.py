"""Who is told that an endpoint stopped. The room of notices stands higher and adds itself to ``TOLD``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

TOLD: list[Callable[[str, str, datetime], None]] = []
"""Called with (id of the person, id of the endpoint, moment) in the transaction in which it stopped."""


def tell_stopped(person: str, endpoint: str, at: datetime) -> None:
    """Tell the person whose endpoint it is."""
    for told in TOLD:
        told(person, endpoint, at)
