"""The command `betterwork organisation`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.organisations.policy import ORGANISATIONS_ADD, ORGANISATIONS_READ
from betterwork.modules.organisations.rules import KINDS


@click.group()
def organisation() -> None:
    """Organisations: governments, employers, workers, buyers, donors, partners, owners."""


@command_door(ORGANISATIONS_READ)
@organisation.command("list")
@click.option("--kind", type=click.Choice(KINDS), help="Only of this kind.")
@click.option("--country", default="", help="Only of this country.")
def organisation_list_command(kind: str | None, country: str) -> None:
    """Show the organisations: key, kind, country, name.

    \b
    Example:
      betterwork organisation list --kind buyer
    """
    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.organisations.presentations import ORGANISATION_FOR_STAFF

    rows = ORGANISATIONS_READ.visible_to(actor_of_command())
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(country=country_required(country).code) if country else rows
    for one in ORGANISATION_FOR_STAFF.rows(rows.order_by("country", "kind", "name").iterator(chunk_size=500)):
        over = f"  until {one.last}" if one.last else ""
        click.echo(f"{one.key}  {one.kind}  {one.country or 'world'}  {one.name}{over}")


@command_door(ORGANISATIONS_ADD)
@organisation.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would become of each row, and enter nothing.")
def organisation_import_command(file: Path, dry_run: bool) -> None:
    """Enter the organisations of a CSV FILE: columns kind, name, country, level, group, mail, key.

    A refused row is refused alone and told with its reason; exit status 1 then.

    \b
    Example:
      betterwork organisation import organisations.csv --dry-run
    """
    from django.utils import timezone

    from betterwork.modules.organisations.policy import countries_of
    from betterwork.modules.organisations.services import organisations_import

    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(f"{file} is no text in UTF-8: save it as CSV UTF-8") from error
    actor = actor_of_command()
    judged = organisations_import(
        actor=actor.id, text=text, at=timezone.now(), within=countries_of(actor), dry_run=dry_run
    )
    for row in judged.refused:
        click.echo(f"{file}, line {row.line}: {row.problem}", err=True)
    done = "would be entered" if dry_run else "entered"
    click.echo(
        f"{len(judged.rows)} rows: {judged.taken} {done}, {judged.known} there already, {len(judged.refused)} refused"
    )
    if judged.refused:
        sys.exit(1)
