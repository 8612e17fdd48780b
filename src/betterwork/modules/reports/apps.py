"""Reports."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports."""

    name = "betterwork.modules.reports"
    label = "reports"
