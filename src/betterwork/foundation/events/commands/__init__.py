"""The command `betterwork events`."""

from __future__ import annotations

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY


@click.group()
def events() -> None:
    """What happened and who was told: deliver, look, tell again."""


@command_door(OPERATOR_ONLY)
@events.command("deliver")
@click.option("--all", "settle", is_flag=True, help="Look through all events for any that a subscriber is still owed.")
def events_deliver_command(settle: bool) -> None:
    """Hand out everything that is due now. The worker does this by itself.

    \b
    Example:
      betterwork events deliver
    """
    from django.utils import timezone

    from betterwork.foundation.events.services import events_deliver, subscriptions_settle

    at = timezone.now()
    if settle:
        subscriptions_settle(at=at)
    handled = failed = 0
    while (round_ := events_deliver(at=at)) and (round_.handled or round_.failed):
        handled, failed = handled + round_.handled, failed + round_.failed
    click.echo(f"{handled} handled, {failed} failed")
    if failed:
        click.echo("What failed is kept and tried again: betterwork events list --failing", err=True)


@command_door(OPERATOR_ONLY)
@events.command("list")
@click.option("--failing", is_flag=True, help="Deliveries that failed and are still owed.")
@click.option("--subscriber", default="", metavar="NAME", help="With --failing: of this subscriber only.")
@click.option("--name", default="", metavar="EVENT", help="Events of this name, newest first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most lines to show.")
def events_list_command(failing: bool, subscriber: str, name: str, limit: int) -> None:
    """Show how each subscriber stands; or events of a name; or what fails.

    \b
    Examples:
      betterwork events list
      betterwork events list --name visit.report.submitted
      betterwork events list --failing
    """
    from betterwork.foundation.events.queries import deliveries_failing, events_list, subscribers_list

    if failing:
        for owed in deliveries_failing(subscriber=subscriber, most=limit):
            again = f"again {owed.next_at:%Y-%m-%d %H:%M:%S}"
            click.echo(
                f"{owed.event_id}  {owed.event.name}  {owed.subscriber}  tries {owed.tries}, {again}  {owed.problem}"
            )
    elif name:
        for one in events_list(name=name, most=limit):
            click.echo(f"{one.number}  {one.at:%Y-%m-%d %H:%M:%S}  {one.name}")
    else:
        for shown in subscribers_list():
            gone = "" if shown.registered else "  (no room registers it any more)"
            click.echo(f"{shown.name}  handled {shown.handled}, waiting {shown.waiting}, failing {shown.failing}{gone}")


@command_door(OPERATOR_ONLY)
@events.command("replay")
@click.option("--subscriber", required=True, metavar="NAME", help="Who is told again.")
@click.option("--from", "start", type=click.IntRange(min=1), default=1, show_default=True, metavar="NUMBER")
def events_replay_command(subscriber: str, start: int) -> None:
    """Run a subscriber's handler again for every event from a number on. Handlers leave the same when run again.

    \b
    Example:
      betterwork events replay --subscriber improvement.plans --from 1200
    """
    from django.utils import timezone

    from betterwork.foundation.events.services import events_replay

    actor = actor_of_command().id
    count = events_replay(subscriber=subscriber, start=start, actor=actor, at=timezone.now())
    click.echo(f"{count} events will be handed to {subscriber} again: betterwork events deliver, or the worker does it")
