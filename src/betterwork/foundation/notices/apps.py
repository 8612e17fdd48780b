"""The room of notices in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.notices"
    label = "notices"
