"""The room of vault in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.vault"
    label = "vault"
