"""The entry: settings, doors of the whole platform, command line, demonstration data."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EntryConfig(AppConfig):
    """Doors of the whole platform. The last app: every room is loaded when it is made ready."""

    name = "betterwork.entry"
    label = "entry"

    def ready(self) -> None:
        """Let every room say who may, what is shown, what it contributes, what it does on its own."""
        autodiscover_modules("policy", "presentations", "contributions", "schedule", "subscribers")
