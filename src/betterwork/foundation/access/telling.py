"""Who is told what. The room of notices stands higher and adds itself to ``NOTICES``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

Notice = Callable[[str, list[str], Mapping[str, str], datetime], None]

NOTICES: list[Notice] = []
"""Called with (kind, ids of persons, facts, moment) inside the transaction of what happened: where a person cannot
be told, it does not happen."""

GRANT_WAITS = "access.grant.waits"
"""To those who may confirm it."""
GRANT_GIVEN = "access.grant.given"
"""To her who holds it: it counts, now or from its first day."""
GRANT_REFUSED = "access.grant.refused"
"""To who gave it."""
GRANT_ENDED = "access.grant.ended"
"""To her who held it."""
ELEVATION_TAKEN = "access.elevation.taken"
"""To the owners of what was opened."""
ELEVATION_ENDED = "access.elevation.ended"
"""To the owners, and to her who took it when somebody else ended it."""
KINDS = (GRANT_WAITS, GRANT_GIVEN, GRANT_REFUSED, GRANT_ENDED, ELEVATION_TAKEN, ELEVATION_ENDED)


def address_of(kind: str, thing: str) -> str:
    """The page for who is told: her own roles, what she may confirm, or what was taken of hers."""
    if kind in (GRANT_GIVEN, GRANT_ENDED):
        return reverse("access:mine")
    if kind in (ELEVATION_TAKEN, ELEVATION_ENDED):
        return reverse("access:elevation", kwargs={"elevation": thing})
    return reverse("access:grant", kwargs={"grant": thing})


def tell(kind: str, persons: Iterable[str], facts: Mapping[str, str], at: datetime) -> None:
    """Tell these persons, each once. Facts are plain texts without a reason, a name or an address."""
    named = sorted({one for one in persons if one})
    for notice in NOTICES if named else ():
        notice(kind, named, facts, at)
