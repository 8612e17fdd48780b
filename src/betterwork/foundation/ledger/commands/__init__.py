"""The command `betterwork ledger`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import click

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def ledger() -> None:
    """Who did what: the chained ledger, searched and verified."""


@ledger.command("head")
def ledger_head_command() -> None:
    """Print the number and digest of the last entry, to be kept where nobody who rules this machine can change it.

    \b
    Example:
      betterwork ledger head | mail -s "ledger head" notary@example.org
    """
    from betterwork.foundation.ledger.queries import ledger_head

    click.echo(str(ledger_head()))


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
    faults = 0
    for fault in instance_faults(expect=anchor):
        faults += 1
        click.echo(fault)
    if faults:
        click.echo(f"{faults} {'fault' if faults == 1 else 'faults'}", err=True)
        sys.exit(1)
    head = ledger_head()
    click.echo(f"{head.number} entries: the chain holds, {_anchored(anchor is not None)}. Head {head}")


def _anchored(anchored: bool) -> str:
    return "with the head that was kept" if anchored else "as far as it goes (--expect finds a tail cut off)"


@ledger.command("search")
@click.option("--actor", default="", metavar="ID", help="Who did it.")
@click.option("--subject", default="", metavar="TEXT", help='To what: "tool-version garment/2014", "assessment *".')
@click.option("--action", default="", metavar="TEXT", help="What: tool.version.sealed, or documents.* for all of them.")
@click.option("--kind", type=click.Choice(["audit", "seal", "release"]), help="One kind of entry.")
@click.option("--from", "start", type=_DAY, metavar="YYYY-MM-DD", help="First day (UTC); inside.")
@click.option("--to", "end", type=_DAY, metavar="YYYY-MM-DD", help="Last day (UTC); inside.")
@click.option("--before", type=click.IntRange(min=1), metavar="NUMBER", help="Only entries before this one: next page.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most entries to show.")
@click.option("--personal", "opened", is_flag=True, help="Open personal values that are not erased.")
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
    opened: bool,
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

    page = entries_search(
        actor=actor,
        subject=subject,
        action=action,
        kind=kind or "",
        start=start.replace(tzinfo=UTC) if start else None,
        end=end.replace(tzinfo=UTC) + timedelta(days=1) if end else None,
        before=before,
        limit=limit,
        opened=opened,
    )
    click.echo(page_write(page, form), nl=False)
    if page.before:
        click.echo(f"more: --before {page.before}", err=True)
