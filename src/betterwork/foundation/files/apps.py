"""The room of files in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.files"
    label = "files"
