"""What this room does by the clock: every night it looks through all countries."""

from __future__ import annotations

from datetime import time

from betterwork.foundation.jobs.schedules import daily
from betterwork.modules.duplicates.jobs import duplicates_find_job

daily("duplicates.find", at=time(1, 40), zone="UTC", task=duplicates_find_job)
