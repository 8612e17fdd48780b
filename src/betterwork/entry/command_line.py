"""The command `betterwork`: one door, every room's commands behind it.

Exit status: 0 done, 1 bad data or a fault of the instance, 2 wrong use. An error is one clear
line on standard error, never a traceback (set BETTERWORK_TRACEBACK=true to see one).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

ROOMS = {
    "serve": "betterwork.entry.serving.command",
    "person": "betterwork.foundation.people.commands",
    "access": "betterwork.foundation.access.commands",
    "country": "betterwork.modules.countries.commands",
    "organisation": "betterwork.modules.organisations.commands",
    "factory": "betterwork.modules.registry.commands",
    "staff": "betterwork.modules.staff.commands",
    "duplicates": "betterwork.modules.duplicates.commands",
    "body": "betterwork.modules.bodies.commands",
    "alert": "betterwork.modules.alerts.commands",
    "tool": "betterwork.modules.instruments.commands",
    "visit": "betterwork.modules.visits.commands",
    "capture": "betterwork.modules.capture.commands",
    "assessments": "betterwork.modules.assessments.commands",
    "evidence": "betterwork.modules.evidence.commands",
    "report": "betterwork.modules.reports.commands",
    "token": "betterwork.foundation.tokens.commands",
    "webhook": "betterwork.foundation.webhooks.commands",
    "ledger": "betterwork.foundation.ledger.commands",
    "vault": "betterwork.foundation.vault.commands",
    "files": "betterwork.foundation.files.commands",
    "jobs": "betterwork.foundation.jobs.commands",
    "events": "betterwork.foundation.events.commands",
    "notices": "betterwork.foundation.notices.commands",
    "backup": "betterwork.foundation.backup.commands",
    "restore": "betterwork.foundation.backup.commands",
    "demo": "betterwork.entry.demonstration.command",
}
SHORT = {
    "serve": "The pages: start the web server and the worker.",
    "person": "Who can sign in: invite, list, leave, export, erase.",
    "access": "Who may what: roles given, confirmed, ended.",
    "country": "Where: country programmes and their dated settings.",
    "organisation": "With whom: governments, employers, workers, buyers, donors.",
    "factory": "Who takes part: factories, their life, enrolment, coverage.",
    "staff": "Who works for it: competence, languages, leave, conflicts.",
    "duplicates": "Factories that may be one and the same.",
    "body": "Who decides: committees, meetings, decisions.",
    "alert": "What cannot wait: concerns raised, who is told, what is due.",
    "tool": "What is asked: versions of the assessment tool.",
    "visit": "Who goes where and when: due factories, plans, the calendar.",
    "capture": "What is taken down on a visit: drafts, devices, what is missing.",
    "assessments": "What was found: import exports of factory assessments.",
    "evidence": "What it shows: rates, trends, change, snapshots.",
    "report": "What is published: the synthesis report of a country.",
    "token": "With what programs enter the API: make, list, revoke.",
    "webhook": "Other systems told what happened: endpoints, deliveries.",
    "ledger": "Who did what: the chained ledger, searched and verified.",
    "vault": "The second database: verify, back up, change its key.",
    "files": "Files by their content: verify, sweep.",
    "jobs": "Work off the request: do it, list it, try again.",
    "events": "What happened, told to who listens: deliver, list, replay.",
    "notices": "What people are told: send what waits.",
    "backup": "Write everything that an instance keeps into one file.",
    "restore": "Put back what a backup holds.",
    "demo": "A simulated programme of eight countries, from export files to a report.",
}
NEEDS_NO_DATABASE = {"demo", "restore"}
TELLS_FAULTS_ITSELF = {"ledger", "vault"}
"""Works on a database that was tampered with, or without its key, to say so entry by entry."""


class Rooms(click.Group):
    """A group that imports a room only when one of its commands is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The rooms in the order of the work."""
        return [*ROOMS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The room's group of commands, or None."""
        if cmd_name not in ROOMS:
            return None
        start_django()
        command = getattr(import_module(ROOMS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return with_doors(command, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of rooms, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SHORT.items()))


def with_doors(command: click.Command, name: str) -> click.Command:
    """The room's commands, refused as a whole while one of them does not say who may run it."""
    from betterwork.foundation.doors.commands import commands_without_door

    without = commands_without_door(command, (name,))
    if without:
        raise TypeError(f"these commands declare no door: {', '.join(without)}; put @command_door(policy) above them")
    return command


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="betterwork")
@click.option("--as", "email", metavar="EMAIL", help="Act as this person, with her roles; else as the operator.")
@click.pass_context
def main_group(context: click.Context, email: str | None) -> None:
    """Software that runs a factory labour-standards programme.

    All that an instance keeps lies under BETTERWORK_HOME (./var by default).

    \b
    Examples:
      betterwork assessments import export.csv
      betterwork evidence build
      betterwork evidence rates --by point --country "Viet Nam"
      betterwork report synthesis --country "Viet Nam" --from 2014-02 --to 2015-02 -o report
    """
    asks_for_help = any(word in {"-h", "--help"} for word in sys.argv[1:])
    if context.invoked_subcommand not in NEEDS_NO_DATABASE and not asks_for_help:
        start_django()
        database_make_ready(tampered=context.invoked_subcommand in TELLS_FAULTS_ITSELF)
        if email:
            act_as(context, email)


def act_as(context: click.Context, email: str) -> None:
    """Let the commands below act as a person; her trail says so. Raises WrongUse for one who is not active here."""
    from django.db import transaction
    from django.utils import timezone

    from betterwork.core.errors import WrongUse
    from betterwork.foundation.access.queries import actor_of
    from betterwork.foundation.doors.commands import ACTOR
    from betterwork.foundation.ledger.rules import AUDIT, OPERATOR
    from betterwork.foundation.ledger.services import entry_append
    from betterwork.foundation.people.models import Person

    at = timezone.now()
    actor = actor_of(Person.objects.filter(email__iexact=email.strip()).first(), at)
    if not actor.signed_in:
        raise WrongUse(f"nobody active here has the address {email}; betterwork person list shows who is")
    if actor.needs_second_factor:
        raise WrongUse(f"{email} holds a role that needs a second factor and has none; set it up by signing in first")
    if context.invoked_subcommand not in TELLS_FAULTS_ITSELF:
        # Whoever operates the machine can name anybody: she reads in her own trail that it was not she who typed.
        with transaction.atomic():
            entry_append(
                kind=AUDIT,
                action="person.acted-for",
                actor=OPERATOR,
                subject=f"person {actor.id}",
                content={"command": context.invoked_subcommand},
                at=at,
            )
    context.meta[ACTOR] = actor


def start_django() -> None:
    """Read the settings and load the rooms, once."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    if not apps.ready:
        django.setup()
        if os.environ.get("BETTERWORK_LOGS"):
            from betterwork.entry.web.logs import logs_begin

            logs_begin()


def database_make_ready(*, tampered: bool = False) -> None:
    """Make or migrate the database when it needs it; see that the seals are on and the ledger's key is the right one.

    One process at a time: another that starts on the same home waits until it is done.
    Raises BetterWorkError when a sealed table has lost its triggers or the key is another, unless
    the database may be ``tampered`` with.
    """
    import sqlite3

    from django.conf import settings

    from betterwork.foundation.backup.queries import restoring_check

    settings.BETTERWORK_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    _database_files_make()
    # A lock that every system has and that ends with the process, however it ends.
    lock = sqlite3.connect(settings.BETTERWORK_HOME / "starting.lock", timeout=120, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        restoring_check()
        _database_migrated()
        if not tampered:
            _database_checked()
    finally:
        lock.close()


def _database_files_make() -> None:
    """Make the files of embedded databases so that nobody else on the machine reads them; what is there stays."""
    from django.db import connections

    for one in connections.all():
        name = str(one.settings_dict["NAME"])
        if one.vendor == "sqlite" and not name.startswith(("file:", ":")):  # those are in memory
            Path(name).touch(mode=0o600)


def _database_migrated() -> None:
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    for alias in connections:
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=alias, verbosity=0, interactive=False, skip_checks=True)


def _database_checked() -> None:
    from betterwork.core.errors import BetterWorkError
    from betterwork.foundation.ledger.queries import instance_key_check
    from betterwork.foundation.ledger.seals import missing_seals
    from betterwork.foundation.vault.queries import vault_key_check

    instance_key_check()
    vault_key_check()
    unsealed = missing_seals()
    if unsealed:
        raise BetterWorkError(
            f"the seals of {', '.join(unsealed)} are gone: somebody took the triggers off this database. "
            "Compare it with a backup, then put them back with: "
            "DJANGO_SETTINGS_MODULE=betterwork.entry.settings python -m django migrate"
        )


def main() -> None:
    """Run a command and turn every error into one line and an exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line; return the exit status."""
    from betterwork.core.errors import BetterWorkError, WrongUse
    from betterwork.entry.environment import BadSetting

    try:
        code = main_group.main(arguments, prog_name="betterwork", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Abort:
        return _say("stopped", 130)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (WrongUse, BadSetting) as error:
        return _say(str(error), 2)
    except BetterWorkError as error:
        return _say(str(error), 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _say("stopped", 130)
    except Exception as error:  # the last door: a person reads one line, an engineer asks for more
        from betterwork.entry.environment import env_bool

        if env_bool("BETTERWORK_TRACEBACK", False):
            raise
        return _say(_unforeseen(error), 1)


def _unforeseen(error: Exception) -> str:
    from django.db import Error as DatabaseError

    first_line = next(iter(str(error).splitlines()), "")
    if isinstance(error, OSError):
        return f"{error.filename or 'file'}: {error.strerror or error}"
    if isinstance(error, DatabaseError):
        return f"the database refused: {first_line or type(error).__name__}"
    return (
        f"something went wrong that was not foreseen ({type(error).__name__}: {first_line}). "
        "Nothing was half written. Run again with BETTERWORK_TRACEBACK=true for the engineers."
    )


def _say(message: str, status: int) -> int:
    click.echo(f"betterwork: {message}", err=True)
    return status


if __name__ == "__main__":
    main()
