"""The room of translations in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class TranslationsConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.translations"
    label = "translations"
