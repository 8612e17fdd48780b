"""The command `betterwork jobs`."""

from __future__ import annotations

from datetime import timedelta

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY
from betterwork.foundation.jobs.policy import JOBS_READ, JOBS_RETRY


@click.group()
def jobs() -> None:
    """Work off the request: the worker, what it does, what failed."""


@command_door(OPERATOR_ONLY)
@jobs.command("work")
@click.option("--once", is_flag=True, help="Run all that is due now, then end.")
@click.option(
    "--lease",
    type=click.IntRange(2, 3600),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="After how long without a sign of life other workers take a job over.",
)
def jobs_work_command(once: bool, lease: int) -> None:
    """Run jobs until told to stop: ask once and it ends after the job at hand, ask twice and that one waits again.

    Several workers may run side by side. Let something start it again when it ends.

    \b
    Examples:
      betterwork jobs work
      betterwork jobs work --once
    """
    from betterwork.foundation.jobs.worker import Worker

    worker = Worker(lease=timedelta(seconds=lease))
    count = worker.work_off() if once else worker.work()
    click.echo(f"{count} {'job' if count == 1 else 'jobs'} run")


@command_door(JOBS_READ)
@jobs.command("list")
@click.option("--state", type=click.Choice(["waiting", "running", "done", "failed", "cancelled"]))
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Most lines to show.")
def jobs_list_command(state: str | None, limit: int) -> None:
    """Show jobs, newest first.

    \b
    Example:
      betterwork jobs list --state failed
    """
    from betterwork.foundation.jobs.queries import jobs_list

    for job in jobs_list(state=state or "", most=limit):
        line = (
            f"{job.pk}  {job.state:9}  attempt {job.attempt}/{job.attempts_allowed}  {job.enqueued_at:%Y-%m-%d %H:%M}"
        )
        click.echo(f"{line}  {job.task}  {job.problem}".rstrip())


@command_door(JOBS_RETRY)
@jobs.command("retry")
@click.argument("id_", metavar="ID")
def jobs_retry_command(id_: str) -> None:
    """Run a job again that failed or was called off. The first characters of its id will do.

    \b
    Example:
      betterwork jobs retry 019a0b1c
    """
    from django.utils import timezone

    from betterwork.foundation.jobs.queries import job_found
    from betterwork.foundation.jobs.services import job_retry

    job = job_retry(actor=actor_of_command().id, job=job_found(id_), at=timezone.now())
    click.echo(f"{job.pk} waits and will be run again")


@command_door(JOBS_RETRY)
@jobs.command("cancel")
@click.argument("id_", metavar="ID")
def jobs_cancel_command(id_: str) -> None:
    """Call off a job that waits.

    \b
    Example:
      betterwork jobs cancel 019a0b1c-52f0-7aaa-8bbb-0123456789ab
    """
    from django.utils import timezone

    from betterwork.foundation.jobs.queries import job_found
    from betterwork.foundation.jobs.services import job_cancel

    job = job_cancel(actor=actor_of_command().id, job=job_found(id_), at=timezone.now())
    click.echo(f"{job.pk} is called off")
