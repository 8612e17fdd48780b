"""Enqueuing, marks under a claim, rescue, schedules, running again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.jobs.models import Attempt, Job, Schedule
from betterwork.foundation.jobs.queries import job_found, jobs_figures, jobs_list, schedules_list
from betterwork.foundation.jobs.rules import CANCELLED, DONE, FAILED, LOST, RUNNING, STOPPED, WAITING, Progress
from betterwork.foundation.jobs.schedules import SCHEDULES, daily, every
from betterwork.foundation.jobs.services import (
    ANOTHER_WAITS,
    Claim,
    LeaseLost,
    actor_forget,
    job_beat,
    job_cancel,
    job_claim,
    job_done,
    job_enqueue,
    job_failed,
    job_put_back,
    job_retry,
    jobs_prune,
    jobs_rescue,
    schedules_enqueue,
    step_done,
)
from betterwork.foundation.jobs.tests import sample
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.ledger.rules import BadEntry

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
LEASE = timedelta(seconds=60)
pytestmark = pytest.mark.django_db


def enqueued(**given: object) -> Job:
    return job_enqueue(**{"task": sample.together, "at": AT, **given})  # type: ignore[arg-type]


def claimed(worker: str = "w-1", at: datetime = AT) -> Claim:
    job = job_claim(worker=worker, lease=LEASE, at=at)
    assert job is not None
    return Claim(job.pk, worker, job.attempt)


def outcomes(job: Job) -> list[str]:
    return list(Attempt.objects.filter(job=job).order_by("number").values_list("outcome", flat=True))


@pytest.mark.capability("P5")
@pytest.mark.parametrize("given", [{"name": "one@two.example"}, {"who": ["a", {"b": "x one＠two.example"}]}])
def test_a_job_carries_no_address(given: dict[str, object]) -> None:
    with pytest.raises(WrongUse, match="e-mail address"):
        enqueued(arguments=given)
    with pytest.raises(WrongUse, match="e-mail address"):
        enqueued(key="digest one@two.example")
    with pytest.raises(BadEntry):
        enqueued(actor="one@two.example")


def test_arguments_are_plain() -> None:
    with pytest.raises(WrongUse, match="datetime"):
        enqueued(arguments={"at": AT})


def test_what_waits_is_not_enqueued_twice_and_what_runs_is() -> None:
    first = enqueued(key="VN")
    assert enqueued(key="VN") == first
    assert enqueued(key="KH") != first
    assert enqueued(task=sample.urgent, key="VN") != first
    assert enqueued() != enqueued()
    Job.objects.exclude(pk=first.pk).delete()
    claimed()
    second = enqueued(key="VN")
    assert second != first
    assert enqueued(key="VN") == second


def test_enqueued_again_for_earlier_it_runs_earlier_but_not_before_its_wait_is_over() -> None:
    later = AT + timedelta(hours=1)
    job = enqueued(key="VN", due_at=later)
    assert enqueued(key="VN", due_at=later + LEASE).due_at == later
    enqueued(key="VN")
    job.refresh_from_db()
    assert job.due_at == AT
    claim = claimed()
    job_failed(claim=claim, problem="", again=later, at=AT)
    enqueued(key="VN")
    job.refresh_from_db()
    assert job.due_at == later


def test_a_job_goes_when_the_transaction_that_asked_for_it_is_rolled_back() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueued()
        raise RuntimeError
    assert not Job.objects.exists()


def test_the_urgent_is_taken_first_then_the_oldest_and_nothing_before_it_is_due() -> None:
    second = enqueued(at=AT + timedelta(seconds=1))
    first = enqueued()
    third = enqueued(task=sample.urgent)
    enqueued(due_at=AT + timedelta(days=1))
    at = AT + timedelta(minutes=1)
    assert [claimed(at=at).job for _ in range(3)] == [third.pk, first.pk, second.pk]
    assert job_claim(worker="w-1", lease=LEASE, at=at) is None


def test_whoever_lost_the_lease_can_mark_nothing() -> None:
    job = enqueued()
    lost = claimed("w-1")
    assert jobs_rescue(at=AT + LEASE) == 0
    assert jobs_rescue(at=AT + LEASE + timedelta(seconds=1)) == 1
    late = AT + timedelta(minutes=5)
    with pytest.raises(LeaseLost):  # also before another one has it
        job_done(claim=lost, result=None, progress=None, at=late)
    held = claimed("w-2", at=late)
    assert held.job == lost.job
    assert not job_beat(claim=lost, lease_until=late, progress=Progress(1, 2))
    assert not job_failed(claim=lost, problem="", again=None, at=late)
    assert not job_put_back(claim=lost, at=late)
    with pytest.raises(LeaseLost):
        job_done(claim=lost, result=None, progress=None, at=late)
    with pytest.raises(LeaseLost), transaction.atomic():
        step_done(claim=lost, name="one", lease_until=late, progress=None, at=late)
    # The same worker after it lost the job to itself is another attempt too.
    assert not job_beat(claim=Claim(lost.job, "w-2", 1), lease_until=late, progress=None)
    job_done(claim=held, result={"n": 1}, progress=Progress(2, 2, "Ready"), at=late)
    job.refresh_from_db()
    assert (job.state, job.result, job.attempt, job.progress_words) == (DONE, {"n": 1}, 2, "Ready")
    assert not job_failed(claim=held, problem="", again=late, at=late)  # done is done
    assert outcomes(job) == [LOST, DONE]


def test_a_sign_of_life_keeps_the_job() -> None:
    enqueued()
    claim = claimed()
    assert job_beat(claim=claim, lease_until=AT + 3 * LEASE, progress=Progress(1, 4, "of one@two.example"))
    assert jobs_rescue(at=AT + 2 * LEASE) == 0
    job = Job.objects.get()
    assert (job.progress_done, job.progress_of, job.progress_words) == (1, 4, "of [address]")


def test_a_job_that_kills_its_worker_each_time_fails_in_the_end() -> None:
    job, at = enqueued(), AT
    for _ in range(sample.together.attempts):
        claimed(at=at)
        at += timedelta(minutes=5)
        jobs_rescue(at=at)
        at += timedelta(minutes=5)
    job.refresh_from_db()
    assert job.state == FAILED
    assert job.problem.startswith("The worker stopped each time")
    assert outcomes(job) == [LOST] * 5


def test_a_worker_that_is_told_to_stop_costs_no_attempt() -> None:
    job = enqueued()
    job_put_back(claim=claimed(), at=AT)
    job.refresh_from_db()
    assert (job.state, job.due_at, job.attempts_allowed) == (WAITING, AT, sample.together.attempts + 1)
    assert outcomes(job) == [STOPPED]


def test_what_would_wait_again_beside_its_like_is_called_off() -> None:
    job = enqueued(key="VN")
    claim = claimed()
    other = enqueued(key="VN")
    job_failed(claim=claim, problem="", again=AT, at=AT)
    job.refresh_from_db()
    assert (job.state, job.problem) == (CANCELLED, ANOTHER_WAITS)
    assert [one.pk for one in jobs_list(state=WAITING)] == [other.pk]


def test_a_failed_job_is_run_again_with_all_its_attempts_and_the_ledger_says_by_whom() -> None:
    job = enqueued()
    job_failed(claim=claimed(), problem="The mail server did not answer.", again=None, at=AT)
    job.refresh_from_db()
    assert job.state == FAILED
    again = job_retry(actor="p-1", job=job, at=AT + LEASE)
    assert (again.state, again.due_at, again.attempts_allowed) == (WAITING, AT + LEASE, 1 + sample.together.attempts)
    entry = entries_search(action="jobs.job.run-again").entries[0]
    assert (entry.actor, entry.subject) == ("p-1", f"job {job.pk}")
    assert (entry.content["before"]["state"], entry.content["after"]["state"]) == (FAILED, WAITING)


def test_only_what_ended_badly_is_run_again_and_only_what_waits_is_called_off() -> None:
    job = enqueued(key="VN")
    with pytest.raises(WrongUse, match="only one that failed"):
        job_retry(actor="p-1", job=job, at=AT)
    job_cancel(actor="p-1", job=job, at=AT)
    with pytest.raises(WrongUse, match="only one that waits"):
        job_cancel(actor="p-1", job=job, at=AT)
    assert job_claim(worker="w-1", lease=LEASE, at=AT) is None
    enqueued(key="VN")
    with pytest.raises(WrongUse, match="waits already"):
        job_retry(actor="p-1", job=job, at=AT)
    claimed()
    job_retry(actor="p-1", job=job, at=AT)
    assert [one.action for one in entries_search(action="jobs.*").entries] == [
        "jobs.job.run-again",
        "jobs.job.called-off",
    ]


def test_a_running_job_is_not_called_off() -> None:
    job = enqueued()
    claimed()
    with pytest.raises(WrongUse, match="running"):
        job_cancel(actor="p-1", job=job, at=AT)
    job.refresh_from_db()
    assert job.state == RUNNING


# -- schedules -------------------------------------------------------------------------------------


def test_a_schedule_begins_with_its_next_moment_and_each_run_is_enqueued_once() -> None:
    every("tests.often", minutes=5, task=sample.together, arguments={"name": "often"})
    assert schedules_enqueue(at=AT) == 0
    assert schedules_enqueue(at=AT + timedelta(minutes=4)) == 0
    for minutes in (5, 10):
        at = AT + timedelta(minutes=minutes)
        assert [schedules_enqueue(at=at) for _ in range(3)] == [1, 0, 0]
        assert claimed(at=at)
    assert [job.arguments for job in Job.objects.all()] == [{"name": "often"}] * 2
    assert {job.actor for job in Job.objects.all()} == {"platform"}


def test_runs_that_were_missed_are_made_up_once() -> None:
    every("tests.often", minutes=5, task=sample.together)
    schedules_enqueue(at=AT)
    late = AT + timedelta(days=3)
    assert [schedules_enqueue(at=late), schedules_enqueue(at=late)] == [1, 0]
    assert Schedule.objects.get().next_at == late + timedelta(minutes=5)


def test_while_the_last_run_waits_no_other_is_enqueued() -> None:
    every("tests.often", minutes=5, task=sample.together)
    for minutes in range(0, 60, 5):
        schedules_enqueue(at=AT + timedelta(minutes=minutes))
    assert Job.objects.count() == 1


def test_a_schedule_that_is_declared_otherwise_takes_effect_and_a_removed_one_ends() -> None:
    every("tests.often", minutes=60, task=sample.together)
    schedules_enqueue(at=AT)
    SCHEDULES.clear()
    daily("tests.often", at=time(17, 0), zone="Asia/Ho_Chi_Minh", task=sample.together)
    assert schedules_enqueue(at=AT + timedelta(minutes=1)) == 0
    row = Schedule.objects.get()
    assert (row.when, row.next_at) == ("17:00 Asia/Ho_Chi_Minh", datetime(2015, 3, 1, 10, 0, tzinfo=UTC))
    shown = schedules_list(at=AT)
    assert [(one.name, one.title, one.next_at) for one in shown] == [("tests.often", "Write together", row.next_at)]
    SCHEDULES.clear()
    assert schedules_enqueue(at=AT + timedelta(days=9)) == 0
    assert schedules_list(at=AT) == []


# -- the rest --------------------------------------------------------------------------------------


def test_what_ended_long_ago_is_forgotten_failures_later() -> None:
    def ended(state: str, days: int) -> Job:
        job = enqueued()
        Job.objects.filter(pk=job.pk).update(state=state, finished_at=AT - timedelta(days=days))
        Attempt.objects.create(job=job, number=1, started_at=AT)
        return job

    kept = [ended(DONE, 29), ended(FAILED, 179), enqueued()]
    for state, days in ((DONE, 31), (CANCELLED, 31), (FAILED, 181)):
        ended(state, days)
    assert jobs_prune(at=AT) == 3
    assert set(Job.objects.values_list("pk", flat=True)) == {one.pk for one in kept}


def test_the_figures_count_what_waits_runs_and_failed() -> None:
    assert jobs_figures(at=AT).oldest_waiting_seconds == 0
    for _ in range(4):
        enqueued()
    claimed()
    job_failed(claim=claimed(), problem="", again=None, at=AT)
    enqueued(due_at=AT + timedelta(days=1))
    figures = jobs_figures(at=AT + timedelta(seconds=90))
    assert (figures.waiting, figures.running, figures.failed, figures.oldest_waiting_seconds) == (3, 1, 1, 90.0)


def test_a_job_is_found_by_the_first_characters_of_its_id() -> None:
    job = enqueued()
    assert job_found(str(job.pk)) == job
    assert job_found(job.pk.hex[:20]) == job
    for wrong in ("", "nonsense", "0" * 8, job.pk.hex[:7]):
        with pytest.raises(WrongUse):
            job_found(wrong)


@pytest.mark.capability("P5")
def test_a_person_who_leaves_is_taken_off_her_jobs() -> None:
    enqueued(actor="p-1")
    enqueued(actor="p-2")
    assert actor_forget(person_id="p-1", at=AT) == 1
    assert sorted(Job.objects.values_list("actor", flat=True)) == ["erased", "p-2"]
