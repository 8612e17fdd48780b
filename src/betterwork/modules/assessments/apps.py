"""Assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Assessments."""

    name = "betterwork.modules.assessments"
    label = "assessments"
