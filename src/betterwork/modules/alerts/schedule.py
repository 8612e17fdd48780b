"""When this room does something on its own."""

from __future__ import annotations

from betterwork.foundation.jobs.schedules import every
from betterwork.modules.alerts.jobs import overdue_remind_job, words_tidy_job

every("alerts.words-tidy", minutes=24 * 60, task=words_tidy_job)
every("alerts.overdue-remind", minutes=15, task=overdue_remind_job)
