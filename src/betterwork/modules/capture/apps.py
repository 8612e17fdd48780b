"""Capture: the draft of an assessment, taken down on devices without a network and brought together."""

from __future__ import annotations

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """Capture: the draft of an assessment, taken down on devices without a network and brought together."""

    name = "betterwork.modules.capture"
    label = "capture"
