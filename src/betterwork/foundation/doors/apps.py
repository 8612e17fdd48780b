"""Registers the check that stops the start."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class DoorsConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.doors"
    label = "doors"

    def ready(self) -> None:
        """Look at every URL when Django checks itself."""
        from betterwork.foundation.doors.checks import doors_check

        checks.register(doors_check)
