"""Registers the checks that stop the start."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class AudiencesConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.audiences"
    label = "audiences"

    def ready(self) -> None:
        """Look at every field and presentation when Django checks itself."""
        from betterwork.foundation.audiences.checks import audiences_check

        checks.register(audiences_check)
