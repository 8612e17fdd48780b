"""`evidence rates`, `trend`, `effort`, `tenure` and `headline`: parse, ask one query, write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from betterwork.foundation.doors.commands import command_door
from betterwork.modules.evidence.policy import EVIDENCE_READ

if TYPE_CHECKING:
    from betterwork.core.evidence.choice import Choice
    from betterwork.core.evidence.tables import Table
    from betterwork.modules.evidence.store import Store

Command = Callable[..., Any]
LEVELS = ("question", "point", "cluster")


def _options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _by(*levels: str) -> Callable[[Command], Command]:
    return click.option("--by", type=click.Choice(levels), required=True, help="What the rows are.")


_country = click.option("--country", metavar="NAME", help="One country programme, in any usual spelling. Default: all.")
_window = _options(
    click.option("--from", "start", metavar="YYYY-MM[-DD]", help="First month or day; inside."),
    click.option("--to", "end", metavar="YYYY-MM[-DD]", help="Last month or day; inside."),
)
_cycle = click.option("--cycle", type=click.IntRange(min=1), metavar="N", help="Only assessments of this cycle.")
_rules = _options(
    click.option("--manual-rules", is_flag=True, help="Follow the analysts' manual to the letter, to reconcile."),
    click.option("--comparable-only", is_flag=True, help="Only questions that every tool version asks."),
    click.option("--level", type=click.Choice(["factory", "national"]), default="factory", show_default=True,
                 help="Findings on the factory's conduct, or on the country's law and practice."),
)  # fmt: skip
_output = _options(
    click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), default="table",
                 show_default=True, help="table is for reading; shares in the others are fractions 0 to 1."),
    click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
                 help="Write to FILE. Default: standard output."),
    click.option("--snapshot", metavar="NAME", help="Answer from the documents of a sealed snapshot."),
)  # fmt: skip


@command_door(EVIDENCE_READ)
@click.command("rates")
@_by(*LEVELS, "factory")
@_options(_country, _window, _cycle, _rules, _output)
def rates(by: str, **options: Any) -> None:
    """Non-compliance rates of the assessments that count.

    Without a window or cycle the latest assessment of each factory counts; with a window the latest
    that starts inside it; with a cycle that cycle. Obsolete factories are left out.

    \b
    Examples:
      betterwork evidence rates --by point --country "Viet Nam" --from 2014-02 --to 2015-02
      betterwork evidence rates --by question --cycle 2 --format csv -o cycle-2.csv
      betterwork evidence rates --by factory --country Jordan --snapshot jordan-6
      betterwork evidence rates --by point --country Haiti --manual-rules --format json
    """
    _write(options, lambda store, choice: _queries().rates(store, by, choice))


@command_door(EVIDENCE_READ)
@click.command("trend")
@_by(*LEVELS)
@click.option("--panel", type=click.IntRange(min=1), metavar="K", help="Balanced panel: cycles 1 to K.")
@click.option("--period", type=click.Choice(["year"]), help="Calendar years instead of cycles.")
@_options(_country, _window, _rules, _output)
def trend(by: str, panel: int | None, period: str | None, **options: Any) -> None:
    """Rates over the cycles of a balanced panel, or over calendar years.

    The panel's factories have every cycle from 1 to K; the note says how many were left out and
    why. The columns comparable and note say where tool versions do not ask the same.

    \b
    Examples:
      betterwork evidence trend --by point --panel 3 --country Cambodia
      betterwork evidence trend --by cluster --period year --format csv
    """
    _write(options, lambda store, choice: _queries().trend(store, by, choice, panel=panel, period=period))


@command_door(EVIDENCE_READ)
@click.command("effort")
@_by(*LEVELS)
@_options(_country, _window, _cycle, _rules, _output)
def effort(by: str, **options: Any) -> None:
    """Improvement between each factory's last two assessments.

    Positive is better (the published "compliance effort"). Counts are paired: the same factories at
    both assessments, with McNemar's exact test.

    \b
    Examples:
      betterwork evidence effort --by point --country "Viet Nam" --from 2014-02 --to 2015-02
      betterwork evidence effort --by cluster --format json
    """
    _write(options, lambda store, choice: _queries().effort(store, by, choice))


@command_door(EVIDENCE_READ)
@click.command("tenure")
@_by(*LEVELS)
@_options(_country, _window, _cycle, _rules, _output)
def tenure(by: str, **options: Any) -> None:
    """Rates by whole years in the programme: 0, 1, 2, 3, 4+.

    \b
    Examples:
      betterwork evidence tenure --by point --country Jordan
      betterwork evidence tenure --by cluster --format csv -o tenure.csv
    """
    _write(options, lambda store, choice: _queries().tenure(store, by, choice))


@command_door(EVIDENCE_READ)
@click.command("headline")
@_options(_country, _window, _output)
def headline(**options: Any) -> None:
    """The paper's headline facts, computed: which hold, of how many.

    \b
    Examples:
      betterwork evidence headline
      betterwork evidence headline --country Haiti --format json
    """
    _write(options, lambda store, choice: _queries().headline_table(store, choice))


def _queries() -> Any:
    from betterwork.modules.evidence import queries

    return queries


def _choice(options: dict[str, Any]) -> Choice:
    from betterwork.core.evidence.choice import Choice, window_day
    from betterwork.modules.countries.queries import country_required

    country = options["country"]
    return Choice(
        country=None if country is None else country_required(country).code,
        start=window_day(options["start"], last=False),
        end=window_day(options["end"], last=True),
        cycle=options.get("cycle"),
        manual_rules=options.get("manual_rules", False),
        comparable_only=options.get("comparable_only", False),
        level=options.get("level", "factory"),
    )


def _write(options: dict[str, Any], query: Callable[[Store, Choice], Table]) -> None:
    from betterwork.modules.evidence.presentation import table_bytes

    choice = _choice(options)
    file, form = options["output"], options["form"]
    if form == "parquet" and file is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for the screen: name a file with -o FILE.")
    with _queries().store_open(options["snapshot"]) as store:
        if store.notice:
            click.echo(store.notice, err=True)
        table = query(store, choice)
    data = table_bytes(table, form)
    if file is None:
        click.echo(data, nl=False)
    else:
        _file_write(file, data)
    if not table.rows:
        click.echo("no assessments match: the table has no rows", err=True)


def _file_write(file: Path, data: bytes) -> None:
    from betterwork.core.errors import BetterWorkError

    file = file.resolve()  # a link stays a link: what it leads to is written
    aside = file.with_name(f".{file.name}.aside")
    try:
        if file.exists() and not file.is_file():  # a device or a pipe takes the bytes and is not replaced
            file.write_bytes(data)
            return
        aside.write_bytes(data)
        aside.replace(file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise BetterWorkError(f"{file}: cannot be written ({error.strerror})") from error
