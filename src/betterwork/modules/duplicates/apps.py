"""Factories that may be one and the same."""

from __future__ import annotations

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Factories that may be one and the same."""

    name = "betterwork.modules.duplicates"
    label = "duplicates"
