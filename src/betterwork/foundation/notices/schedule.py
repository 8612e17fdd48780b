"""What this room does by the clock: it looks for what is due, and for what could not be handed over before."""

from __future__ import annotations

from betterwork.foundation.jobs.schedules import every
from betterwork.foundation.notices.jobs import mails_job

every("notices.mail", minutes=5, task=mails_job)
