"""The room of jobs in Django's list."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """See the room's README."""

    name = "betterwork.foundation.jobs"
    label = "jobs"
