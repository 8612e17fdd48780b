"""The entry: settings, command line, demonstration data."""

from __future__ import annotations

from django.apps import AppConfig


class EntryConfig(AppConfig):
    """Doors of the whole platform."""

    name = "betterwork.entry"
    label = "entry"
