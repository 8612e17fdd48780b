"""What the platform does by the clock for rooms that stand below the jobs."""

from __future__ import annotations

from datetime import time

from betterwork.entry.housekeeping import ledger_verify_job, people_tidy_job
from betterwork.foundation.jobs.schedules import daily

daily("people.tidy", at=time(2, 40), zone="UTC", task=people_tidy_job)
daily("ledger.verify", at=time(3, 10), zone="UTC", task=ledger_verify_job)
