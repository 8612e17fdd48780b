"""For the tests of other rooms: run jobs in the test's own transaction, without threads and time limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from betterwork.foundation.jobs.worker import Worker


def jobs_run_all(at: datetime | Callable[[], datetime]) -> int:
    """Run all that is due at a moment (or by a clock), also what that enqueues; return how many jobs were run."""
    clock = at if callable(at) else lambda: at
    return Worker(clock=clock, pulse=False).work_off()
