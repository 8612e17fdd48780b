"""Workers that really die: killed with SIGKILL, stopped, told to end, side by side. Each job runs to the end once."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MODULE = "betterwork.foundation.jobs.tests.working"
DATABASE = "betterwork.sqlite3"
SECONDS = 60


class Instance:
    """A home with a database of its own, and workers on it."""

    def __init__(self, home: Path) -> None:
        self.home, self.said = home, home / "said"
        self.workers: list[subprocess.Popen[str]] = []
        self.heard = 0

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, "BETTERWORK_HOME": str(self.home), "TEST_SAYS": str(self.said), **more}

    def run(self, *arguments: str, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", MODULE, *arguments],
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self, what: str = "work", *arguments: str, **more: str) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", MODULE, what, *arguments],
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.workers.append(worker)
        return worker

    def ask(self, question: str) -> list[tuple[object, ...]]:
        database = sqlite3.connect(self.home / DATABASE, timeout=30)
        try:
            return database.execute(question).fetchall()
        finally:
            database.close()

    def wait_for(self, question: str, answer: list[tuple[object, ...]]) -> None:
        end = time.monotonic() + SECONDS
        while (found := self.ask(question)) != answer:
            assert time.monotonic() < end, f"{question}: {found}, not {answer}"
            time.sleep(0.1)

    def hears(self, words: str) -> None:
        """Wait until a job says so, next after what was heard before."""
        end = time.monotonic() + SECONDS
        while len(lines := self.said.read_text().splitlines() if self.said.exists() else []) <= self.heard:
            assert time.monotonic() < end, f"nobody said {words}"
            time.sleep(0.05)
        assert lines[self.heard] == words
        self.heard += 1

    def marks(self) -> list[str]:
        rows = self.ask("SELECT name FROM jobs_schedule WHERE name LIKE 'mark %' ORDER BY name")
        return [str(name).removeprefix("mark ") for (name,) in rows]

    def outcomes(self) -> list[str]:
        return [str(one) for (one,) in self.ask("SELECT outcome FROM jobs_attempt ORDER BY job_id, number")]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows, made once."""
    made = Instance(tmp_path_factory.mktemp("migrated"))
    made.run("migrate")
    made.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    return made.home / DATABASE


@pytest.fixture
def instance(tmp_path: Path, migrated: Path) -> Iterator[Instance]:
    shutil.copy(migrated, tmp_path / DATABASE)
    made = Instance(tmp_path)
    yield made
    for worker in made.workers:
        if worker.poll() is None:
            worker.kill()
        worker.communicate()


def kill(worker: subprocess.Popen[str]) -> None:
    worker.kill()
    assert worker.wait(SECONDS) == -signal.SIGKILL


@contextmanager
def working(instance: Instance, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A worker that is told to stop at the end, and stops."""
    worker = instance.worker(*arguments, **more)
    assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    yield worker
    worker.terminate()
    assert worker.wait(SECONDS) == 0


STATE = "SELECT state, attempt FROM jobs_job"


@pytest.mark.capability("P2")
def test_a_job_whose_worker_is_killed_in_the_middle_three_times_runs_to_the_end_once(instance: Instance) -> None:
    instance.run("enqueue", "together")
    for attempt in (1, 2, 3):
        worker = instance.worker(TEST_LINGERS="60")
        instance.hears(f"wrote {attempt}")
        kill(worker)
        assert instance.marks() == []  # what it wrote went with it
        assert instance.ask(STATE) == [("running", attempt)]
    with working(instance):
        instance.wait_for(STATE, [("done", 4)])
    assert instance.marks() == ["n0 4"]
    assert instance.outcomes() == ["lost", "lost", "lost", "done"]


def test_a_job_in_steps_goes_on_where_it_was_killed(instance: Instance) -> None:
    instance.run("enqueue", "steps")
    for killed_in in (0, 2, 3):
        worker = instance.worker(TEST_LINGERS="0.7")
        for number in range({0: 0, 2: 0, 3: 2}[killed_in], killed_in + 1):
            instance.hears(f"step {number}")
        kill(worker)
    with working(instance):
        instance.wait_for(STATE, [("done", 4)])
    assert instance.marks() == ["step-0 2", "step-1 2", "step-2 3", "step-3 4", "step-4 4"]
    begun = Counter(instance.said.read_text().split("\n")[:-1])
    assert begun == {"step 0": 2, "step 1": 1, "step 2": 2, "step 3": 2, "step 4": 1}


def test_a_worker_that_only_slept_cannot_spoil_what_another_did_meanwhile(instance: Instance) -> None:
    instance.run("enqueue", "stops_between")
    sleeper = instance.worker(TEST_LINGERS="1")
    instance.hears("between 1")
    sleeper.send_signal(signal.SIGSTOP)
    with working(instance):
        instance.wait_for(STATE, [("done", 2)])
        sleeper.send_signal(signal.SIGCONT)
        sleeper.terminate()
        _, log = sleeper.communicate(timeout=SECONDS)
    assert "the lease was lost" in log
    assert instance.ask("SELECT state, attempt, result FROM jobs_job") == [("done", 2, '"by attempt 2"')]
    assert instance.marks() == ["first 1", "second 2"]
    assert instance.outcomes() == ["lost", "done"]


def test_a_long_job_keeps_its_lease_by_signs_of_life_and_shows_how_far_it_is(instance: Instance) -> None:
    with working(instance, TEST_LINGERS="3"), working(instance, TEST_LINGERS="3"):
        instance.run("enqueue", "stops_between")
        instance.wait_for(STATE, [("done", 1)])
    assert instance.outcomes() == ["done"]
    instance.run("enqueue", "steps")
    with working(instance, TEST_LINGERS="0.7"):
        instance.wait_for("SELECT progress_of FROM jobs_job WHERE state = 'running'", [(5,)])


def test_workers_side_by_side_run_each_job_once_and_each_schedule_once(instance: Instance) -> None:
    instance.run("enqueue", "together", "15")
    instance.run("once", "schedule", TEST_LEASE="60")
    assert len(instance.marks()) == 15
    instance.run("enqueue", "together", "15")
    long_ago = "UPDATE jobs_schedule SET next_at = '2015-03-01 09:30:00' WHERE name = 'tests.often'"
    database = sqlite3.connect(instance.home / DATABASE, timeout=30)
    with database:
        database.execute("DELETE FROM jobs_schedule WHERE name LIKE 'mark %'")
        database.execute(long_ago)
    database.close()
    workers = [instance.worker("once", "schedule", TEST_LEASE="60") for _ in range(3)]
    ran = [int(worker.communicate(timeout=SECONDS)[0].split("ran ")[1]) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    assert sum(ran) == 16
    assert instance.marks() == sorted([*(f"n{number} 1" for number in range(15)), "often 1"])
    assert set(instance.outcomes()) == {"done"}


def test_a_job_that_takes_too_long_is_ended_and_what_it_wrote_is_gone(instance: Instance) -> None:
    instance.run("enqueue", "too_long")
    with working(instance):
        instance.wait_for("SELECT state FROM jobs_job", [("failed",)])
    assert instance.ask("SELECT attempt, problem FROM jobs_job") == [(2, "It took longer than it may and was ended.")]
    assert instance.marks() == []


def test_a_worker_ends_itself_with_a_job_that_does_not_listen(instance: Instance) -> None:
    instance.run("enqueue", "never_ends")
    worker = instance.worker()
    _, log = worker.communicate(timeout=SECONDS)
    assert worker.returncode == 75
    assert "did not end after its time limit" in log
    assert instance.ask(STATE) == [("running", 1)]  # until its lease lapses


def test_told_to_stop_once_a_worker_ends_after_its_job(instance: Instance) -> None:
    instance.run("enqueue", "together", "2")
    worker = instance.worker(TEST_LINGERS="1")
    instance.hears("wrote 1")
    worker.terminate()
    said, _ = worker.communicate(timeout=SECONDS)
    assert (worker.returncode, said) == (0, "ready\nran 1\n")
    assert instance.ask("SELECT state FROM jobs_job ORDER BY state") == [("done",), ("waiting",)]


def test_told_to_stop_twice_it_puts_the_job_back(instance: Instance) -> None:
    instance.run("enqueue", "together")
    worker = instance.worker(TEST_LINGERS="60")
    instance.hears("wrote 1")
    worker.terminate()
    time.sleep(0.3)
    worker.terminate()
    assert worker.wait(SECONDS) == 0
    assert instance.ask(STATE) == [("waiting", 1)]
    assert (instance.marks(), instance.outcomes()) == ([], ["stopped"])
