"""What the clock begins here."""

from __future__ import annotations

from datetime import time

from betterwork.foundation.jobs.schedules import daily
from betterwork.modules.evidence.jobs import figures_job

daily("evidence.figures", at=time(2, 30), zone="UTC", task=figures_job)
