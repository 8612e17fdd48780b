"""The command `betterwork ledger`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY
from betterwork.foundation.ledger.policy import TRAIL_PERSONAL, TRAIL_READ

if TYPE_CHECKING:
    from betterwork.foundation.doors.actor import Actor
    from betterwork.foundation.ledger.rules import Head

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def ledger() -> None:
    """Who did what: the chained ledger, searched and verified."""


@command_door(TRAIL_READ)
@ledger.command("head")
def ledger_head_command() -> None:
    """Print the number and digest of the last entry, to be kept where nobody who rules this machine can change it.

    \b
    Example:
      betterwork ledger head | mail -s "ledger head" notary@example.org
    """
    from betterwork.foundation.ledger.queries import ledger_head

    click.echo(str(ledger_head()))


@command_door(TRAIL_READ)
@ledger.command("verify")
@click.option("--expect", metavar="NUMBER:DIGEST", help="A head kept elsewhere: finds a tail cut off or written anew.")
def ledger_verify_command(expect: str | None) -> None:
    """Look whether anything in the ledger was changed, taken out, put in or moved; one line for each fault.

    Also looks for seals that were taken off, for keys of persons that went or came back without an
    entry, and holds sealed documents against their entries. Exit status 1 when anything does not hold.

    \b
    Examples:
      betterwork ledger verify
      betterwork ledger verify --expect "$(cat head-of-january)"
    """
    from betterwork.foundation.ledger.queries import instance_faults, ledger_head
    from betterwork.foundation.ledger.rules import head_from_text

    anchor = head_from_text(expect) if expect is not None else None
    begun = _head_before()
    faults, first = 0, ""
    for fault in instance_faults(expect=anchor):
        faults += 1
        first = first or str(fault)
        click.echo(fault)
    if begun is not None:
        _verification_kept(begun, faults, first, anchored=anchor is not None)
    if faults:
        click.echo(f"{faults} {'fault' if faults == 1 else 'faults'}", err=True)
        sys.exit(1)
    head = ledger_head()
    click.echo(f"{head.number} entries: the chain holds, {_anchored(anchor is not None)}. Head {head}")


def _head_before() -> Head | None:
    from django.db import DatabaseError

    from betterwork.foundation.ledger.queries import ledger_head

    try:
        return ledger_head()
    except DatabaseError:  # the faults will say so
        return None


def _verification_kept(head: Head, faults: int, first: str, *, anchored: bool) -> None:
    """Keep what was found for the page of the trail; a copy that cannot be written to is verified all the same."""
    from django.db import DatabaseError
    from django.utils import timezone

    from betterwork.foundation.ledger.services import verification_record

    actor, at = actor_of_command().id, timezone.now()
    try:
        verification_record(actor=actor, head=head, faults=faults, first_fault=first, anchored=anchored, at=at)
    except DatabaseError as error:
        click.echo(f"this look could not be kept for the page of the trail: {error}", err=True)


def _anchored(anchored: bool) -> str:
    return "with the head that was kept" if anchored else "as far as it goes (--expect finds a tail cut off)"


@command_door(TRAIL_READ)
@ledger.command("search")
@click.option("--actor", default="", metavar="ID", help="Who did it.")
@click.option("--subject", default="", metavar="TEXT", help='To what: "tool-version garment/2014", "assessment *".')
@click.option("--action", default="", metavar="TEXT", help="What: tool.version.sealed, or documents.* for all of them.")
@click.option("--kind", type=click.Choice(["audit", "seal", "release"]), help="One kind of entry.")
@click.option("--from", "start", type=_DAY, metavar="YYYY-MM-DD", help="First day (UTC); inside.")
@click.option("--to", "end", type=_DAY, metavar="YYYY-MM-DD", help="Last day (UTC); inside.")
@click.option("--before", type=click.IntRange(min=1), metavar="NUMBER", help="Only entries before this one: next page.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most entries to show.")
@click.option(
    "--personal",
    "reason",
    metavar="REASON",
    help="Open personal values that are not erased; the reason goes into the ledger.",
)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def ledger_search_command(
    actor: str,
    subject: str,
    action: str,
    kind: str | None,
    start: datetime | None,
    end: datetime | None,
    before: int | None,
    limit: int,
    reason: str | None,
    form: str,
) -> None:
    """Show entries that match everything given, newest first. A text that ends in * stands for all that begin so.

    \b
    Examples:
      betterwork ledger search --subject "tool-version garment/2014"
      betterwork ledger search --actor operator --from 2015-02-01 --to 2015-02-28 --format csv
      betterwork ledger search --kind seal --limit 10 --before 2000 --format json
    """
    from betterwork.foundation.ledger.presentation import page_write
    from betterwork.foundation.ledger.queries import entries_search

    person = actor_of_command()
    page = entries_search(
        rows=TRAIL_READ.visible_to(person),
        actor=actor,
        subject=subject,
        action=action,
        kind=kind or "",
        start=start.replace(tzinfo=UTC) if start else None,
        end=end.replace(tzinfo=UTC) + timedelta(days=1) if end else None,
        before=before,
        limit=limit,
        opened=reason is not None,
    )
    if reason is not None:
        _opening_recorded(person, [entry.number for entry in page.entries], reason)
    click.echo(page_write(page, form), nl=False)
    if page.before:
        click.echo(f"more: --before {page.before}", err=True)


def _opening_recorded(person: Actor, numbers: list[int], reason: str) -> None:
    """Write who opens whose values before any of them is shown."""
    from django.utils import timezone

    from betterwork.foundation.doors.commands import NotAllowed
    from betterwork.foundation.ledger.services import personal_of_entries_open

    if not TRAIL_PERSONAL.may(person):
        raise NotAllowed(f"this is not yours to do: {TRAIL_PERSONAL.says}")
    entries = list(TRAIL_PERSONAL.visible_to(person).filter(number__in=numbers))
    personal_of_entries_open(actor=person.id, entries=entries, reason=reason, at=timezone.now())


@command_door(OPERATOR_ONLY)
@ledger.command("rotate-key")
@click.option(
    "--to",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where LEDGER_KEY gives the key: a file with the new one.",
)
def ledger_rotate_key_command(file: Path | None) -> None:
    """Put everything that lies under the instance's key under a new one. Stop the server first.

    The new key takes the place of keys/ledger.key when the database has everything under it; cut off at any moment, the
    instance opens with what is there. Keep a copy of the old key as long as you keep backups made before.

    \b
    Examples:
      betterwork ledger rotate-key
      openssl rand -hex 32 > new.key && betterwork ledger rotate-key --to new.key
    """
    from django.conf import settings
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.foundation.ledger.keys import key_parsed
    from betterwork.foundation.ledger.queries import content_read
    from betterwork.foundation.ledger.services import instance_key_rotate

    if settings.LEDGER_KEY and file is None:
        raise WrongUse(
            "the setting LEDGER_KEY gives the key, which this command cannot change. Make a new one "
            "(openssl rand -hex 32 > new.key), run this again with --to new.key, then set LEDGER_KEY to it"
        )
    to = key_parsed(file.read_text(encoding="ascii", errors="replace"), str(file)) if file else None
    content = content_read(instance_key_rotate(actor=actor_of_command().id, at=timezone.now(), to=to))
    told = ", ".join(f"{count} of {name}" for name, count in content["rewrapped"].items())
    click.echo(f"key {content['before'][:16]} is changed to {content['fingerprint'][:16]}: {told}")
    if file:
        click.echo(f"Now set LEDGER_KEY to what {file} holds: with the old one nothing starts any more.", err=True)
