"""A country programme as a plain value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """One country of the programme: ISO 3166-1 alpha-2 code, name as the programme writes it, first year."""

    code: str
    name: str
    starts: int
