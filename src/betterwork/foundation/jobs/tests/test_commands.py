"""The commands of the jobs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import commands_without_door
from betterwork.foundation.jobs.commands import jobs
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.rules import CANCELLED, FAILED, WAITING
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.jobs.tests import sample

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(jobs, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_command_has_a_door() -> None:
    assert commands_without_door(jobs) == []


@pytest.mark.django_db
def test_list_retry_and_cancel_name_a_job_by_the_beginning_of_its_id() -> None:
    job = job_enqueue(task=sample.gives_up, at=AT)
    jobs_run_all(AT)
    line = run("list", "--state", "failed")
    assert str(job.pk) in line and "attempt 1/5" in line and "[address]" in line
    assert run("list", "--state", "waiting") == ""
    assert "will be run again" in run("retry", job.pk.hex[:16])
    assert Job.objects.get().state == WAITING
    assert "is called off" in run("cancel", str(job.pk))
    assert Job.objects.get().state == CANCELLED
    with pytest.raises(WrongUse, match="only one that waits"):
        run("cancel", str(job.pk))
    jobs_run_all(AT)
    assert Job.objects.exclude(state=FAILED).count() == 1
