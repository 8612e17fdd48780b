"""Concerns: what somebody suspects or saw that cannot wait, who is told, and the clock."""

from __future__ import annotations

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Concerns: what somebody suspects or saw that cannot wait, who is told, and the clock."""

    name = "betterwork.modules.alerts"
    label = "alerts"
