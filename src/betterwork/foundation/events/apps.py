"""The room of events in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.events"
    label = "events"
