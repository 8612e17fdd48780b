"""What a running job is given: who asked, how to say how far it is, and steps that are done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from betterwork.foundation.jobs.models import Step
from betterwork.foundation.jobs.rules import Progress
from betterwork.foundation.jobs.services import Claim, LeaseLost, step_done

Clock = Callable[[], datetime]


class JobContext:
    """The first argument of a job that calls it ``context``.

    ``at`` is the moment this attempt began, to be passed on to services; ``actor`` is the id of who asked.
    """

    def __init__(self, *, claim: Claim, actor: str, at: datetime, clock: Clock, lease: timedelta) -> None:
        self.claim, self.actor, self.at, self._clock, self._lease = claim, actor, at, clock, lease
        self.said: Progress | None = None
        self.lost = False

    @property
    def job(self) -> UUID:
        """The job's id."""
        return self.claim.job

    @property
    def attempt(self) -> int:
        """Which attempt this is, counted from 1."""
        return self.claim.attempt

    def progress(self, done: int, of: int = 0, words: str = "") -> None:
        """Say how far the job is; the page shows it within seconds. Call it as often as you like.

        ``words`` are marked with ``gettext_noop`` where the job is written, and translated for the reader. Of a job
        that writes together, the page of an SQLite instance shows it at the end only. Raises LeaseLost when another
        worker has the job by now: there is no point in going on.
        """
        self._held()
        self.said = Progress(done, of, words)

    @contextmanager
    def step(self, name: str) -> Iterator[bool]:
        """A part of the job whose writes commit with the mark that it is done; gives False when it was done before.

        ``with context.step("factory VN-17") as todo: if todo: …``. For jobs declared with ``together=False``.
        """
        self._held()
        if Step.objects.filter(job_id=self.claim.job, name=name).exists():
            yield False
            return
        with transaction.atomic():
            yield True
            at = self._clock()
            step_done(claim=self.claim, name=name, lease_until=at + self._lease, progress=self.said, at=at)

    def _held(self) -> Any:
        if self.lost:
            raise LeaseLost("the job is another worker's by now")
