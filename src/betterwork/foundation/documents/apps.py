"""Installs the seals after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class DocumentsConfig(AppConfig):
    """Sealed documents."""

    name = "betterwork.foundation.documents"
    label = "documents"

    def ready(self) -> None:
        """Name this room's sealed table and listen for migrations."""
        from betterwork.foundation.documents.seals import seal_table

        seal_table("documents_sealeddocument")
        post_migrate.connect(_put_seals_back, dispatch_uid="betterwork.seals")


def _put_seals_back(*, using: str, **_: Any) -> None:
    from betterwork.foundation.documents.seals import install_seals

    install_seals(connections[using])
