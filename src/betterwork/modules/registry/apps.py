"""The register: countries and factories."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Countries and factories."""

    name = "betterwork.modules.registry"
    label = "registry"
