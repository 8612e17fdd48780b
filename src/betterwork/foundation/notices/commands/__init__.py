"""The command `betterwork notices`."""

from __future__ import annotations

import sys

import click

from betterwork.foundation.doors.commands import command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY


@click.group()
def notices() -> None:
    """What people are told: mail what is due."""


@command_door(OPERATOR_ONLY)
@notices.command("send")
def notices_send_command() -> None:
    """Mail to each person how many notices wait for her. The worker does this by itself, every five minutes.

    What could not be handed over is kept and tried again, later each time. Exit status 1 when there was such a mail.

    \b
    Example:
      betterwork notices send
    """
    from django.utils import timezone

    from betterwork.foundation.notices.mailing import digests_send

    sent = digests_send(at=timezone.now())
    click.echo(f"{sent.mails} {'mail' if sent.mails == 1 else 'mails'} handed over, {sent.failed} failed", err=True)
    if sent.failed:
        sys.exit(1)
