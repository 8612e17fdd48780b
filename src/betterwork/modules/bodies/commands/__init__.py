"""The command `betterwork body`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.modules.bodies.policy import (
    BODIES_FOUND,
    BODIES_KEEP,
    BODIES_READ,
    DECISIONS_READ,
    MATTERS_READ,
    MEETINGS_KEEP,
)
from betterwork.modules.bodies.rules import BY_CONSENSUS, OUTCOMES, VOTES, WAYS

_DAY = click.DateTime(["%Y-%m-%d"])


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


@click.group()
def body() -> None:
    """Committees: who sits in them, when they meet, what they decide."""


@command_door(BODIES_READ)
@body.command("list")
@click.option("--country", default="", metavar="CODE", help="Only of this country, by its ISO code.")
def body_list_command(country: str) -> None:
    """Show the committees you see: id, kind, country, name.

    \b
    Example:
      betterwork body list --country VN
    """
    rows = BODIES_READ.visible_to(actor_of_command()).order_by("country", "name", "id")
    rows = rows.filter(country=country.upper()) if country else rows
    for one in rows.iterator(chunk_size=500):
        click.echo(f"{one.id}  {one.kind}  {one.country or 'world'}  {one.name}")


@command_door(BODIES_READ)
@body.command("show")
@click.argument("body_id", metavar="BODY")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="As it stood on this day; today unless told.")
def body_show_command(body_id: str, on: datetime | None) -> None:
    """Show one committee against its rules: seats, chair, quorum, matters waiting, meetings.

    \b
    Example:
      betterwork body show vn-0193f2…
    """
    from django.utils import timezone

    from betterwork.modules.bodies.models import WAITS
    from betterwork.modules.bodies.queries import body_called, chair_on, members_in_office, rules_on, standing_on

    found = body_called(body_id, BODIES_READ.visible_to(actor_of_command()))
    day = _day(on) or timezone.localdate()
    rules, standing, chair = rules_on(found, day), standing_on(found, day), chair_on(found, day)
    click.echo(f"{found.name}  {found.kind}  {found.country or 'world'}")
    for side in standing.sides:
        click.echo(f"side {side.name}: {side.taken} of {side.seats} seats taken")
    women = "not known" if standing.women_percent is None else f"{standing.women_percent} %"
    click.echo(f"women: {women}, wanted {standing.women_wanted} %")
    click.echo(f"quorum: {rules.value.quorum_percent} % of members; decides by {rules.value.majority}")
    click.echo(f"source: {rules.source}")
    for one in members_in_office([found.id], day).order_by("side", "start", "id"):
        words = "alternate" if one.alternate_for_id else "chair" if one.id == chair else "member"
        click.echo(f"{one.id}  {one.side}  {words}  {one.person}  from {one.start}  until {one.end or 'no end'}")
    for matter in found.matters.filter(state=WAITS).order_by("brought_at", "id"):
        click.echo(f"waits: {matter.id}  {matter.kind}  {matter.subject}  {matter.title}")
    for meeting in found.meetings.order_by("-day", "-number")[:20]:
        click.echo(f"meeting: {meeting.id}  {meeting.number}  {meeting.day}  {meeting.state}")


@command_door(BODIES_FOUND)
@body.command("found")
@click.argument("kind")
@click.argument("name")
@click.option("--country", default="", metavar="CODE", help="Of a country's committee.")
@click.option("--factory", default="", metavar="VN/17", help="Of a factory committee.")
@click.option("--workers", default="", type=click.Choice(["", "union", "elected"]), help="Of a factory committee.")
@click.option("--from", "start", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day.")
def body_found_command(kind: str, name: str, country: str, factory: str, workers: str, start: datetime) -> None:
    """Set up a committee of a KIND under a NAME.

    \b
    Example:
      betterwork body found national-committee "PAC of Viet Nam" --country VN --from 2026-01-01
    """
    from django.utils import timezone

    from betterwork.foundation.doors.roles import COUNTRY_MANAGER, GLOBAL_STAFF
    from betterwork.modules.bodies.services import body_found

    actor = actor_of_command()
    of = (factory.partition("/")[0] or country).upper()
    if not (actor.is_operator or actor.in_world(GLOBAL_STAFF) or of in actor.keys("country", COUNTRY_MANAGER)):
        raise WrongUse("you set up committees of your own country only: name it with --country or --factory")
    made = body_found(
        actor=actor.id,
        kind=kind,
        name=name,
        country=country.upper(),
        factory=f"factory:{factory}" if factory else "",
        workers_chosen=workers,
        start=start.date(),
        at=timezone.now(),
    )
    click.echo(made.id)


@command_door(BODIES_KEEP)
@body.command("seat")
@click.argument("body_id", metavar="BODY")
@click.argument("person")
@click.argument("side")
@click.option("--from", "start", type=_DAY, required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option("--until", "end", type=_DAY, metavar="YYYY-MM-DD", help="Last day; else as long as a term is.")
@click.option("--alternate-for", default="", metavar="MEMBER", help="The member (id) she stands in for.")
@click.option("--chair", is_flag=True, help="She chairs from her first day.")
def body_seat_command(
    body_id: str, person: str, side: str, start: datetime, end: datetime | None, alternate_for: str, chair: bool
) -> None:
    """Seat a PERSON (address or id) in a BODY for a SIDE.

    \b
    Example:
      betterwork body seat vn-0193f2… ministry@gov.example government --from 2026-01-01 --chair
    """
    from django.utils import timezone

    from betterwork.foundation.people.policy import PEOPLE_READ
    from betterwork.foundation.people.queries import person_of
    from betterwork.modules.bodies.models import Member
    from betterwork.modules.bodies.queries import body_called
    from betterwork.modules.bodies.services import chair_name, member_seat

    actor, at = actor_of_command(), timezone.now()
    found = body_called(body_id, BODIES_KEEP.visible_to(actor))
    who = person_of(person)
    if not PEOPLE_READ.may(actor, who):
        raise WrongUse(f"nobody you see is {person}: invite the person, or ask global staff to seat her")
    stands_for = Member.objects.filter(pk=alternate_for, body=found).first() if alternate_for else None
    if alternate_for and stands_for is None:
        raise WrongUse("there is no such member in this committee; betterwork body show lists them")
    member = member_seat(
        actor=actor.id,
        body=found,
        person=who.public_id,
        side=side,
        start=start.date(),
        end=_day(end),
        alternate_for=stands_for,
        at=at,
    )
    if chair:
        chair_name(actor=actor.id, body=found, member=member, start=start.date(), at=at)
    click.echo(member.id)


@command_door(BODIES_KEEP)
@body.command("meeting")
@click.argument("body_id", metavar="BODY")
@click.argument("day", type=_DAY)
@click.option("--place", default="", help="Where.")
@click.option("--remote", is_flag=True, help="People can take part remotely.")
@click.option("--written", is_flag=True, help="A written procedure: nobody meets.")
@click.option("--matter", "matters", multiple=True, metavar="MATTER", help="A matter (id) for the agenda; may repeat.")
def body_meeting_command(
    body_id: str, day: datetime, place: str, remote: bool, written: bool, matters: tuple[str, ...]
) -> None:
    """Call a meeting of a BODY on a DAY; its members are told.

    \b
    Example:
      betterwork body meeting vn-0193f2… 2026-12-01 --place "Ministry of labour"
    """
    from django.db import transaction
    from django.utils import timezone

    from betterwork.modules.bodies.meeting import item_add, meeting_call
    from betterwork.modules.bodies.queries import body_called

    actor, at = actor_of_command(), timezone.now()
    found = body_called(body_id, BODIES_KEEP.visible_to(actor))
    with transaction.atomic():
        meeting = meeting_call(
            actor=actor.id, body=found, day=day.date(), place=place, remote=remote, written=written, at=at
        )
        for key in matters:
            item_add(actor=actor.id, meeting=meeting, matter=_matter(key), at=at)
    click.echo(meeting.id)


@command_door(MEETINGS_KEEP)
@body.command("present")
@click.argument("meeting_id", metavar="MEETING")
@click.argument("members", nargs=-1, metavar="[MEMBER]…")
def body_present_command(meeting_id: str, members: tuple[str, ...]) -> None:
    """Note who is present at a MEETING, by the ids of members and alternates, and say whether there is a quorum.

    \b
    Example:
      betterwork body present 0193f2… 0193a1… 0193a2…
    """
    from django.utils import timezone

    from betterwork.modules.bodies.meeting import attendance_note
    from betterwork.modules.bodies.queries import quorum_at

    actor = actor_of_command()
    meeting = attendance_note(actor=actor.id, meeting=_meeting(meeting_id), present=members, at=timezone.now())
    quorum = quorum_at(meeting)
    click.echo(f"{quorum.heard} of {quorum.members} members heard, {quorum.needed} needed")
    for line in quorum.missing or ("There is a quorum.",):
        click.echo(line)


@command_door(MEETINGS_KEEP)
@body.command("decide")
@click.argument("meeting_id", metavar="MEETING")
@click.argument("text")
@click.option("--outcome", type=click.Choice([*OUTCOMES]), required=True, help="What was decided.")
@click.option("--matter", default="", metavar="MATTER", help="The matter (id) that it decides on.")
@click.option("--way", type=click.Choice([*WAYS]), default=BY_CONSENSUS, show_default=True, help="How.")
@click.option(
    "--vote", "votes", multiple=True, metavar="WHO=VOTE", help="A member (id) or side, and yes, no, abstains."
)
@click.option("--reasons", default="", help="Why; needed where it is returned or refused.")
@click.option("--conditions", default="", help="Under which conditions.")
def body_decide_command(
    meeting_id: str,
    text: str,
    outcome: str,
    matter: str,
    way: str,
    votes: tuple[str, ...],
    reasons: str,
    conditions: str,
) -> None:
    """Record and seal a decision of a MEETING with its TEXT. Without a quorum or a majority it is refused.

    \b
    Examples:
      betterwork body decide 0193f2… "The tool is approved." --outcome approved --matter 0193f3…
      betterwork body decide 0193f2… "Approved." --outcome approved --way sides --vote workers=yes --vote employers=yes
    """
    from django.utils import timezone

    from betterwork.modules.bodies.deciding import decision_take
    from betterwork.modules.bodies.rules import Ballot

    found = decision_take(
        actor=actor_of_command().id,
        meeting=_meeting(meeting_id),
        text=text,
        outcome=outcome,
        ballot=Ballot(way, _votes(votes)),
        matter=_matter(matter) if matter else None,
        reasons=reasons,
        conditions=conditions,
        at=timezone.now(),
    )
    click.echo(f"{found.id}  decision {found.number}  {found.outcome}  sealed as {found.document.digest}")


@command_door(MATTERS_READ)
@body.command("matters")
@click.option("--all", "everything", is_flag=True, help="Those that were decided or withdrawn too.")
def body_matters_command(everything: bool) -> None:
    """Show the matters that wait before committees: id, kind, subject, committee, title.

    \b
    Example:
      betterwork body matters
    """
    from betterwork.modules.bodies.models import WAITS

    rows = MATTERS_READ.visible_to(actor_of_command()).select_related("body").order_by("brought_at", "id")
    for one in (rows if everything else rows.filter(state=WAITS)).iterator(chunk_size=500):
        click.echo(f"{one.id}  {one.kind}  {one.subject}  {one.state}  {one.body_id}  {one.title}")


@command_door(DECISIONS_READ)
@body.command("require")
@click.argument("kind")
@click.argument("subject")
@click.option("--country", default="", metavar="CODE", help="The country, by its ISO code.")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="As it counted on this day; today unless told.")
def body_require_command(kind: str, subject: str, country: str, on: datetime | None) -> None:
    """Say which decision of a KIND approves a SUBJECT, or why there is none that counts (exit status 2).

    \b
    Example:
      betterwork body require tool.approve garment/2027 --country VN
    """
    from django.utils import timezone

    from betterwork.modules.bodies.deciding import decision_require

    found = decision_require(kind, subject, country=country.upper(), on=_day(on) or timezone.localdate())
    if not DECISIONS_READ.may(actor_of_command(), found):
        raise WrongUse("this is decided by a committee that is not yours to see")
    click.echo(f"{found.id}  {found.day}  {found.outcome}  {found.body_id}  sealed as {found.document.digest}")


def _meeting(key: str) -> Any:
    found = MEETINGS_KEEP.visible_to(actor_of_command()).filter(pk=key).select_related("body").first()
    if found is None:
        raise WrongUse("there is no such meeting that is yours to run; betterwork body show lists them")
    return found


def _matter(key: str) -> Any:
    found = MATTERS_READ.visible_to(actor_of_command()).filter(pk=key).first()
    if found is None:
        raise WrongUse("there is no such matter that you see; betterwork body matters lists them")
    return found


def _votes(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        who, equals, vote = one.partition("=")
        if not equals or vote not in VOTES or who in found:
            raise WrongUse(f"{one!r} is no vote: write WHO=yes, WHO=no or WHO=abstains, each once")
        found[who] = vote
    return found
