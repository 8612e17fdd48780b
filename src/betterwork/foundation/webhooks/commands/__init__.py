"""The command `betterwork webhook`."""

from __future__ import annotations

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.webhooks.policy import WEBHOOKS_MAKE, WEBHOOKS_OWN


@click.group()
def webhook() -> None:
    """Systems that are told by a call: addresses, what was sent to them, tests."""


@command_door(WEBHOOKS_MAKE)
@webhook.command("make")
@click.argument("title")
@click.argument("url")
@click.option("--topic", "topics", multiple=True, required=True, help="What it is told of; give it several times.")
@click.option("--scope", default=WORLD, show_default=True, help="Over what: country:VN, organisation:…")
def webhook_make_command(title: str, url: str, topics: tuple[str, ...], scope: str) -> None:
    """Let URL be called, for --as a person; print the secret: this once.

    \b
    Example:
      betterwork --as one@ilo.example webhook make "case system" https://hooks.example/bw --topic matter.decided
    """
    from django.utils import timezone

    from betterwork.foundation.webhooks.services import endpoint_make

    actor = actor_of_command()
    made = endpoint_make(actor=actor.id, title=title, url=url, topics=topics, scope=scope, at=timezone.now())
    click.echo(f"{made.endpoint.id}  {made.endpoint.url}", err=True)
    click.echo(made.secret)


@command_door(WEBHOOKS_OWN)
@webhook.command("list")
def webhook_list_command() -> None:
    """Show your endpoints (the operator: everybody's), and how they stand.

    \b
    Example:
      betterwork webhook list
    """
    from betterwork.foundation.webhooks.presentations import ENDPOINT_FOR_HERSELF

    rows = WEBHOOKS_OWN.visible_to(actor_of_command()).order_by("-made_at", "-id")
    for one in ENDPOINT_FOR_HERSELF.rows(rows.iterator(chunk_size=500)):
        click.echo(f"{one.id}  {one.state}  {one.url}  {','.join(one.topics)}  {one.state_word}")


@command_door(WEBHOOKS_OWN)
@webhook.command("log")
@click.argument("endpoint")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Most lines to show.")
def webhook_log_command(endpoint: str, limit: int) -> None:
    """Show what was sent to an ENDPOINT (its id), newest first.

    \b
    Example:
      betterwork webhook log 019a0b1c…
    """
    from betterwork.foundation.webhooks.models import Delivery
    from betterwork.foundation.webhooks.presentations import DELIVERY_FOR_HERSELF
    from betterwork.foundation.webhooks.queries import endpoint_called

    found = endpoint_called(endpoint, WEBHOOKS_OWN.visible_to(actor_of_command()))
    rows = Delivery.objects.filter(endpoint=found).order_by("-made_at", "-id")[:limit]
    for one in DELIVERY_FOR_HERSELF.rows(rows):
        click.echo(f"{one.id}  {one.made_at:%Y-%m-%d %H:%M:%S}  {one.topic}  {one.state}  tries {one.tries}")


def _changes(name: str, says: str, service: str) -> None:
    """A command that does one thing to an endpoint."""

    def run(endpoint: str) -> None:
        from django.utils import timezone

        from betterwork.foundation.webhooks import services
        from betterwork.foundation.webhooks.queries import endpoint_called

        actor = actor_of_command()
        found = endpoint_called(endpoint, WEBHOOKS_OWN.visible_to(actor))
        made = getattr(services, service)(actor=actor.id, endpoint=found, at=timezone.now())
        click.echo(made.secret if isinstance(made, services.Made) else f"{made.id}  {made.state}")

    run.__doc__ = f"{says}\n\n\b\nExample:\n  betterwork webhook {name} 019a0b1c…"
    command_door(WEBHOOKS_OWN)(webhook.command(name)(click.argument("endpoint")(run)))


_changes("test", "Send an ENDPOINT (its id) a message that says nothing.", "endpoint_test")
_changes("resume", "Tell a stopped ENDPOINT (its id) again, with what waits for it.", "endpoint_resume")
_changes(
    "rotate", "Give an ENDPOINT (its id) a new secret and print it; the old one signs a day more.", "secret_rotate"
)
_changes("remove", "Tell an ENDPOINT (its id) nothing any more.", "endpoint_remove")
