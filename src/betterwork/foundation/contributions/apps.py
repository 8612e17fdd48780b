"""The room of contributions in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.contributions"
    label = "contributions"
