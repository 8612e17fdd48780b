"""The command `betterwork files`."""

from __future__ import annotations

import sys

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY


@click.group()
def files() -> None:
    """Files by their content: looked at, and swept."""


@command_door(OPERATOR_ONLY)
@files.command("verify")
def files_verify_command() -> None:
    """Read every file and look whether it is what it was. One line for each fault; exit status 1 when there is one."""
    from betterwork.foundation.files.queries import files_faults

    faults = 0
    for line in files_faults():
        faults += 1
        click.echo(line)
    if faults:
        sys.exit(1)
    click.echo("every file is there and is what it was")


@command_door(OPERATOR_ONLY)
@files.command("sweep")
def files_sweep_command() -> None:
    """Take away the bytes that no row names any more, after their time of grace. The schedule does it too."""
    from django.utils import timezone

    from betterwork.foundation.files.services import files_sweep

    swept = files_sweep(actor=actor_of_command().id, at=timezone.now())
    click.echo(f"{len(swept.digests)} files swept, {swept.unfinished} that were never finished")
