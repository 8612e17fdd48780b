"""The worker: a process that rescues, looks at the schedules, wakes deliveries and runs jobs, one after the other."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from uuid_utils.compat import uuid7

from betterwork.foundation.events.plain import error_place
from betterwork.foundation.events.queries import events_due
from betterwork.foundation.jobs.context import Clock
from betterwork.foundation.jobs.housekeeping import events_wake
from betterwork.foundation.jobs.rules import LEASE
from betterwork.foundation.jobs.running import WorkerStops, job_run
from betterwork.foundation.jobs.services import job_claim, jobs_rescue, schedules_enqueue

logger = logging.getLogger("betterwork.jobs")
PAUSE = 1.0
PAUSE_AFTER_A_FAULT = 5.0


class Worker:
    """One worker. ``lease``: after how long without a sign of life others take its job over."""

    def __init__(self, *, lease: timedelta = LEASE, clock: Clock = timezone.now, pulse: bool = True) -> None:
        self.name = f"w-{uuid7().hex}"
        self._lease, self._clock, self._pulse = lease, clock, pulse
        self._stopping = threading.Event()
        self._at_work = False

    def work(self) -> int:
        """Work until told to stop; return how many jobs were run. Outlives a database that is away for a while."""
        self._listen()
        count = 0
        while not self._stopping.is_set():
            close_old_connections()
            try:
                ran = self.round()
            except DatabaseError as error:
                logger.error("the database did not answer: %s", error_place(error))
                self._stopping.wait(PAUSE_AFTER_A_FAULT)
                continue
            count += ran
            if not ran:
                self._stopping.wait(PAUSE)
        return count

    def work_off(self) -> int:
        """Run all that is due now, what that leads to also, and end; return how many jobs were run."""
        count = 0
        while not self._stopping.is_set() and self.round():
            count += 1
        return count

    def round(self) -> bool:
        """Rescue, enqueue what is due, run at most one job; return whether one was run."""
        at = self._clock()
        jobs_rescue(at=at)
        schedules_enqueue(at=at)
        if events_due(at):
            events_wake(at=at)
        job = job_claim(worker=self.name, lease=self._lease, at=self._clock())
        if job is None:
            return False
        self._at_work = True
        try:
            job_run(job, lease=self._lease, clock=self._clock, pulse=self._pulse)
        except WorkerStops:
            self._stopping.set()
        finally:
            self._at_work = False
        return True

    def _listen(self) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._told_to_stop)
            signal.signal(signal.SIGINT, self._told_to_stop)

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        """The first time: end after the job at hand. The second time: put it back and end."""
        if self._stopping.is_set() and self._at_work:
            raise WorkerStops
        self._stopping.set()
