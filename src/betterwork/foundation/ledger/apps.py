"""Installs the seals after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """The ledger and the seals."""

    name = "betterwork.foundation.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Name this room's sealed tables and listen for migrations."""
        from betterwork.foundation.ledger.seals import seal_table

        seal_table("ledger_entry")
        seal_table("ledger_verification")
        post_migrate.connect(_put_seals_back, dispatch_uid="betterwork.seals")


def _put_seals_back(*, using: str, **_: Any) -> None:
    from betterwork.foundation.ledger.seals import install_seals

    install_seals(connections[using])
