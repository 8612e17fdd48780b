"""Telling other systems what happened."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Telling other systems what happened."""

    name = "betterwork.foundation.webhooks"
    label = "webhooks"
