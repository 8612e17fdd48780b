"""What was given to whom, by whose authority."""

from __future__ import annotations

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """What was given to whom, by whose authority."""

    name = "betterwork.foundation.releases"
    label = "releases"

    def ready(self) -> None:
        """Seal both tables: what was given stays written, and so does that it was withdrawn."""
        from betterwork.foundation.ledger.seals import seal_table

        seal_table("releases_release")
        seal_table("releases_withdrawal")
