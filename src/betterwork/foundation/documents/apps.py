"""Names the room's sealed table, and what ``ledger verify`` looks at here."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Sealed documents."""

    name = "betterwork.foundation.documents"
    label = "documents"

    def ready(self) -> None:
        """Seal the table of documents and let ``ledger verify`` hold it against the ledger."""
        from betterwork.foundation.documents.queries import documents_ledger_faults
        from betterwork.foundation.ledger.checks import check_add
        from betterwork.foundation.ledger.seals import seal_table

        seal_table("documents_sealeddocument")
        check_add("documents", documents_ledger_faults)
