"""Committees of every kind and their decisions."""

from __future__ import annotations

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """Committees of every kind and their decisions."""

    name = "betterwork.modules.bodies"
    label = "bodies"

    def ready(self) -> None:
        """Seal decisions and answers, and let ``ledger verify`` hold decisions against their documents."""
        from betterwork.foundation.ledger.checks import check_add
        from betterwork.foundation.ledger.seals import seal_table
        from betterwork.modules.bodies.verifying import decisions_faults

        seal_table("bodies_decision")
        seal_table("bodies_answer")
        check_add("decisions", decisions_faults)
