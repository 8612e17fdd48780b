"""The command `betterwork factory`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.registry.policy import (
    COVERAGE_READ,
    FACTORIES_KEEP,
    FACTORIES_READ,
    FACTORIES_REGISTER,
    countries_kept,
    countries_seen,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def factory() -> None:
    """Factories: who takes part, what is known of them, which records are one."""


def _say(*cells: Any) -> None:
    from betterwork.core.exports.judging import ascii_safe

    words = ["" if cell is None else ascii_safe(str(cell)) for cell in cells]
    click.echo("\t".join(words))


def _seen(text: str, policy: Any) -> Any:
    from betterwork.modules.registry.queries import factory_called

    return factory_called(text, policy.visible_to(actor_of_command()))


def _country(text: str, countries: set[str] | None) -> str:
    from betterwork.core.errors import WrongUse
    from betterwork.modules.countries.queries import country_required

    code = country_required(text).code
    if countries is not None and code not in countries:
        raise WrongUse(f"{code} is not a country of yours")
    return code


@command_door(FACTORIES_READ)
@factory.command("list")
@click.option("--country", default="", help="Only those of a country: its name or code.")
@click.option("--state", default="", help="Only those in a state: enrolled, registered, ended, closed, retired.")
@click.option("--merged", is_flag=True, help="Also the records that were merged into others.")
def factory_list_command(country: str, state: str, merged: bool) -> None:
    """One line for each factory: key, state, cycle, workers, name.

    \b
    Example:
      betterwork factory list --country VN --state enrolled
    """
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.modules.registry.presentations import FACTORY_IN_LIST, STATES
    from betterwork.modules.registry.queries import factories_kept, with_figures

    rows = FACTORIES_READ.visible_to(actor_of_command())
    rows = with_figures(rows if merged else factories_kept(rows), timezone.localdate())
    if country:
        rows = rows.filter(country=_country(country, None))
    if state:
        if state not in STATES:
            raise WrongUse(f"no state is called {state}: {', '.join(STATES)}")
        rows = rows.filter(state_now=state)
    for one in rows.order_by("country", "outside_id").iterator(chunk_size=1000):
        row = FACTORY_IN_LIST.row(one)
        _say(row.key, row.state, row.cycle, row.workers, row.name)


@command_door(FACTORIES_READ)
@factory.command("show")
@click.argument("key")
def factory_show_command(key: str) -> None:
    """What is known of one factory (its key like VN/2014-7), and its history, newest first."""
    from betterwork.foundation.audiences.names import PROGRAMME
    from betterwork.modules.registry.history import history_of
    from betterwork.modules.registry.queries import factory_facts, factory_kept

    found = _seen(key, FACTORIES_READ)
    kept = factory_kept(found)
    if kept.pk != found.pk:
        _say("merged into", kept, kept.name)
    facts = next(factory_facts([found.pk]))
    for name in ("name", "names", "addresses", "owners", "group", "outside_ids", "workers"):
        value = getattr(facts, name)
        listed = (
            (" ".join(one) if isinstance(one, tuple) else str(one) for one in value) if isinstance(value, tuple) else ()
        )
        _say(name, "; ".join(listed) if isinstance(value, tuple) else value)
    for one in history_of(found, PROGRAMME):
        _say(one.on.isoformat() if one.on else "-", one.what, one.note)


@command_door(FACTORIES_REGISTER)
@factory.command("register")
@click.argument("country")
@click.argument("number")
@click.argument("name")
@click.option("--since", type=_DAY, help="From which day; without it from before the register knew the factory.")
@click.option("--town", default="")
@click.option("--address", default="", help="Street and number.")
@click.option("--owner", default="", help="The owner's legal name.")
@click.option("--headquarters", default="", help="Where the owner's headquarters are.")
def factory_register_command(
    country: str, number: str, name: str, since: datetime | None, town: str, address: str, owner: str, headquarters: str
) -> None:
    """Register a factory. What the form says beyond this is written on its page or by a list."""
    from django.utils import timezone

    from betterwork.modules.registry.services import Answers, factory_register

    actor = actor_of_command()
    site = {"lines": address, "town": town}
    made = factory_register(
        actor=actor.id,
        country=_country(country, countries_kept(actor)),
        outside_id=number,
        name=name,
        since=since.date() if since else None,
        answers=Answers(site=site, ownership={"legal_name": owner, "headquarters": headquarters}),
        at=timezone.now(),
    )
    _say(made)


@command_door(FACTORIES_REGISTER)
@factory.command("import")
@click.argument("file", type=_FILE)
@click.option("--take", is_flag=True, help="Write what the rows do, not only say it.")
def factory_import_command(file: Path, take: bool) -> None:
    """Say for each row of a list what it would do; with --take write it. Exit status 1 when rows were refused.

    \b
    Examples:
      betterwork factory import factories.csv
      betterwork factory import factories.xlsx --take
    """
    from django.utils import timezone

    from betterwork.modules.registry.judging import REFUSED
    from betterwork.modules.registry.models import FactoryImport
    from betterwork.modules.registry.presentations import IMPORT_ROW
    from betterwork.modules.registry.services import list_give, list_take

    actor, at = actor_of_command(), timezone.now()
    kept = countries_kept(actor)
    with file.open("rb") as content:
        given = list_give(actor=actor.id, content=content, name=file.name, countries=kept, at=at)
    for one in given.rows.order_by("number").iterator(chunk_size=1000):
        row = IMPORT_ROW.row(one)
        _say(row.number, row.verdict, f"{row.country}/{row.outside_id}", row.name, row.why)
    counts = ("added", "changed", "unchanged", REFUSED)
    click.echo(", ".join(f"{getattr(given, name)} {name}" for name in counts), err=True)
    if take and given.added + given.changed:
        given = list_take(actor=actor.id, given=given, countries=kept, at=at)
        waits = given.state == FactoryImport.TAKING
        click.echo("the worker takes it: betterwork jobs list shows how far" if waits else "taken", err=True)
    if given.refused:
        sys.exit(1)


@command_door(FACTORIES_KEEP)
@factory.command("merge")
@click.argument("gone")
@click.argument("kept")
@click.option("--reason", required=True, help="Why they are one: it stays with the merge.")
@click.option("--joined", type=_DAY, help="The day on which two factories became one; without it: two records of one.")
def factory_merge_command(gone: str, kept: str, reason: str, joined: datetime | None) -> None:
    """Let the record GONE stand for the factory KEPT (keys like VN/2014-7). It can be undone."""
    from django.utils import timezone

    from betterwork.modules.registry.services import factory_merge

    merge = factory_merge(
        actor=actor_of_command().id,
        gone=_seen(gone, FACTORIES_KEEP),
        kept=_seen(kept, FACTORIES_KEEP),
        reason=reason,
        joined_on=joined.date() if joined else None,
        at=timezone.now(),
    )
    _say(merge.pk)


@command_door(FACTORIES_KEEP)
@factory.command("unmerge")
@click.argument("gone")
@click.option("--reason", required=True, help="Why they are two after all.")
def factory_unmerge_command(gone: str, reason: str) -> None:
    """Undo the merge of the record GONE: both stand apart again, each as it was."""
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.modules.registry.models import Merge
    from betterwork.modules.registry.services import factory_unmerge

    found = _seen(gone, FACTORIES_KEEP)
    merge = Merge.objects.filter(gone=found, undone_at__isnull=True).first()
    if merge is None:
        raise WrongUse(f"{found} is merged into nothing")
    factory_unmerge(actor=actor_of_command().id, merge=merge, reason=reason, at=timezone.now())


@command_door(COVERAGE_READ)
@factory.command("participation")
@click.argument("country")
def factory_participation_command(country: str) -> None:
    """Who must take part in a country and does not; the rule and its source on the error output."""
    from django.utils import timezone

    from betterwork.modules.registry.presentations import FACTORY_WITH_DUTY
    from betterwork.modules.registry.queries import factories_kept, with_duty
    from betterwork.modules.registry.settings_of import condition_of_export

    actor, today = actor_of_command(), timezone.localdate()
    code = _country(country, countries_seen(actor))
    rule = condition_of_export(code, today)
    click.echo(f"participation_condition_of_export = {rule.value} ({rule.source})", err=True)
    rows = factories_kept(FACTORIES_READ.visible_to(actor).filter(country=code))
    for one in (
        with_duty(rows, today, condition=rule.value == "yes").exclude(duty="free").order_by("duty", "name", "id")
    ):
        row = FACTORY_WITH_DUTY.row(one)
        _say(row.duty, row.key, row.name, row.source)


@command_door(COVERAGE_READ)
@factory.command("coverage")
@click.argument("country")
@click.option("--on", type=_DAY, help="Only this day, instead of the end of each year.")
def factory_coverage_command(country: str, on: datetime | None) -> None:
    """What the programme reaches in a country: day, factories, workers, shares of the sector, family members."""
    from django.utils import timezone

    from betterwork.modules.registry.covering import coverage_of_day, coverage_over_time

    code = _country(country, countries_seen(actor_of_command()))
    rows = [coverage_of_day(code, on.date())] if on else coverage_over_time(code, timezone.localdate())
    _say("day", "factories", "workers", "counted", "share_of_factories", "share_of_workers", "family")
    for one in rows:
        shares = ("" if part is None else f"{part:.4f}" for part in (one.share_of_factories, one.share_of_workers))
        _say(one.day, one.factories, one.workers, one.counted, *shares, one.family)
