"""The command `betterwork person`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY
from betterwork.foundation.people.policy import PEOPLE_INVITE, PEOPLE_MANAGE, PEOPLE_READ


@click.group()
def person() -> None:
    """Who can sign in: invite, list, leave, export, erase."""


@command_door(PEOPLE_INVITE)
@person.command("invite")
@click.argument("email")
@click.option("--name", default="", help="How she is called; she can write it herself.")
@click.option("--language", default="", metavar="CODE", help="Of her mails and pages: en, fr, es, vi, km, id, ar, …")
def person_invite_command(email: str, name: str, language: str) -> None:
    """Invite somebody: a mail with a link that works once, for 7 days. Roles are given with: betterwork access.

    \b
    Example:
      betterwork person invite advisor@programme.example --language vi
    """
    from django.utils import timezone

    from betterwork.foundation.people.services import person_invite

    actor = actor_of_command()
    found = person_invite(actor=actor.id, email=email, name=name, language=language, at=timezone.now())
    click.echo(f"{found.public_id} is invited; the link in the mail works for 7 days")


@command_door(PEOPLE_MANAGE)
@person.command("send-again")
@click.argument("who", metavar="EMAIL_OR_ID")
def person_send_again_command(who: str) -> None:
    """Send the invitation again, with a new link; the older ones stop working.

    \b
    Example:
      betterwork person send-again advisor@programme.example
    """
    from django.utils import timezone

    from betterwork.foundation.people.services import person_invitation_resend

    found = person_invitation_resend(actor=actor_of_command().id, person=_managed(who), at=timezone.now())
    click.echo(f"{found.public_id} was sent the invitation again")


@command_door(PEOPLE_READ)
@person.command("list")
@click.option("--state", type=click.Choice(["invited", "active", "left", "erased"]))
@click.option("--search", default="", metavar="TEXT", help="In names and addresses.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Most lines to show.")
def person_list_command(state: str | None, search: str, limit: int) -> None:
    """Show persons: id, state, address, name.

    \b
    Example:
      betterwork person list --state invited
    """
    from betterwork.foundation.people.queries import search_filter

    rows = PEOPLE_READ.visible_to(actor_of_command())
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(search_filter(search)) if search else rows
    found = list(rows.order_by("name", "email", "id")[: limit + 1])
    for one in found[:limit]:
        click.echo(f"{one.public_id}\t{one.state}\t{one.email}\t{one.name}".rstrip())
    if len(found) > limit:
        click.echo(f"more than {limit}: narrow with --search, or raise --limit", err=True)


@command_door(PEOPLE_MANAGE)
@person.command("leave")
@click.argument("who", metavar="EMAIL_OR_ID")
def person_leave_command(who: str) -> None:
    """End everything a person can do, this moment: sessions, second steps, links in mails, roles.

    \b
    Example:
      betterwork person leave advisor@programme.example
    """
    from django.utils import timezone

    from betterwork.foundation.people.services import person_leave

    found = person_leave(actor=actor_of_command().id, person=_managed(who), at=timezone.now())
    click.echo(f"{found.public_id} has left")


@command_door(PEOPLE_MANAGE)
@person.command("return")
@click.argument("who", metavar="EMAIL_OR_ID")
def person_return_command(who: str) -> None:
    """Invite somebody who left once more: the same person, with no role.

    \b
    Example:
      betterwork person return advisor@programme.example
    """
    from django.utils import timezone

    from betterwork.foundation.people.services import person_return

    found = person_return(actor=actor_of_command().id, person=_managed(who), at=timezone.now())
    click.echo(f"{found.public_id} is invited back; the link in the mail works for 7 days")


@command_door(PEOPLE_MANAGE)
@person.command("sessions")
@click.argument("who", metavar="EMAIL_OR_ID")
@click.option("--end", is_flag=True, help="Sign her out everywhere.")
def person_sessions_command(who: str, end: bool) -> None:
    """Show in how many places a person is signed in, or sign her out of all of them.

    \b
    Examples:
      betterwork person sessions advisor@programme.example
      betterwork person sessions advisor@programme.example --end
    """
    from django.utils import timezone

    from betterwork.foundation.people.services import sessions_end
    from betterwork.foundation.people.sessions import sessions_of

    found = _managed(who)
    count = sum(1 for _ in sessions_of(found))
    if end:
        sessions_end(actor=actor_of_command().id, person=found, at=timezone.now())
    click.echo(f"{count} {'session' if count == 1 else 'sessions'}{' ended' if end else ''}")


@command_door(OPERATOR_ONLY)
@person.command("export")
@click.argument("who", metavar="EMAIL_OR_ID")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output.")
def person_export_command(who: str, output: Path | None) -> None:
    """Write all that every room keeps of a person, as JSON.

    \b
    Example:
      betterwork person export advisor@programme.example -o kept.json
    """
    from django.utils import timezone

    from betterwork.foundation.people.erasing import person_export
    from betterwork.foundation.people.queries import export_text, person_of

    found = person_export(actor=actor_of_command().id, person=person_of(who), at=timezone.now())
    if output is None:
        click.echo(export_text(found), nl=False)
        return
    output.touch(mode=0o600)
    output.chmod(0o600)  # a file that was there before may be open to others
    output.write_text(export_text(found), encoding="utf-8")
    click.echo(f"written to {output}; only you can read it", err=True)


@command_door(OPERATOR_ONLY)
@person.command("erase")
@click.argument("who", metavar="EMAIL_OR_ID")
@click.option("--reason", required=True, help="Why. It stays in the ledger: name nobody in it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def person_erase_command(who: str, reason: str, yes: bool) -> None:
    """Erase a person who has left, from every room. It cannot be taken back.

    What she did stays, by an id that names nobody any more. A backup made before still holds her: after restoring one,
    erase her again.

    \b
    Example:
      betterwork person erase advisor@programme.example --reason "asked for it, letter of 3 May"
    """
    from django.utils import timezone

    from betterwork.foundation.people.erasing import leftovers_wipe, person_erase
    from betterwork.foundation.people.queries import person_of

    found = person_of(who)
    if not yes and sys.stdin.isatty():
        click.confirm(f"Erase {found.public_id} for good?", abort=True)
    erased = person_erase(actor=actor_of_command().id, person=found, reason=reason, at=timezone.now())
    click.echo(f"{erased.public_id} is erased")
    if not leftovers_wipe():
        click.echo("somebody was reading: bytes stay in the database's log until the server is next started", err=True)


def _managed(who: str):  # type: ignore[no-untyped-def]
    """The person, if she is among those whom the actor manages."""
    from betterwork.foundation.doors.commands import NotAllowed
    from betterwork.foundation.people.queries import person_of

    found = person_of(who)
    if not PEOPLE_MANAGE.may(actor_of_command(), found):
        raise NotAllowed(f"this is not yours to do: {PEOPLE_MANAGE.says}")
    return found
