"""Committees of every kind and their decisions."""

from __future__ import annotations

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """Committees of every kind and their decisions."""

    name = "betterwork.modules.bodies"
    label = "bodies"
