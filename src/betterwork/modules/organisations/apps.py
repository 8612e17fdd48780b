"""Organisations: governments, employers, workers, buyers, donors, partners, groups of factories."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations: governments, employers, workers, buyers, donors, partners, groups of factories."""

    name = "betterwork.modules.organisations"
    label = "organisations"
