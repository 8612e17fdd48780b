"""Commands of files and law: `betterwork tool draft-export|draft-import|law|law-touches|law-change|law-repeal`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.instruments.commands import tool
from betterwork.modules.instruments.law_policy import LAW_CHANGE, LAW_READ
from betterwork.modules.instruments.policy import DRAFTS_EDIT, DRAFTS_READ

if TYPE_CHECKING:
    from betterwork.foundation.doors.policy import ThingPolicy
    from betterwork.modules.instruments.models import LegalReference, ToolDraft

_DAY = click.DateTime(["%Y-%m-%d"])


def _draft(key: str, policy: ThingPolicy) -> ToolDraft:
    found = policy.visible_to(actor_of_command()).select_related("tool", "based_on").filter(key=key).first()
    if found is None:
        raise WrongUse(f"no draft {key} that is yours to do this with; betterwork tool drafts shows them")
    return found  # type: ignore[no-any-return]


def _law(key: str, policy: ThingPolicy) -> LegalReference:
    found = policy.visible_to(actor_of_command()).filter(key=key).first()
    if found is None:
        raise WrongUse(f"no provision {key} that is yours to do this with; betterwork tool law shows them")
    return found  # type: ignore[no-any-return]


@command_door(DRAFTS_READ)
@tool.command("draft-export")
@click.argument("draft")
@click.option(
    "--format", "form", type=click.Choice(["xlsx", "yaml", "json", "xlsform"]), default="xlsx", show_default=True
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def draft_export(draft: str, form: str, output: Path) -> None:
    """Write DRAFT (its key) into a file to edit and bring back with `tool draft-import`."""
    from betterwork.modules.instruments.exchange_packing import file_write
    from betterwork.modules.instruments.exchange_services import draft_file

    file = draft_file(_draft(draft, DRAFTS_READ))
    output.write_bytes(file_write(file, form))
    click.echo(f"{output}: {len(file.version.questions)} questions", err=True)


@command_door(DRAFTS_EDIT)
@tool.command("draft-import")
@click.argument("draft")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--take", is_flag=True, help="Take it; without, only show what would change.")
def draft_import(draft: str, file: Path, take: bool) -> None:
    """Show what FILE (a workbook, YAML or JSON) would change in DRAFT (its key), row by row; take it with --take.

    \b
    Examples:
      betterwork tool draft-export KEY -o mine.xlsx
      betterwork tool draft-import KEY mine.xlsx
      betterwork --as manager@office.example tool draft-import KEY mine.xlsx --take
    """
    from django.utils import timezone

    from betterwork.modules.instruments.exchange import difference_write
    from betterwork.modules.instruments.exchange_packing import file_read
    from betterwork.modules.instruments.exchange_services import draft_file_preview, draft_file_take

    found, actor, at = _draft(draft, DRAFTS_EDIT), actor_of_command().id, timezone.now()
    try:
        read = file_read(file.read_bytes())
    except BetterWorkError as error:
        raise WrongUse(f"{file}: {error}") from error
    shown = draft_file_preview(actor=actor, draft=found, file=read, at=at)
    click.echo(difference_write([row.change for row in shown.rows], "table"), nl=False)
    for row in shown.rows:
        for one in row.aspects:
            click.echo(f"{row.change.successor}  {one.name}: {one.before or '(nothing)'} → {one.after or '(nothing)'}")
    for words in shown.beside:
        click.echo(words)
    click.echo(f"{len(shown.translations)} translations to be proposed")
    if take and not shown.empty:
        draft_file_take(actor=actor, draft=found, file=read, seen=found.revision, at=at)
        click.echo("taken")
    elif not shown.empty:
        click.echo("nothing is changed yet: give --take to take it")


@command_door(LAW_READ)
@tool.command("law")
def law() -> None:
    """Show the register of law: key, provision, country, days in force."""
    for one in LAW_READ.visible_to(actor_of_command()):
        start = one.in_force_from or "a day nobody knows"
        until = f"until {one.in_force_until}" if one.in_force_until else "no end"
        click.echo(f"{one.key}  {one.citation}  {one.country or 'all countries'}  from {start}  {until}")


@command_door(LAW_READ)
@tool.command("law-touches")
@click.argument("reference")
@click.option("--on", "on", type=_DAY, metavar="YYYY-MM-DD", help="On which day; today without.")
def law_touches_command(reference: str, on: datetime | None) -> None:
    """Show what a change of a provision (REFERENCE, its key) touches: questions, versions in force, drafts, more.

    \b
    Example:
      betterwork tool law-touches ilo-c138 --on 2014-06-01
    """
    from django.utils import timezone

    from betterwork.modules.instruments.law_touched import law_touches

    day = on.date() if on else timezone.localdate()
    touched = law_touches(_law(reference, LAW_READ), actor=actor_of_command(), on=day)
    click.echo(f"{touched.questions} questions of versions in force on {day}, {len(touched.drafts)} drafts")
    for one in touched.versions:
        state = "in force" if one.in_force else "not in force"
        for question in one.questions:
            click.echo(f"{one.tool} {one.version}  {state}  {question.code}  {question.cites}")
    for draft in touched.drafts:
        click.echo(f"draft {draft.key}  {draft.tool} {draft.version}  {', '.join(draft.codes)}")
    for more in touched.more:
        click.echo(f"{more.title}  {more.count}  {more.note}".rstrip())


@command_door(LAW_CHANGE)
@tool.command("law-change")
@click.argument("reference")
@click.option(
    "--in-force-from", "starts", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day of the new text."
)
@click.option("--source", required=True, help="Where the change is written.")
@click.option("--article", default=None, help="Where it is another article now.")
@click.option("--summary", default="", help="What it says, in your words.")
def law_change(reference: str, starts: datetime, source: str, article: str | None, summary: str) -> None:
    """Record that a new text takes the place of a provision (REFERENCE, its key) and print the new key."""
    from django.utils import timezone

    from betterwork.modules.instruments.laws import legal_reference_add

    before = _law(reference, LAW_CHANGE)
    texts = {
        "instrument": before.instrument,
        "number": before.number,
        "article": before.article if article is None else article,
        "title": before.title,
        "summary": summary,
        "source": source,
    }
    made = legal_reference_add(
        actor=actor_of_command().id,
        kind=before.kind,
        country=before.country,
        texts=texts,
        in_force_from=starts.date(),
        supersedes=before,
        at=timezone.now(),
    )
    click.echo(made.key)


@command_door(LAW_CHANGE)
@tool.command("law-repeal")
@click.argument("reference")
@click.option("--until", type=_DAY, required=True, metavar="YYYY-MM-DD", help="Last day it holds.")
def law_repeal(reference: str, until: datetime) -> None:
    """Record the last day of a provision (REFERENCE, its key) that nothing takes the place of."""
    from django.utils import timezone

    from betterwork.modules.instruments.laws import legal_reference_end

    found = _law(reference, LAW_CHANGE)
    done = legal_reference_end(actor=actor_of_command().id, reference=found, until=until.date(), at=timezone.now())
    click.echo(f"{done.key} until {done.in_force_until}")
