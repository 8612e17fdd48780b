"""The room of assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Imported assessments."""

    name = "betterwork.modules.assessments"
    label = "assessments"
