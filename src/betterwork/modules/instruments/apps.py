"""Assessment tools; the shipped global tool is sealed whenever the database has been migrated."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InstrumentsConfig(AppConfig):
    """Assessment tools."""

    name = "betterwork.modules.instruments"
    label = "instruments"

    def ready(self) -> None:
        """Name this room's sealed table and listen for migrations."""
        from betterwork.foundation.ledger.seals import seal_table

        seal_table("instruments_toolversion")
        post_migrate.connect(_seal_shipped_tool, sender=self, dispatch_uid="betterwork.instruments.shipped")


def _seal_shipped_tool(*, using: str, **_: Any) -> None:
    from django.db import connections
    from django.utils import timezone

    from betterwork.modules.instruments.services import shipped_tool_seal
    from betterwork.modules.instruments.shipped_drafts import shipped_drafts_keep

    # After a partial migration (back to an older state) the tables may not be there.
    if "instruments_versionlegal" in connections[using].introspection.table_names():
        shipped_tool_seal(at=timezone.now())
        shipped_drafts_keep(at=timezone.now())
