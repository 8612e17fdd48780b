"""On PostgreSQL, where many write at once: several that take jobs, and a worker that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from betterwork.foundation.jobs.models import Attempt, Job
from betterwork.foundation.jobs.schedules import every
from betterwork.foundation.jobs.services import job_claim, job_enqueue, schedules_enqueue
from betterwork.foundation.jobs.tests import sample

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], object], workers: int = 4) -> list[object]:
    """What each of several threads came to, all begun together."""
    start, found = threading.Barrier(workers), []

    def run(number: int) -> None:
        try:
            start.wait(20)
            found.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == workers
    return found


if connection.vendor == "postgresql":

    def test_several_that_take_jobs_never_take_the_same() -> None:
        wanted = {job_enqueue(task=sample.together, at=AT).pk for _ in range(60)}

        def take(number: int) -> list[object]:
            taken = []
            while job := job_claim(worker=f"w-{number}", lease=timedelta(minutes=1), at=AT):
                taken.append(job.pk)
            return taken

        taken = [pk for one in at_once(take) for pk in one]  # type: ignore[attr-defined]
        assert len(taken) == 60
        assert set(taken) == wanted

    def test_several_that_look_at_a_schedule_enqueue_its_run_once() -> None:
        every("tests.often", minutes=5, task=sample.together)
        schedules_enqueue(at=AT)
        assert sum(at_once(lambda _: schedules_enqueue(at=AT + timedelta(minutes=5)))) == 1  # type: ignore[arg-type]
        assert Job.objects.count() == 1

    def test_several_that_enqueue_under_one_key_enqueue_one_job() -> None:
        found = at_once(lambda _: job_enqueue(task=sample.together, key="VN", at=AT).pk, workers=8)
        assert len(set(found)) == 1
        assert Job.objects.count() == 1

    @pytest.mark.capability("P2")
    def test_a_job_whose_worker_is_killed_runs_to_the_end_once_here_too(tmp_path: Path) -> None:
        given = connection.settings_dict
        address = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
        said = tmp_path / "said"
        told = {
            "BETTERWORK_HOME": str(tmp_path),
            "DATABASE_URL": f"postgres://{address}",
            "TEST_SAYS": str(said),
            "TEST_LINGERS": "60",
        }
        command = [sys.executable, "-m", "betterwork.foundation.jobs.tests.working"]
        job = job_enqueue(task=sample.together, at=timezone.now())
        worker = subprocess.Popen([*command, "work"], env={**os.environ, **told}, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not said.exists() and time.monotonic() < end:
            time.sleep(0.05)
        worker.kill()
        assert worker.wait(60) == -9
        assert sample.marks() == []
        time.sleep(2.5)  # the lease lapses; rescued, it waits a second
        for _ in range(2):
            subprocess.run([*command, "once"], env={**os.environ, **told, "TEST_LINGERS": "0"}, check=True, timeout=60)
            time.sleep(1.2)
        job.refresh_from_db()
        assert (job.state, job.attempt, sample.marks()) == ("done", 2, ["a 2"])
        outcomes = Attempt.objects.order_by("number").values_list("outcome", flat=True)
        assert list(outcomes) == ["lost", "done"]
