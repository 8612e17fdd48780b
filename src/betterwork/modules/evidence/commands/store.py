"""`evidence build` and `evidence snapshot`."""

from __future__ import annotations

import sys

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.evidence.policy import EVIDENCE_BUILD


@click.group()
def evidence() -> None:
    """What the assessments show: rates, trends, change, years in the programme.

    \b
    Examples:
      betterwork evidence build
      betterwork evidence rates --by point --country "Viet Nam" --from 2014-02 --to 2015-02
      betterwork evidence snapshot viet-nam-8
    """


@command_door(EVIDENCE_BUILD)
@evidence.command("build")
@click.option("-v", "--verbose", is_flag=True, help="Name each country and year that is written anew.")
@click.option("--figures/--no-figures", default=True, show_default=True, help="Make the figures of the pages too.")
def build(verbose: bool, figures: bool) -> None:
    """Bring the store up to date with the sealed assessments.

    Only countries and years whose assessments changed are written anew. A build that is stopped
    leaves the store as it was. Then the figures that the pages of evidence show are counted, for the
    countries where something changed.

    \b
    Examples:
      betterwork evidence build
    """
    from django.utils import timezone

    from betterwork.modules.assessments.queries import current_digests
    from betterwork.modules.evidence.services import store_build

    with click.progressbar(
        length=len(current_digests()), label="projecting assessments", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        built = store_build(
            at=timezone.now(),
            actor=actor_of_command().id,
            progress=lambda place, documents: bar.update(documents),
        )
    for partition in built.written if verbose else ():
        click.echo(
            f"{partition.country} {partition.year}: {partition.documents} assessment"
            f"{'' if partition.documents == 1 else 's'}, {partition.rows['answers']} answers written"
        )
    click.echo(
        f"{len(built.written)} partitions written, {built.reused} unchanged; the store holds "
        f"{built.build.documents} assessments, digest {built.build.set_digest[:16]}"
    )
    if figures:
        _figures_make()


def _figures_make() -> None:
    from django.utils import timezone

    from betterwork.modules.evidence.figures.services import figures_make

    with click.progressbar(
        length=1, label="counting countries", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def told(done: int, of: int, country: str) -> None:
            bar.length, bar.pos = of, done
            bar.update(0)

        made = figures_make(at=timezone.now(), actor=actor_of_command().id, progress=told)
    click.echo(f"figures of {len(made)} countr{'y' if len(made) == 1 else 'ies'} for the pages of evidence")


@command_door(EVIDENCE_BUILD)
@evidence.command("snapshot")
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Show the sealed snapshots instead.")
def snapshot(name: str | None, listing: bool) -> None:
    """Seal the documents that the store holds now under NAME.

    Every table command takes --snapshot NAME and then answers from exactly these documents,
    whatever is imported or corrected later. A name is never given to another set.

    \b
    Examples:
      betterwork evidence snapshot viet-nam-8
      betterwork evidence rates --by point --country "Viet Nam" --snapshot viet-nam-8
      betterwork evidence snapshot --list
    """
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.modules.evidence.queries import snapshots, store_notice
    from betterwork.modules.evidence.services import snapshot_seal, store_current

    if listing:
        for one in snapshots():
            click.echo(one)
        return
    if name is None:
        raise WrongUse("give the snapshot a name: betterwork evidence snapshot NAME")
    build = store_current()
    notice = store_notice(build)
    if notice:
        click.echo(notice, err=True)
    sealed = snapshot_seal(name=name, build=build, at=timezone.now(), actor=actor_of_command().id)
    click.echo(f"snapshot {name}: {build.documents} documents, set {build.set_digest}, sealed as {sealed.digest}")
