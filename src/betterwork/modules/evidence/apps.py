"""Evidence."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Evidence."""

    name = "betterwork.modules.evidence"
    label = "evidence"
