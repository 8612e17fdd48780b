"""Tells Django of the languages it does not know."""

from __future__ import annotations

from django.apps import AppConfig

from betterwork.foundation.languages.known import languages_register


class LanguagesConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.languages"
    label = "languages"

    def ready(self) -> None:
        """Before the first request asks for a language."""
        languages_register()
