"""The command `betterwork country`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import NotAllowed, actor_of_command, command_door
from betterwork.modules.countries.policy import LIFE_ENTER, PROGRAMME_RULES_READ, PROGRAMMES_READ, RULES_ENTER
from betterwork.modules.countries.rules import STATES

_DAY = click.DateTime(["%Y-%m-%d"])
EVERY = "all"
"""What stands for the country where a rule for every country is meant."""


@click.group()
def country() -> None:
    """Country programmes: their life, and the dated rules of each with its source."""


@command_door(PROGRAMMES_READ)
@country.command("list")
def country_list_command() -> None:
    """Show the country programmes and how they stand today.

    \b
    Example:
      betterwork country list
    """
    from django.utils import timezone

    from betterwork.modules.countries.presentations import PROGRAMME_FOR_STAFF
    from betterwork.modules.countries.queries import programmes_shown

    rows = programmes_shown(PROGRAMMES_READ.visible_to(actor_of_command()), timezone.localdate())
    for one in PROGRAMME_FOR_STAFF.rows(rows.order_by("name")):
        coming = f"  then {one.next_word} from {one.next_first}" if one.next_word else ""
        click.echo(f"{one.code}  {one.name}  {one.state or 'not begun'}  since {one.since or '-'}{coming}")


@command_door(PROGRAMMES_READ)
@country.command("show")
@click.argument("country")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="As things stood on this day; today unless told.")
def country_show_command(country: str, on: datetime | None) -> None:
    """Show a COUNTRY's life and the rules that hold in it, each with its source. Write `all` for the programme's own.

    \b
    Examples:
      betterwork country show "Viet Nam"
      betterwork country show KH --on 2015-06-30
    """
    from betterwork.modules.countries.declaring import SETTINGS
    from betterwork.modules.countries.models import Programme
    from betterwork.modules.countries.queries import life_of, setting_decided, settings_held
    from betterwork.modules.countries.rules import decided_on

    owner, day = _owner(country), _day(on)
    if owner:
        programme = Programme.objects.get(pk=owner)
        click.echo(f"{owner}  {programme.name}")
        for lived in life_of(programme):
            click.echo(f"  {lived.state} from {lived.first}")
    with settings_held():
        for name in SETTINGS:
            found = decided_on(setting_decided(owner, name), day)
            if found is None:
                click.echo(f"{name}: nothing entered")
                continue
            whose = "own" if found.own and owner else "the programme's"
            until = found.end or "further notice"
            click.echo(f"{name}: {found.entry.value}  ({whose}; {found.start} to {until}; {found.entry.source})")


@command_door(RULES_ENTER)
@country.command("setting")
@click.argument("country")
@click.argument("name")
@click.argument("value", required=False)
@click.option("--own-no-more", is_flag=True, help="Instead of a value: the programme's rule holds again.")
@click.option("--from", "first", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option(
    "--until", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day, whole; else until another is entered."
)
@click.option("--source", required=True, help="Where the rule is written: a decision, a law, a letter, with its date.")
def country_setting_command(
    country: str,
    name: str,
    value: str | None,
    own_no_more: bool,
    first: datetime,
    last: datetime | None,
    source: str,
) -> None:
    """Enter a VALUE of the rule NAME for a COUNTRY from a day on. Write `all` for every country.

    \b
    Examples:
      betterwork country setting JO report_release_days 21 --from 2027-01-01 --source "decision of 3 Nov 2026"
      betterwork country setting JO report_release_days --own-no-more --from 2028-01-01 --source "decision of 2027"
    """
    from django.utils import timezone

    from betterwork.modules.countries.services import setting_enter

    if (value is None) != own_no_more:
        raise WrongUse("give a value, or --own-no-more instead of one")
    owner = _owner(country)
    _may_enter(owner)
    made = setting_enter(
        actor=actor_of_command().id,
        country=owner,
        name=name,
        value=value,
        first=first.date(),
        last=last.date() if last else None,
        source=source,
        at=timezone.now(),
    )
    click.echo(f"{owner or EVERY}  {made.name}  {made.value or 'the programme rule'}  from {made.first}")


@command_door(LIFE_ENTER)
@country.command("state")
@click.argument("country")
@click.argument("state", type=click.Choice(STATES))
@click.option("--from", "first", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day; it may lie ahead.")
@click.option("--source", required=True, help="Where it was decided, with its date.")
def country_state_command(country: str, state: str, first: datetime, source: str) -> None:
    """Enter the next STATE of a COUNTRY's programme. A country without a programme gets one, by its two letters.

    \b
    Examples:
      betterwork country state EG candidate --from 2026-01-01 --source "letter of the ministry, 12 Dec 2025"
      betterwork country state LS closed --from 2016-07-01 --source "end of the project"
    """
    from django.utils import timezone

    from betterwork.modules.countries.models import Programme
    from betterwork.modules.countries.queries import country_codes, country_named
    from betterwork.modules.countries.services import programme_add, state_enter

    given: dict[str, Any] = {
        "actor": actor_of_command().id,
        "state": state,
        "first": first.date(),
        "source": source,
        "at": timezone.now(),
    }
    known = country_named(country)
    if known is None and country.upper() in country_codes():
        made = programme_add(code=country.upper(), name=country_codes()[country.upper()], **given)
        click.echo(f"{made.code}  {made.name}  added as {state} from {first:%Y-%m-%d}")
        return
    programme = Programme.objects.get(pk=_owner(country))
    state_enter(programme=programme, **given)
    click.echo(f"{programme.code}  {programme.name}  {state} from {first:%Y-%m-%d}")


def _owner(country: str) -> str:
    """The code of a country, or "" for every country, as far as the actor sees it."""
    from betterwork.modules.countries.models import Programme
    from betterwork.modules.countries.queries import country_required

    if country == EVERY:
        if not PROGRAMME_RULES_READ.may(actor_of_command()):
            raise NotAllowed(f"this is not yours to do: {PROGRAMME_RULES_READ.says}")
        return ""
    code = country_required(country).code
    if not PROGRAMMES_READ.may(actor_of_command(), Programme(pk=code)):
        raise WrongUse(f"no country programme that is yours to see is called {country!r}")
    return code


def _may_enter(owner: str) -> None:
    from betterwork.modules.countries.models import Programme
    from betterwork.modules.countries.policy import PROGRAMMES_RUN

    actor = actor_of_command()
    if not (RULES_ENTER.may(actor, Programme(pk=owner)) if owner else PROGRAMMES_RUN.may(actor)):
        raise NotAllowed(f"this is not yours to do: {RULES_ENTER.says if owner else PROGRAMMES_RUN.says}")


def _day(on: datetime | None) -> date:
    from django.utils import timezone

    return on.date() if on else timezone.localdate()
