"""The command `betterwork access`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.policy import (
    ELEVATIONS_READ,
    GRANTS_END,
    GRANTS_GIVE,
    GRANTS_READ,
)
from betterwork.foundation.access.presentations import STATES
from betterwork.foundation.access.rules import NEEDED
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.roles import ROLES

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def access() -> None:
    """Who may what: roles given and ended; access taken for a while.

    A role is confirmed on its page only, by a second person who has signed in herself.
    """


@command_door(GRANTS_GIVE)
@access.command("give")
@click.argument("person")
@click.argument("role", type=click.Choice(sorted(ROLES)))
@click.argument("scope")
@click.option("--from", "start", type=_DAY, metavar="YYYY-MM-DD", help="First day (UTC); now unless told.")
@click.option("--until", "end", type=_DAY, metavar="YYYY-MM-DD", help="Last day (UTC), whole; else until ended.")
@click.option("--reason", default="", help="Why. A powerful role needs one of ten characters or more.")
def access_give_command(
    person: str, role: str, scope: str, start: datetime | None, end: datetime | None, reason: str
) -> None:
    """Give PERSON (address or id) a ROLE over a SCOPE: world, country:VN, factory:VN/17, …

    A powerful role waits until a second person confirms it. While fewer than two persons run the programme the
    operator makes the first ones alone.

    \b
    Examples:
      betterwork access give one@ilo.example global-staff world --reason "first of the global team"
      betterwork --as one@ilo.example access give two@ilo.example advisor country:VN --until 2027-12-31
    """
    from django.utils import timezone

    from betterwork.foundation.access.services import grant_give
    from betterwork.foundation.people.policy import PEOPLE_READ
    from betterwork.foundation.people.queries import person_of

    actor, found = actor_of_command(), person_of(person)
    if not PEOPLE_READ.may(actor, found):
        raise WrongUse(f"nobody you see is {person}: invite the person, or ask global staff to give this role")
    grant = grant_give(
        actor=actor.id,
        person=found.public_id,
        role=role,
        scope=scope,
        starts=start.replace(tzinfo=UTC) if start else None,
        ends=end.replace(tzinfo=UTC) + timedelta(days=1) if end else None,
        reason=reason,
        at=timezone.now(),
    )
    click.echo(f"{grant.id}  {'waits for a second person' if grant.second == NEEDED else 'given'}")


@command_door(GRANTS_END)
@access.command("end")
@click.argument("grant")
@click.option("--reason", required=True, help="Why; it stays with the role.")
def access_end_command(grant: str, reason: str) -> None:
    """End a GRANT (its id) at this moment.

    \b
    Example:
      betterwork access end 0193f2… --reason "works elsewhere now"
    """
    from django.utils import timezone

    from betterwork.foundation.access.queries import grant_called
    from betterwork.foundation.access.services import grant_end

    actor = actor_of_command()
    found = grant_called(grant, GRANTS_END.visible_to(actor))
    grant_end(actor=actor.id, grant=found, reason=reason, at=timezone.now())
    click.echo(f"{found.id}  ended")


@command_door(GRANTS_READ)
@access.command("list")
@click.option("--state", type=click.Choice(sorted(STATES)), help="Only those that stand so.")
@click.option("--role", type=click.Choice(sorted(ROLES)), help="Only this role.")
@click.option("--person", default="", metavar="ADDRESS|ID", help="Only of this person.")
def access_list_command(state: str | None, role: str | None, person: str) -> None:
    """Show who holds which role over what, as far as you oversee it.

    \b
    Examples:
      betterwork access list --state waits
      betterwork --as one@ilo.example access list --role advisor
    """
    from django.utils import timezone

    from betterwork.foundation.access.presentations import GRANT_FOR_STAFF, grants_shown
    from betterwork.foundation.people.queries import person_of

    rows = grants_shown(GRANTS_READ.visible_to(actor_of_command()), timezone.now())
    wanted = {"state": state, "role": role, "person": person_of(person).public_id if person else None}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    for one in GRANT_FOR_STAFF.rows(rows.order_by("called", "role", "id").iterator(chunk_size=500)):
        until = f"until {one.ends:%Y-%m-%d %H:%M}" if one.ends else "no end"
        click.echo(f"{one.id}  {one.called}  {one.role}  {one.scope}  {one.state}  from {one.starts:%Y-%m-%d}  {until}")


@command_door(ELEVATIONS_READ)
@access.command("elevations")
@click.option("--open", "open_only", is_flag=True, help="Only those that are open now.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most lines to show.")
def access_elevations_command(open_only: bool, limit: int) -> None:
    """Show what was taken for a while: who, what, why, until when; newest first.

    \b
    Example:
      betterwork access elevations --open
    """
    from django.utils import timezone

    from betterwork.foundation.access.presentations import COUNTS, ELEVATION_FOR_STAFF, elevations_shown

    rows = elevations_shown(ELEVATIONS_READ.visible_to(actor_of_command()), timezone.now())
    rows = rows.filter(state=COUNTS) if open_only else rows
    for one in ELEVATION_FOR_STAFF.rows(rows.order_by("-starts", "-id")[:limit]):
        what = one.purpose or f"{one.role} {one.scope}"
        click.echo(f"{one.id}  {one.called}  {what}  {one.state}  until {one.until:%Y-%m-%d %H:%M}  {one.reason}")
