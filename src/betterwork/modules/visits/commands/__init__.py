"""The command `betterwork visit`."""

from __future__ import annotations

from datetime import datetime

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.visits.policy import DUE_READ, PLANS, VISITS_READ, countries_planned
from betterwork.modules.visits.rules import KINDS, STATES

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def visit() -> None:
    """Who goes where and when: due factories, plans, the calendar."""


def _country(text: str) -> str:
    from betterwork.modules.countries.queries import country_required

    code, planned = country_required(text).code, countries_planned(actor_of_command())
    if planned is not None and code not in planned:
        raise WrongUse("you plan no visits in this country")
    return code


@command_door(DUE_READ)
@visit.command("due")
@click.argument("country")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="As of this day; today unless told.")
@click.option("--overdue", is_flag=True, help="Only what is overdue and not planned.")
def visit_due_command(country: str, on: datetime | None, overdue: bool) -> None:
    """List when the factories of a COUNTRY are due, tab separated: factory, due, last assessed, state, name.

    \b
    Example:
      betterwork visit due VN --overdue
    """
    from django.utils import timezone

    from betterwork.modules.visits.due import factories_due

    day = on.date() if on else timezone.localdate()
    for one in factories_due(_country(country), day):
        state = "planned" if one.visit else one.state
        if not overdue or state == "overdue":
            click.echo(
                "\t".join((f"{one.country}/{one.outside_id}", str(one.due), str(one.last or ""), state, one.name))
            )


@command_door(PLANS)
@visit.command("plan")
@click.argument("country")
@click.option("--from", "first", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option("--until", "last", type=_DAY, required=True, metavar="YYYY-MM-DD", help="Last day, whole.")
def visit_plan_command(country: str, first: datetime, last: datetime) -> None:
    """Ask for a plan of assessments in a COUNTRY; a worker makes it. Prints its key.

    \b
    Example:
      betterwork visit plan VN --from 2027-01-04 --until 2027-12-31
    """
    from django.utils import timezone

    from betterwork.modules.visits.planning import plan_ask

    actor = actor_of_command()
    code = _country(country)
    plan = plan_ask(actor=actor.id, country=code, first_day=first.date(), last_day=last.date(), at=timezone.now())
    click.echo(plan.pk)


@command_door(VISITS_READ)
@visit.command("list")
@click.option("--country", help="Of this country only.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Of this kind only.")
@click.option("--state", type=click.Choice(sorted(STATES)), help="In this state only.")
def visit_list_command(country: str | None, kind: str | None, state: str | None) -> None:
    """List the visits you may know of, tab separated: key, state, kind, first day, last day, factory, its name.

    \b
    Example:
      betterwork visit list --country VN --state planned
    """
    from betterwork.modules.countries.queries import country_required

    rows = VISITS_READ.visible_to(actor_of_command()).select_related("factory").order_by("first_day", "id")
    if country:
        rows = rows.filter(country=country_required(country).code)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    for one in rows.iterator():
        days = (str(one.first_day), str(one.last_day))
        click.echo("\t".join((one.pk, one.state, one.kind, *days, str(one.factory), one.factory.name)))
