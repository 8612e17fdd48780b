"""The room of access in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.access"
    label = "access"
