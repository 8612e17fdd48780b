"""Wakes the worker when an event was published."""

from __future__ import annotations

from betterwork.foundation.events.registry import WAKERS
from betterwork.foundation.jobs.housekeeping import events_published

if events_published not in WAKERS:
    WAKERS.append(events_published)
