"""The command `betterwork duplicates`."""

from __future__ import annotations

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.duplicates.policy import PAIRS_DECIDE, PAIRS_FIND, PAIRS_MEASURE


@click.group()
def duplicates() -> None:
    """Factories that may be one and the same: found, merged, taken apart again."""


@command_door(PAIRS_FIND)
@duplicates.command("find")
@click.option("--country", default="", help="Only this country (its name or code); else all that you keep.")
def duplicates_find_command(country: str) -> None:
    """Compare the records of a country now, and keep the pairs that may be one factory.

    \b
    Example:
      betterwork duplicates find --country "Viet Nam"
    """
    from django.utils import timezone

    from betterwork.modules.countries.queries import country_required, country_title
    from betterwork.modules.duplicates.searching import country_search
    from betterwork.modules.registry.models import Factory
    from betterwork.modules.registry.policy import countries_kept

    actor = actor_of_command()
    kept = countries_kept(actor)
    wanted = {country_required(country).code} if country else kept
    if wanted is None:
        wanted = set(Factory.objects.order_by().values_list("country", flat=True).distinct())
    if kept is not None and not wanted <= kept:
        raise WrongUse("you keep the register of other countries: leave --country out, or name one of yours")
    for code in sorted(wanted):
        found = country_search(actor=actor.id, country=code, at=timezone.now())
        click.echo(f"{country_title(code)}: {found.new} new, {found.back} back, {found.gone} no longer alike")
    if not wanted:
        click.echo("no factory is registered yet")


@command_door(PAIRS_DECIDE)
@duplicates.command("list")
@click.option("--country", default="", help="Only this country.")
@click.option("--state", type=click.Choice(["open", "merged", "refused", "unmerged", "gone"]), default="open")
def duplicates_list_command(country: str, state: str) -> None:
    """List pairs: id, how sure, the two records, and why."""
    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.duplicates.presentations import PAIR_FOR_STAFF

    rows = PAIRS_DECIDE.visible_to(actor_of_command()).filter(state=state).select_related("left", "right")
    if country:
        rows = rows.filter(country=country_required(country).code)
    shown = PAIR_FOR_STAFF.rows(rows.order_by("-score", "id"))
    for one in shown:
        left, right = (f"{name} ({number})" for name, number in _called(one))
        click.echo(f"{one.id}  {one.country}  {one.score_word} ({one.score:+.1f})  {left}  =?  {right}")
        click.echo(f"    {one.why}")
    click.echo(f"{len(shown)} {'pair' if len(shown) == 1 else 'pairs'}")


def _called(one: object) -> list[tuple[str, str]]:
    return [(getattr(one, f"{side}__name"), getattr(one, f"{side}__outside_id")) for side in ("left", "right")]


@command_door(PAIRS_DECIDE)
@duplicates.command("merge")
@click.argument("pair")
@click.option("--keep", required=True, help="The number, in its country, of the record that stays.")
@click.option("--reason", required=True, help="How you know that both are one factory.")
def duplicates_merge_command(pair: str, keep: str, reason: str) -> None:
    """Merge the two records of a PAIR (its id, from `list`)."""
    from django.utils import timezone

    from betterwork.modules.duplicates.queries import pair_called
    from betterwork.modules.duplicates.services import pair_merge

    actor = actor_of_command()
    found = pair_called(pair, PAIRS_DECIDE.visible_to(actor))
    ids = {found.left.outside_id: found.left_id, found.right.outside_id: found.right_id}
    if keep not in ids:
        raise WrongUse(f"--keep names neither record: it is {' or '.join(ids)}")
    pair_merge(actor=actor.id, pair=found, kept=ids[keep], reason=reason, at=timezone.now())
    click.echo(f"merged: {keep} stays")


@command_door(PAIRS_DECIDE)
@duplicates.command("refuse")
@click.argument("pair")
@click.option("--reason", required=True, help="How you know that they are two factories.")
def duplicates_refuse_command(pair: str, reason: str) -> None:
    """Say that the two records of a PAIR are two factories."""
    from django.utils import timezone

    from betterwork.modules.duplicates.queries import pair_called
    from betterwork.modules.duplicates.services import pair_refuse

    actor = actor_of_command()
    found = pair_called(pair, PAIRS_DECIDE.visible_to(actor))
    pair_refuse(actor=actor.id, pair=found, reason=reason, at=timezone.now())
    click.echo("kept as two factories")


@command_door(PAIRS_DECIDE)
@duplicates.command("unmerge")
@click.argument("pair")
@click.option("--reason", required=True, help="Why the merge was wrong.")
def duplicates_unmerge_command(pair: str, reason: str) -> None:
    """Take the merged records of a PAIR apart again, exactly."""
    from django.utils import timezone

    from betterwork.modules.duplicates.queries import pair_called
    from betterwork.modules.duplicates.services import pair_unmerge

    actor = actor_of_command()
    found = pair_called(pair, PAIRS_DECIDE.visible_to(actor))
    pair_unmerge(actor=actor.id, pair=found, reason=reason, at=timezone.now())
    click.echo("taken apart: both records stand as they were")


@command_door(PAIRS_MEASURE)
@duplicates.command("measure")
@click.option("--half", type=click.Choice(["held-out", "training"]), default="held-out")
@click.option("--errors", type=click.IntRange(0), default=40, help="At most so many errors of each sort.")
def duplicates_measure_command(half: str, errors: int) -> None:
    """Print precision and recall on labelled SIMULATED pairs, with the errors. Touches no data."""
    from betterwork.modules.duplicates.measuring import half_measure
    from betterwork.modules.duplicates.wording import measured_lines

    click.echo("\n".join(measured_lines(half_measure(half), most=errors)))
