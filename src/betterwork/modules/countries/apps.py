"""The country programmes."""

from __future__ import annotations

from django.apps import AppConfig


class CountriesConfig(AppConfig):
    """Country programmes and their dated settings."""

    name = "betterwork.modules.countries"
    label = "countries"
