"""The decisions of jobs as pure functions: states, waiting, schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.rules import backoff

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = (WAITING, RUNNING, DONE, FAILED, CANCELLED)

LOST, STOPPED = "lost", "stopped"
"""How an attempt ends besides done and failed: its worker died; its worker was told to stop."""

LEASE = timedelta(seconds=60)
AFTER_A_LOSS = timedelta(seconds=1)
KEEP_DONE = timedelta(days=30)
KEEP_FAILED = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: ``done`` of ``of`` (0: nobody knows), and at what."""

    done: int = 0
    of: int = 0
    words: str = ""

    def __post_init__(self) -> None:
        if self.done < 0 or self.of < 0 or (self.of and self.done > self.of):
            raise WrongUse(f"a job cannot be at {self.done} of {self.of}")


def again_at(*, attempt: int, allowed: int, first: timedelta, longest: timedelta, at: datetime) -> datetime | None:
    """When a job that failed in its attempt number ``attempt`` is tried again; None when it was tried often enough."""
    return None if attempt >= allowed else at + backoff(attempt, first=first, longest=longest)


@dataclass(frozen=True, slots=True)
class Every:
    """A schedule: every so many minutes, counted from midnight of 1 January 1970 UTC."""

    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise WrongUse("a schedule runs every 1 or more minutes")

    def __str__(self) -> str:
        return f"every {self.minutes} min"

    def next_after(self, at: datetime) -> datetime:
        """The first moment of the schedule after ``at``."""
        step = self.minutes * 60
        return datetime.fromtimestamp((int(at.timestamp()) // step + 1) * step, UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """A schedule: every day at a time of the clock in a zone ("Asia/Ho_Chi_Minh").

    Where the clock is put forward over that time, it runs when the clock has been put forward; where the clock is put
    back and shows that time twice, at the first of them.
    """

    clock: time
    zone: str

    def __str__(self) -> str:
        return f"{self.clock:%H:%M} {self.zone}"

    def next_after(self, at: datetime) -> datetime:
        """The first moment of the schedule after ``at``."""
        zone = ZoneInfo(self.zone)
        day = at.astimezone(zone).date() - timedelta(days=1)
        while True:
            moment = datetime.combine(day, self.clock.replace(fold=0), zone).astimezone(UTC)
            if moment > at:
                return moment
            day += timedelta(days=1)


When = Every | Daily
