"""What was given to whom, by whose authority."""

from __future__ import annotations

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """What was given to whom, by whose authority."""

    name = "betterwork.foundation.releases"
    label = "releases"
