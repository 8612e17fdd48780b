"""The room of console in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.console"
    label = "console"
