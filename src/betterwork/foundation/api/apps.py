"""The conventions of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The conventions of the API."""

    name = "betterwork.foundation.api"
    label = "api"
