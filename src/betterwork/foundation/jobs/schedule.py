"""What this room does by the clock."""

from __future__ import annotations

from datetime import time

from betterwork.foundation.jobs.housekeeping import events_settle_job, jobs_prune_job
from betterwork.foundation.jobs.schedules import daily

daily("events.settle", at=time(2, 10), zone="UTC", task=events_settle_job)
daily("jobs.prune", at=time(2, 20), zone="UTC", task=jobs_prune_job)
