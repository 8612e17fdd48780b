"""The command `betterwork token`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.tokens.policy import TOKENS_OWN

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def token() -> None:
    """Programs that act for a person: tokens made, listed and ended."""


@command_door(TOKENS_OWN)
@token.command("make")
@click.argument("title")
@click.option("--scope", default=WORLD, show_default=True, help="What it reaches at most: country:VN, factory:VN/17, …")
@click.option("--until", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day (UTC), whole; 90 days unless told.")
@click.option("--write", "writes", is_flag=True, help="It may change things too.")
@click.option("--for", "person", default="", metavar="ADDRESS|ID", help="Whose it is; the operator must say.")
def token_make_command(title: str, scope: str, last: datetime | None, writes: bool, person: str) -> None:
    """Make a token called TITLE and print it: this once.

    \b
    Example:
      betterwork --as one@ilo.example token make "nightly export" --scope country:VN --until 2027-06-30
    """
    from django.utils import timezone

    from betterwork.foundation.people.queries import person_of
    from betterwork.foundation.tokens.services import token_make

    actor, at = actor_of_command(), timezone.now()
    if actor.is_operator and not person:
        raise WrongUse("say whose it is: --for ADDRESS, or betterwork --as ADDRESS token make …")
    whose = person_of(person).public_id if person else actor.id
    day = last.replace(tzinfo=UTC) if last else datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(days=90)
    made = token_make(
        actor=actor.id, person=whose, title=title, scope=scope, writes=writes, ends=day + timedelta(days=1), at=at
    )
    click.echo(f"{made.token.id}  {made.token.prefix}…  {made.token.scope}", err=True)
    click.echo(made.secret)


@command_door(TOKENS_OWN)
@token.command("list")
@click.option("--all", "every", is_flag=True, help="Those that are over, too.")
def token_list_command(every: bool) -> None:
    """Show your tokens (the operator: everybody's), and when each was last used.

    \b
    Example:
      betterwork --as one@ilo.example token list
    """
    from django.utils import timezone

    from betterwork.foundation.tokens.presentations import COUNTS, TOKEN_FOR_HERSELF, tokens_shown

    rows = tokens_shown(TOKENS_OWN.visible_to(actor_of_command()), timezone.now())
    rows = rows if every else rows.filter(state=COUNTS)
    for one in TOKEN_FOR_HERSELF.rows(rows.order_by("-made_at", "-id").iterator(chunk_size=500)):
        used = f"last used {one.last_used}" if one.last_used else "never used"
        does = "writes" if one.writes else "reads"
        click.echo(f"{one.id}  {one.prefix}…  {one.scope}  {does}  {one.state}  until {one.ends:%Y-%m-%d}  {used}")


@command_door(TOKENS_OWN)
@token.command("revoke")
@click.argument("which")
def token_end_command(which: str) -> None:
    """End a token, by its id or by what it begins with (WHICH).

    \b
    Example:
      betterwork --as one@ilo.example token revoke bw_3fZk1a2B
    """
    from django.utils import timezone

    from betterwork.foundation.tokens.queries import token_called
    from betterwork.foundation.tokens.services import token_end

    actor = actor_of_command()
    found = token_called(which, TOKENS_OWN.visible_to(actor))
    token_end(actor=actor.id, token=found, at=timezone.now())
    click.echo(f"{found.id}  ended")
