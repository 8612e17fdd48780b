"""Running jobs: together, in steps, failing, with what the page and the log are told."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django_tasks import task_backends
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.plain import UNFORESEEN
from betterwork.foundation.events.registry import Happened, subscribe
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.jobs.declaring import job
from betterwork.foundation.jobs.housekeeping import events_deliver_job
from betterwork.foundation.jobs.models import Job, Step
from betterwork.foundation.jobs.rules import DONE, FAILED, WAITING
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.jobs.tests import sample

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def run(task: object, at: datetime = AT, **arguments: object) -> Job:
    found = job_enqueue(task=task, arguments=arguments, at=AT, actor="p-1")  # type: ignore[arg-type]
    jobs_run_all(at)
    found.refresh_from_db()
    return found


def test_what_a_job_writes_and_its_done_mark_are_there_together() -> None:
    done = run(sample.together)
    assert (done.state, done.result) == (DONE, {"name": "a", "actor": "p-1"})
    assert (done.progress_done, done.progress_of, done.progress_words) == (3, 3, "Reading")
    assert sample.marks() == ["a 1"]


def test_what_a_failed_attempt_wrote_is_gone_and_the_next_begins_anew() -> None:
    failed = run(sample.together, fails=2)
    assert (failed.state, failed.attempt, failed.due_at) == (WAITING, 1, AT + timedelta(seconds=30))
    assert sample.marks() == []
    assert jobs_run_all(AT + timedelta(seconds=29)) == 0
    assert jobs_run_all(AT + timedelta(seconds=30)) == 1
    failed.refresh_from_db()
    assert failed.due_at == AT + timedelta(seconds=30 + 60)
    assert jobs_run_all(failed.due_at) == 1
    failed.refresh_from_db()
    assert (failed.state, failed.attempt, failed.problem) == (DONE, 3, "")
    assert sample.marks() == ["a 3"]


def test_a_job_that_fails_each_time_has_failed_in_the_end() -> None:
    job, at = job_enqueue(task=sample.together, arguments={"fails": 99}, at=AT), AT
    for _ in range(9):
        jobs_run_all(at)
        at += timedelta(hours=2)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.problem) == (FAILED, sample.together.attempts, UNFORESEEN)


def test_steps_that_are_done_are_not_done_again() -> None:
    found = job_enqueue(task=sample.steps, arguments={"count": 3}, at=AT)
    Step.objects.create(job=found, name="step 0", done_at=AT)
    Step.objects.create(job=found, name="step 1", done_at=AT)
    jobs_run_all(AT)
    found.refresh_from_db()
    assert (found.state, found.result, sample.marks()) == (DONE, 3, ["step-2 1"])


@pytest.mark.capability("P5")
def test_the_page_reads_words_and_the_log_reads_places_and_neither_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "betterwork.jobs")
    failed = run(sample.together, name="secret-argument", fails=1)
    assert failed.problem == UNFORESEEN
    assert run(sample.gives_up).problem == "The file of [address] is not there any more."
    assert run(sample.fails_with_words).problem == "The mail server did not answer."
    assert "ValueError at sample.py:" in caplog.text
    assert "@" not in caplog.text and "secret-argument" not in caplog.text and "broken" not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_a_job_that_says_so_is_not_tried_again() -> None:
    failed = run(sample.gives_up)
    assert (failed.state, failed.attempt) == (FAILED, 1)
    assert run(sample.fails_with_words).state == WAITING


def test_a_job_that_leaves_does_not_take_the_worker_with_it() -> None:
    assert run(sample.leaves).state == WAITING


@pytest.mark.parametrize("what", ["address", "object"])
def test_a_result_that_is_not_plain_or_holds_an_address_fails(what: str) -> None:
    failed = run(sample.answers, what=what)
    assert (failed.state, failed.result) == (WAITING, None)
    assert "the result of the job" in failed.problem
    assert run(sample.answers, what="plain").result == [1, "a"]


@pytest.mark.parametrize(
    "path", ["betterwork.nowhere.gone", "betterwork.foundation.jobs.services.job_claim", "nonsense"]
)
def test_a_job_nobody_knows_any_more_fails_at_once(path: str) -> None:
    found = job_enqueue(task=sample.together, at=AT)
    Job.objects.filter(pk=found.pk).update(task=path)
    jobs_run_all(AT)
    found.refresh_from_db()
    assert (found.state, found.problem) == (FAILED, "This version of the platform knows no job of this kind.")


def test_arguments_that_do_not_fit_fail_the_job_and_not_the_worker() -> None:
    assert run(sample.together, nonsense=1).state == WAITING


def test_a_job_is_enqueued_as_django_tasks_does_it_too() -> None:
    result = sample.together.enqueue(name="b")
    assert result.status == TaskResultStatus.READY
    jobs_run_all(lambda: Job.objects.get().due_at)
    again = sample.together.get_result(result.id)
    assert (again.status, again.return_value) == (TaskResultStatus.SUCCESSFUL, {"name": "b", "actor": "platform"})
    with pytest.raises(WrongUse):
        sample.together.enqueue("b")
    with pytest.raises(TaskResultDoesNotExist):
        task_backends["default"].get_result("nonsense")


def test_a_job_is_tried_at_least_once() -> None:
    with pytest.raises(WrongUse):
        job(title="Never", attempts=0)(test_a_job_is_tried_at_least_once)


@dataclass(frozen=True)
class Submitted:
    visit: str


def test_the_worker_hands_out_events_by_itself_also_without_being_woken() -> None:
    seen: list[int] = []
    broken = [True]

    def handle(event: Happened, at: datetime) -> None:
        if broken[0]:
            raise ValueError
        seen.append(event.number)

    subscribe("visit.report.submitted", "plans", handle)
    number = event_publish(name="visit.report.submitted", content=Submitted("v-1"), at=AT).number
    assert jobs_run_all(AT) == 1
    assert seen == []
    broken[0] = False
    assert jobs_run_all(AT) == 0  # what failed waits for its next try
    assert jobs_run_all(AT + timedelta(seconds=10)) == 1
    assert seen == [number]
    assert {one.task for one in Job.objects.all()} == {events_deliver_job.module_path}
