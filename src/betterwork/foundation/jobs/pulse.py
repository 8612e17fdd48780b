"""The sign of life of a worker at work: a thread with a database connection of its own."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from types import FrameType

from django.db import DatabaseError, connection

from betterwork.foundation.jobs.context import Clock, JobContext
from betterwork.foundation.jobs.services import job_beat

logger = logging.getLogger("betterwork.jobs")
LOOKS_EVERY = 1.0
GRACE = timedelta(seconds=30)
GAVE_UP = 75
"""Exit status of a worker whose job did not end after its time limit."""


class TimeLimitPassed(BaseException):
    """A job ran longer than it may. Not an Exception, so that no job catches it by mistake."""


class Pulse:
    """Extends the lease and writes the progress while a job runs, and ends a process that cannot be ended otherwise."""

    def __init__(self, context: JobContext, *, lease: timedelta, limit: timedelta, clock: Clock) -> None:
        self._context, self._lease, self._clock = context, lease, clock
        self._deadline = monotonic() + (limit + GRACE).total_seconds()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(timeout=5)

    def _beat(self) -> None:
        every = self._lease.total_seconds() / 4
        next_beat, written = monotonic() + every, None
        try:
            while not self._ended.wait(min(LOOKS_EVERY, every)):
                if monotonic() > self._deadline:
                    logger.critical("a job did not end after its time limit: this worker ends", extra=self._extra())
                    os._exit(GAVE_UP)
                said = self._context.said
                if said is written and monotonic() < next_beat:
                    continue
                try:
                    until = self._clock() + self._lease
                    self._wait_less_for_others()
                    held = job_beat(claim=self._context.claim, lease_until=until, progress=said)
                except DatabaseError:
                    # SQLite while the job writes together: nobody else writes either, so nobody takes the job over.
                    connection.close()
                    continue
                next_beat, written = monotonic() + every, said
                if not held:
                    self._context.lost = not self._ended.is_set()
                    return
        finally:
            connection.close()

    def _wait_less_for_others(self) -> None:
        """On SQLite the job itself may be who writes: the deadline must be looked at meanwhile."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 500")

    def _extra(self) -> dict[str, str]:
        return {"job": str(self._context.job)}


@contextmanager
def time_limit(limit: timedelta) -> Iterator[Callable[[], None]]:
    """Raise :class:`TimeLimitPassed` in the main thread after ``limit``; gives a function that takes the limit off.

    In another thread there is no limit but that of :class:`Pulse`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return

    def passed(number: int, frame: FrameType | None) -> None:
        raise TimeLimitPassed

    def off() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    before = signal.signal(signal.SIGALRM, passed)
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
    try:
        yield off
    finally:
        off()
        signal.signal(signal.SIGALRM, before)
