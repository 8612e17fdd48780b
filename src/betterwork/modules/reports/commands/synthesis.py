"""`report synthesis`."""

from __future__ import annotations

from pathlib import Path

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.reports.policy import REPORT_MAKE


@click.group()
def report() -> None:
    """What is published: the synthesis report of a country.

    \b
    Examples:
      betterwork report synthesis --country "Viet Nam" --from 2014-02 --to 2015-02 -o report
    """


@command_door(REPORT_MAKE)
@report.command("synthesis")
@click.option("--country", required=True, help="The country, in any shipped spelling: Viet Nam, Vietnam, VNM.")
@click.option("--from", "start", required=True, metavar="DAY", help="YYYY-MM (whole month) or YYYY-MM-DD.")
@click.option("--to", "end", required=True, metavar="DAY", help="YYYY-MM (whole month) or YYYY-MM-DD; inside.")
@click.option("--snapshot", metavar="NAME", help="Make it from a sealed snapshot instead of the current build.")
@click.option(
    "--minimum-group",
    type=click.IntRange(min=1),
    help="Withhold results of fewer factories than this. The country's own setting where not given.",
)
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to write: a new or empty one, or an earlier report, which is then replaced.",
)
def synthesis(
    country: str, start: str, end: str, snapshot: str | None, minimum_group: int | None, target: Path
) -> None:
    """Write the synthesis report of a country and period into a folder.

    \b
    The folder then holds
      index.html      the report as one page that needs nothing else
      report.pdf      the same as an accessible PDF (PDF/UA-1)
      tables.xlsx     all tables in one workbook
      tables/         each table as CSV with its definition
      charts/         each chart as SVG
      manifest.json   snapshot, rules, versions, SHA-256 of every file
    The same snapshot gives the same bytes. No factory is named, and results of few factories are
    withheld.

    \b
    Examples:
      betterwork report synthesis --country "Viet Nam" --from 2014-02 --to 2015-02 -o report
      betterwork report synthesis --country Jordan --from 2012-10 --to 2013-09 --snapshot jordan-5 -o jordan
    """
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.evidence.queries import store_open, window_day
    from betterwork.modules.reports.output.folder import folder_check
    from betterwork.modules.reports.queries import report_data
    from betterwork.modules.reports.services import report_make
    from betterwork.modules.reports.words import factories, period

    known = country_required(country)
    first, last = window_day(start, last=False), window_day(end, last=True)
    if first is None or last is None or first > last:
        raise WrongUse(f"the period starts on {start} and ends on {end}: exchange them")
    folder_check(target)
    with store_open(snapshot) as store:
        if store.notice:
            click.echo(f"note: {store.notice}", err=True)
        data = report_data(store=store, country=known, start=first, end=last, minimum_group=minimum_group)
    written = report_make(actor=actor_of_command().id, data=data, target=target, at=timezone.now())
    counted, minimum = written.factories.counted, written.frame.minimum_group
    if counted < minimum:
        click.echo(
            f"{factories(counted)}: fewer than the minimum group of {minimum}, so every result is withheld; "
            "--minimum-group 1 for a reading inside the programme",
            err=True,
        )
    click.echo(f"{known.name}, {period(first, last)}: {factories(counted)} in the report. Open {target / 'index.html'}")


@command_door(REPORT_MAKE)
@report.command("keep")
@click.option("--country", required=True, help="The country, in any shipped spelling: Viet Nam, Vietnam, VNM.")
@click.option("--from", "start", required=True, metavar="DAY", help="YYYY-MM (whole month) or YYYY-MM-DD.")
@click.option("--to", "end", required=True, metavar="DAY", help="YYYY-MM (whole month) or YYYY-MM-DD; inside.")
@click.option("--snapshot", default="", metavar="NAME", help="A sealed snapshot. Default: the newest evidence, sealed.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help="Write its files into this folder too: a new or empty one, or an earlier report, which is then replaced.",
)
def keep(country: str, start: str, end: str, snapshot: str, target: Path | None) -> None:
    """Make the synthesis report of a country and period and keep it: it then stands on the page of reports.

    Its files are kept by their content and named by a sealed document. From the page it is brought before the
    committee and released. With -o the same files stand in a folder too, as `report synthesis` writes them.

    \b
    Examples:
      betterwork report keep --country "Viet Nam" --from 2014-02 --to 2015-02 --snapshot viet-nam-8
      betterwork report keep --country Jordan --from 2012-10 --to 2013-09 -o jordan
    """
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.evidence.queries import window_day
    from betterwork.modules.reports.asking import report_ask
    from betterwork.modules.reports.keeping import report_copy, report_keep
    from betterwork.modules.reports.output.folder import folder_check

    known, actor, at = country_required(country), actor_of_command().id, timezone.now()
    first, last = window_day(start, last=False), window_day(end, last=True)
    if first is None or last is None:
        raise WrongUse("give the first and the last day of the period")
    if target is not None:
        folder_check(target)
    asked = report_ask(actor=actor, country=known.code, starts=first, ends=last, snapshot=snapshot, at=at, by_job=False)
    kept = report_keep(actor=actor, report=asked.pk, at=at)
    assert kept.document is not None
    click.echo(f"kept as report {kept.pk}, snapshot {kept.snapshot}, sealed as {kept.document.digest}")
    if target is not None:
        report_copy(report=kept, target=target)
        click.echo(f"its files stand in {target} too: open {target / 'index.html'}")
