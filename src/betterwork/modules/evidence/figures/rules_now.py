"""The country's rule for small groups, as it stands today."""

from __future__ import annotations

from django.utils import timezone

from betterwork.modules.countries.queries import setting


def minimum_now(country: str) -> int:
    """The fewest factories that a figure may speak of outside the programme; 0 where nobody set a rule."""
    try:
        return int(setting(country, "minimum_group", timezone.localdate()).value)
    except (KeyError, LookupError, ValueError):
        return 0
