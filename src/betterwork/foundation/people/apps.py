"""The room of people in Django's list."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.people"
    label = "people"

    def ready(self) -> None:
        """Say who may see what packages keep, and listen to what allauth does."""
        from betterwork.foundation.people.packages import packages_declare

        packages_declare()
        import_module("betterwork.foundation.people.listeners")
