"""The command `betterwork alert`."""

from __future__ import annotations

from datetime import datetime

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.alerts.policy import CONCERNS_WORK, NAMED_KEEP, NAMED_READ, countries_kept, countries_of

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def alert() -> None:
    """Concerns and serious violations."""


@command_door(CONCERNS_WORK)
@alert.command("list")
@click.option("--open", "only_open", is_flag=True, help="Without those that are closed.")
def alert_list_command(only_open: bool) -> None:
    """List the concerns that you answer, tab separated: id, country, state, until when, what runs.

    Nothing of what they say: that is read on their pages. Not for the operator of the machine.

    \b
    Example:
      betterwork --as one@ilo.example alert list --open
    """
    from django.utils import timezone

    from betterwork.modules.alerts.presentations import clock_running
    from betterwork.modules.alerts.queries import concerns_open

    at = timezone.now()
    rows = CONCERNS_WORK.visible_to(actor_of_command())
    rows = concerns_open(rows) if only_open else rows.order_by("clock_from", "id")
    for one in rows.iterator():
        clock = clock_running(one, at)
        parts = (one.id, one.country, one.state, clock.due.isoformat() if clock else "", clock.left if clock else "")
        click.echo("\t".join(parts))


@alert.group("named")
def named() -> None:
    """Who is told of the concerns of a country, and answers them."""


@command_door(NAMED_READ)
@named.command("list")
@click.option("--country", metavar="CODE", help="Of this country only.")
def named_list_command(country: str | None) -> None:
    """List who is, was and will be named, tab separated: id, country, person, from, until, whether it counts now.

    \b
    Example:
      betterwork alert named list --country VN
    """
    from django.utils import timezone

    from betterwork.modules.alerts.queries import named_now

    counted = set(named_now(timezone.now()).values_list("id", flat=True))
    rows = NAMED_READ.visible_to(actor_of_command()).order_by("country", "first", "id")
    for one in rows.filter(country=country.upper()) if country else rows:
        end = one.ended_at.date() if one.ended_at else one.last
        counts = "counts" if one.id in counted else ""
        click.echo("\t".join((one.id, one.country, one.person, str(one.first), str(end or ""), counts)))


@command_door(NAMED_READ)
@named.command("check")
def named_check_command() -> None:
    """Say which countries have nobody named, or only one; ends with status 1 where there is such a country."""
    from django.utils import timezone

    from betterwork.modules.alerts.queries import countries_short
    from betterwork.modules.countries.queries import countries_known

    actor = actor_of_command()
    within = None if actor.is_operator else countries_of(actor)
    codes = [one.code for one in countries_known() if within is None or one.code in within]
    short = countries_short(codes, timezone.now())
    for country, count in short.items():
        click.echo(f"{country}\t{'only one person is named' if count else 'nobody is named'}")
    if short:
        raise SystemExit(1)


@command_door(NAMED_KEEP)
@named.command("add")
@click.argument("country")
@click.argument("person")
@click.option("--from", "first", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option("--until", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day, whole.")
def named_add_command(country: str, person: str, first: datetime, last: datetime | None) -> None:
    """Name a PERSON (address or id) for the concerns of a COUNTRY.

    \b
    Example:
      betterwork alert named add VN one@ilo.example --from 2026-12-01
    """
    from django.utils import timezone

    from betterwork.foundation.people.queries import person_of
    from betterwork.modules.alerts.naming import named_enter

    actor, code = actor_of_command(), country.upper()
    kept = countries_kept(actor)
    if kept is not None and code not in kept:
        raise WrongUse("you name persons in the countries that you manage")
    naming = named_enter(
        actor=actor.id,
        country=code,
        person=person_of(person).public_id,
        first=first.date(),
        last=last.date() if last else None,
        at=timezone.now(),
    )
    click.echo(naming.id)


@command_door(NAMED_KEEP)
@named.command("end")
@click.argument("naming")
@click.option("--last-day", type=_DAY, metavar="YYYY-MM-DD", help="Last day, whole; now unless told.")
def named_end_command(naming: str, last_day: datetime | None) -> None:
    """End a NAMING (its id, as `betterwork alert named list` shows it)."""
    from django.utils import timezone

    from betterwork.modules.alerts.naming import named_end

    actor = actor_of_command()
    found = NAMED_KEEP.visible_to(actor).filter(pk=naming).first()
    if found is None:
        raise WrongUse("there is no such naming that is yours to end; betterwork alert named list shows them")
    named_end(actor=actor.id, naming=found, last_day=last_day.date() if last_day else None, at=timezone.now())
    click.echo(found.id)
