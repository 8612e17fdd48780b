"""What webhooks do by the clock."""

from __future__ import annotations

from datetime import time

from betterwork.foundation.jobs.schedules import daily, every
from betterwork.foundation.webhooks.jobs import webhooks_forget, webhooks_look

every("webhooks.look", minutes=5, task=webhooks_look)
daily("webhooks.forget", at=time(2, 40), zone="UTC", task=webhooks_forget)
