"""Visits: one calendar of assessment, advice, training and inspection; teams, secrecy, time spent."""

from __future__ import annotations

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits: one calendar of assessment, advice, training and inspection; teams, secrecy, time spent."""

    name = "betterwork.modules.visits"
    label = "visits"
