"""Commands of drafts: `betterwork tool drafts|draft|missing|submit|seal|in-force`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import EVERYBODY_MAY
from betterwork.modules.instruments.commands import tool
from betterwork.modules.instruments.policy import (
    DRAFTS_READ,
    DRAFTS_SEAL,
    DRAFTS_SUBMIT,
    TOOLS_MAKE,
    may_write_for,
)

if TYPE_CHECKING:
    from betterwork.foundation.doors.policy import ThingPolicy
    from betterwork.modules.instruments.models import ToolDraft

_DAY = click.DateTime(["%Y-%m-%d"])


def _draft(key: str, policy: ThingPolicy) -> ToolDraft:
    found = policy.visible_to(actor_of_command()).select_related("tool", "based_on").filter(key=key).first()
    if found is None:
        raise WrongUse(f"no draft {key} that is yours to do this with; betterwork tool drafts shows them")
    return found  # type: ignore[no-any-return]


@command_door(DRAFTS_READ)
@tool.command("drafts")
def tool_drafts() -> None:
    """Show the drafts you may read: key, tool, version, country, state."""
    from betterwork.modules.instruments.presentations import DRAFT_FOR_STAFF

    rows = DRAFTS_READ.visible_to(actor_of_command()).select_related("tool", "based_on", "sealed")
    for one in DRAFT_FOR_STAFF.rows(rows.order_by("-made_at", "key").iterator(chunk_size=500)):
        click.echo(f"{one.key}  {one.tool__code} {one.version}  {one.country or 'all countries'}  {one.state}")


@command_door(TOOLS_MAKE)
@tool.command("draft")
@click.argument("version")
@click.option("--tool", "tool_name", default="garment", show_default=True)
@click.option("--country", default="", help="For one country (name or ISO code); else for all.")
@click.option("--from", "base", default="", metavar="VERSION", help="Sealed version to begin from; empty without.")
def tool_draft(version: str, tool_name: str, country: str, base: str) -> None:
    """Begin a draft called VERSION and print its key.

    \b
    Example:
      betterwork --as manager@office.example tool draft 2027-VN --country "Viet Nam" --from 2014
    """
    from django.utils import timezone

    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.instruments.queries import tool_called, tool_versions
    from betterwork.modules.instruments.services import draft_create

    actor, found = actor_of_command(), tool_called(tool_name)
    if found is None:
        raise WrongUse(f"there is no tool {tool_name!r}; betterwork tool list shows what there is")
    code = country_required(country).code if country else ""
    if not may_write_for(actor, code):
        raise WrongUse("this is not yours to do: you write drafts for your own country")
    row = next((one for one in tool_versions(tool_name) if one.version == base), None)
    if base and row is None:
        raise WrongUse(f"tool {tool_name!r} has no version {base!r}")
    draft = draft_create(actor=actor.id, tool=found, version=version, country=code, based_on=row, at=timezone.now())
    click.echo(draft.key)


@command_door(DRAFTS_READ)
@tool.command("missing")
@click.argument("draft")
def tool_missing(draft: str) -> None:
    """Show what is missing before DRAFT (its key) can be submitted; exit status 1 while something is."""
    from betterwork.modules.instruments.life import draft_missing

    found = draft_missing(_draft(draft, DRAFTS_READ))
    for one in found:
        codes = f"  {', '.join(one.codes[:20])}" if one.codes else ""
        click.echo(f"{'missing' if one.blocks else 'advice'}  {one.words}{codes}")
    if any(one.blocks for one in found):
        raise click.exceptions.Exit(1)


@command_door(DRAFTS_SUBMIT)
@tool.command("submit")
@click.argument("draft")
def tool_submit(draft: str) -> None:
    """Put DRAFT (its key) before the committee that has the say."""
    from django.urls import reverse
    from django.utils import timezone

    from betterwork.modules.instruments.services import draft_submit

    found = _draft(draft, DRAFTS_SUBMIT)
    url = reverse("instruments:draft_put", kwargs={"draft": found.key})
    done = draft_submit(actor=actor_of_command().id, draft=found, url=url, at=timezone.now())
    click.echo(f"submitted, matter {done.matter}")


@command_door(DRAFTS_SEAL)
@tool.command("seal")
@click.argument("draft")
@click.option("--in-force-from", "starts", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day it holds.")
def tool_seal(draft: str, starts: datetime) -> None:
    """Seal DRAFT (its key), which its committee has approved, and put it in force from a day."""
    from django.utils import timezone

    from betterwork.modules.instruments.services import draft_seal

    found = _draft(draft, DRAFTS_SEAL)
    done = draft_seal(actor=actor_of_command().id, draft=found, in_force_from=starts.date(), at=timezone.now())
    click.echo(f"{done.tool.code} {done.version}: sealed, in force from {done.in_force_from}, {done.decision}")


@command_door(EVERYBODY_MAY)
@tool.command("in-force")
@click.option("--tool", "tool_name", default="garment", show_default=True)
def tool_in_force(tool_name: str) -> None:
    """Show which version is in force where, from when until when, and by whose decision."""
    from betterwork.modules.instruments.queries import in_force_rows

    for one in in_force_rows(tool=tool_name):
        until = f"until {one.until}" if one.until else "no end"
        click.echo(f"{one.country or 'all'}  {one.version}  from {one.starts}  {until}  {one.decision}")
