"""What happens to organisations and may matter to higher rooms."""

from __future__ import annotations

from dataclasses import dataclass

CHANGED = "organisations.changed"


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """An organisation was entered, renamed, changed or moved; look at it to learn how it stands."""

    organisation: str
