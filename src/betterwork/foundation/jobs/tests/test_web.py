"""The pages of the jobs: who comes in, what is read there, run again and call off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from betterwork.foundation.doors.actor import STRANGER, Actor
from betterwork.foundation.doors.roles import ADVISOR, ANALYST, GLOBAL_STAFF, ROLES
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.presentations import duration_words
from betterwork.foundation.jobs.rules import CANCELLED, FAILED, WAITING, Progress
from betterwork.foundation.jobs.schedules import every
from betterwork.foundation.jobs.services import Claim, job_beat, job_claim, job_enqueue, job_failed
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.jobs.tests import asking, sample

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
Ask = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings: Any) -> Iterator[Client]:
    settings.MIDDLEWARE = [
        "betterwork.foundation.jobs.tests.asking.AsTold" if one == asking.INSTEAD_OF else one
        for one in settings.MIDDLEWARE
    ]
    yield Client()
    asking.WHO[0] = STRANGER


def ask(client: Client, address: str, who: Actor | None = None, method: str = "get") -> Any:
    asking.WHO[0] = asking.holding(GLOBAL_STAFF) if who is None else who
    return getattr(client, method)(address)


def failed_job(**given: object) -> Job:
    job = job_enqueue(task=sample.gives_up, at=AT, **given)  # type: ignore[arg-type]
    jobs_run_all(AT)
    job.refresh_from_db()
    assert job.state == FAILED
    return job


@pytest.mark.capability("A4")
@pytest.mark.parametrize("role", sorted(ROLES))
def test_global_staff_and_analysts_read_and_only_global_staff_change(client: Client, role: str) -> None:
    who, job = asking.holding(role), failed_job()
    reads = 200 if role in {GLOBAL_STAFF, ANALYST} else 404
    for address in ("/jobs/", "/jobs/?format=csv", f"/jobs/{job.pk}/", f"/jobs/{job.pk}/now/"):
        assert ask(client, address, who).status_code == reads, address
    for address in (f"/jobs/{job.pk}/again/", f"/jobs/{job.pk}/call-off/"):
        assert ask(client, address, who, "post").status_code == (302 if role == GLOBAL_STAFF else 404)
        assert ask(client, address, who).status_code == 405


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    job = failed_job()
    for address in ("/jobs/", f"/jobs/{job.pk}/", f"/jobs/{job.pk}/now/"):
        answer = ask(client, address, STRANGER)
        assert (answer.status_code, "login" in answer["Location"]) == (302, True)
    assert ask(client, f"/jobs/{job.pk}/again/", STRANGER, "post").status_code == 302
    job.refresh_from_db()
    assert job.state == FAILED


def test_the_list_says_how_each_job_stands_and_what_the_clock_begins_next(client: Client) -> None:
    every("tests.often", minutes=5, task=sample.urgent)
    failed_job()
    job_enqueue(task=sample.together, at=AT)
    page = ask(client, "/jobs/").content.decode()
    assert "Fail once and for all" in page and "Write together" in page
    assert '<span class="tag tag-nc">Failed</span>' in page and '<span class="tag tag-info">Waiting</span>' in page
    assert "Urgent" in page and "every 5 minutes" in page


def test_the_list_is_narrowed_by_state(client: Client) -> None:
    failed_job()
    job_enqueue(task=sample.together, at=AT)
    page = ask(client, "/jobs/?state=failed").content.decode()
    assert "Fail once and for all" in page and "Write together" not in page
    assert "Fail once and for all" not in ask(client, "/jobs/?state=failed&state=waiting").content.decode()
    assert ask(client, "/jobs/?state=nonsense").status_code == 200


def test_an_empty_list_says_what_will_appear(client: Client) -> None:
    assert "A job appears here when" in ask(client, "/jobs/").content.decode()


def test_the_page_of_a_job_tells_each_attempt_and_the_error_in_words(client: Client) -> None:
    job = job_enqueue(task=sample.together, arguments={"name": "secret-argument", "fails": 1}, at=AT, actor="p-7")
    jobs_run_all(AT)
    page = ask(client, f"/jobs/{job.pk}/").content.decode()
    assert "To be tried again" in page and "1 of 5" in page
    assert "Something went wrong that was not foreseen" in page
    assert "Call off" in page and "Run again" not in page
    for hidden in ("Traceback", "ValueError", "@two", "secret-argument", "sample.py"):
        assert hidden not in page
    assert "Call off" not in ask(client, f"/jobs/{job.pk}/", asking.holding(ANALYST)).content.decode()


def test_a_failed_job_has_a_button_that_runs_it_again(client: Client) -> None:
    job = failed_job()
    assert f'action="/jobs/{job.pk}/again/"' in ask(client, f"/jobs/{job.pk}/").content.decode()
    assert ask(client, f"/jobs/{job.pk}/again/", method="post")["Location"] == f"/jobs/{job.pk}/"
    job.refresh_from_db()
    assert job.state == WAITING
    told = ask(client, f"/jobs/{job.pk}/again/", method="post")
    assert "only one that failed" in client.get(told["Location"]).content.decode()


def test_a_job_that_waits_is_called_off(client: Client) -> None:
    job = job_enqueue(task=sample.together, at=AT)
    ask(client, f"/jobs/{job.pk}/call-off/", method="post")
    job.refresh_from_db()
    assert job.state == CANCELLED
    assert "Called off" in ask(client, f"/jobs/{job.pk}/").content.decode()


def test_while_it_runs_the_page_asks_again_by_itself_and_has_a_link_for_those_without_scripts(client: Client) -> None:
    job_enqueue(task=sample.steps, at=AT)
    job = job_claim(worker="w-1", lease=timedelta(minutes=1), at=AT)
    assert job is not None
    claim = Claim(job.pk, "w-1", 1)
    job_beat(claim=claim, lease_until=AT + timedelta(hours=1), progress=Progress(2, 5, "Reading"))
    for address in (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/now/"):
        page = ask(client, address).content.decode()
        assert f'hx-get="/jobs/{job.pk}/now/" hx-trigger="every 2s"' in page
        assert '<progress value="2" max="5"' in page and "Reading" in page
        assert f'<a href="/jobs/{job.pk}/">Look again</a>' in page
    job_failed(claim=claim, problem="The file is gone.", again=None, at=AT + timedelta(seconds=75))
    page = ask(client, f"/jobs/{job.pk}/now/").content.decode()
    assert "hx-get" not in page and "The file is gone." in page and "1 min 15 s" in page


@pytest.mark.capability("P3")
def test_states_are_words_in_the_readers_language(client: Client) -> None:
    job_enqueue(task=sample.together, at=AT)
    client.cookies["django_language"] = "ar"
    page = ask(client, "/jobs/").content.decode()
    assert 'dir="rtl"' in page


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(60):
        job_enqueue(task=sample.together, at=AT)
    with django_assert_max_num_queries(6):
        ask(client, "/jobs/")


def test_durations_are_said_in_one_or_two_units() -> None:
    given = [timedelta(0), timedelta(seconds=59), timedelta(minutes=2, seconds=5), timedelta(hours=30), None]
    assert [duration_words(one) for one in given] == ["under 1 s", "59 s", "2 min 5 s", "30 h 0 min", ""]


def test_an_advisor_sees_nothing_of_it_in_the_menu(client: Client) -> None:
    assert 'href="/jobs/"' in ask(client, "/jobs/").content.decode()
    assert ask(client, "/jobs/", asking.holding(ADVISOR, "country:VN")).status_code == 404
