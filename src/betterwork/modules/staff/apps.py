"""The programme's staff: competence, languages, leave, conflicts of interest."""

from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The programme's staff: competence, languages, leave, conflicts of interest."""

    name = "betterwork.modules.staff"
    label = "staff"
