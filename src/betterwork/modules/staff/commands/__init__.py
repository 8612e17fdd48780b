"""The command `betterwork staff`."""

from __future__ import annotations

from datetime import datetime

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.staff.policy import STAFF_FACTS, STAFF_PEOPLE
from betterwork.modules.staff.rules import KINDS

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def staff() -> None:
    """Competence, languages, leave and conflicts of interest of those who work for the programme."""


@command_door(STAFF_FACTS)
@staff.command("list")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="What holds on this day; today unless told.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Of this kind only.")
def staff_list_command(on: datetime | None, kind: str | None) -> None:
    """List what holds on a day, tab separated: person, kind, what, level, from, until.

    \b
    Example:
      betterwork staff list --kind language
    """
    from django.utils import timezone

    from betterwork.modules.staff.queries import facts_on

    day = on.date() if on else timezone.localdate()
    held = facts_on(day, kinds=[kind] if kind else ())
    rows = STAFF_FACTS.visible_to(actor_of_command()).filter(pk__in=held.values("pk")).order_by("person", "kind", "id")
    for one in rows.iterator():
        click.echo("\t".join((one.person, one.kind, one.about, one.level, str(one.starts), str(one.ends or ""))))


@command_door(STAFF_PEOPLE)
@staff.command("enter")
@click.argument("person")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.option("--about", default="", help="Which competence or language; the scope of a conflict: factory:VN/17.")
@click.option("--level", default="", help="Its level.")
@click.option("--from", "start", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option("--until", "end", type=_DAY, metavar="YYYY-MM-DD", help="Last day, whole.")
@click.option("--note", default="", help="What a conflict consists in; where a competence was shown.")
def staff_enter_command(
    person: str, kind: str, about: str, level: str, start: datetime, end: datetime | None, note: str
) -> None:
    """Enter something of a PERSON (address or id).

    \b
    Examples:
      betterwork staff enter one@ilo.example language --about vi --level first --from 2026-01-01
      betterwork staff enter one@ilo.example leave --from 2026-07-01 --until 2026-07-14
    """
    from django.utils import timezone

    from betterwork.foundation.people.queries import person_of
    from betterwork.modules.staff.services import fact_enter

    actor, found = actor_of_command(), person_of(person)
    if not STAFF_PEOPLE.may(actor, found):
        raise WrongUse(f"nobody you oversee is {person}")
    fact = fact_enter(
        actor=actor.id,
        person=found.public_id,
        kind=kind,
        about=about,
        level=level,
        starts=start.date(),
        ends=end.date() if end else None,
        note=note,
        at=timezone.now(),
    )
    click.echo(fact.id)
