"""The room of backup in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.backup"
    label = "backup"
