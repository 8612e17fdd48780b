"""``betterwork demo``: from nothing to a country's report, on SIMULATED data, by the same commands anybody uses."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click

from betterwork.core.countries import Country
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.entry.demonstration.home import MARK, environment_for, home_start_afresh
from betterwork.entry.demonstration.plan import DEFAULT_SEED, SIZES
from betterwork.entry.demonstration.sign_ins import PASS_PHRASE, SIGN_INS
from betterwork.foundation.doors.commands import command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY
from betterwork.foundation.doors.roles import ROLES
from betterwork.modules.countries.queries import countries, countries_by_spelling
from betterwork.modules.countries.rules import spelling_key

SNAPSHOT = "demonstration"
WINDOWS = {"JO": ("2012-10", "2013-09"), "NI": ("2014-01", "2015-01"), "BD": ("2015-06", "2016-12")}
"""Jordan and Nicaragua: the period of the report whose figures stand beside ours. Bangladesh began later."""
WINDOW = ("2014-02", "2015-02")


@dataclass(frozen=True)
class Step:
    """One command of the demonstration. ``module`` is what Python runs, ``shown`` how a person would type it."""

    title: str
    module: str
    arguments: tuple[str, ...]
    shown: str


@command_door(OPERATOR_ONLY)
@click.group(
    invoke_without_command=True, short_help="Make a SIMULATED programme, its reports and its people, and serve it."
)
@click.option("--size", type=click.Choice(SIZES), default="small", show_default=True, help="How many factories.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Folder of the demonstration: new, empty, or made by an earlier one (it is emptied).",
)
@click.option("--country", default="Viet Nam", show_default=True, help="Whose report is written.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="Same seed, same data."
)
@click.option("--no-serve", is_flag=True, help="Stop before the pages are served.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where they are served.")
@click.pass_context
def demo(context: click.Context, size: str, home: Path, country: str, seed: int, no_serve: bool, port: int) -> None:
    """Make a SIMULATED programme of eight countries, a country's report and people who can sign in; then serve it.

    Writes assessment export files, imports them, builds the evidence, takes a snapshot and writes the report, each by
    the command that is shown. No factory, no finding and no person in it is real.

    \b
    Examples:
      betterwork demo
      betterwork demo --size full --home var/full --no-serve
      betterwork demo --home var/jordan --country Jordan
      betterwork demo code advisor.vietnam@demo.example
    """
    if context.invoked_subcommand:
        return
    known = shipped_country(country)
    home_start_afresh(home)
    began = perf_counter()
    click.echo(f"A SIMULATED programme ({size}, seed {seed}) in {home}: no factory and no finding in it is real.")
    report = home / "reports" / known.name.lower().replace(" ", "-")
    start, end = WINDOWS.get(known.code, WINDOW)
    click.echo(f"The commands below run with BETTERWORK_HOME={shlex.quote(str(home))}.")
    run_step(exports_step(home, size, seed), home)
    files = sorted((home / "exports").glob("*.csv"))
    for step in later_steps(home, files, known.name, start, end, report):
        run_step(step, home)
    for step in (people_step(), programme_step(size, seed), *last_steps()):
        run_step(step, home)
    click.echo(f"\nDone in {perf_counter() - began:.0f} s. All of it is SIMULATED.")
    click.echo(farewell(home, report, known.name, start, end))
    click.echo(sign_ins_listed(home, port))
    if not no_serve:
        sys.stdout.flush()
        demonstration_serve(home, port)


@command_door(OPERATOR_ONLY)
@demo.command("code", short_help="Print the code that somebody's app would show now.")
@click.argument("email")
@click.option("--home", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
def code(email: str, home: Path) -> None:
    """Print the code for the second step of somebody of the demonstration, from the secret in her account.

    \b
    Example:
      betterwork demo code geneva@demo.example
    """
    if not (home / MARK).is_file():
        raise WrongUse(f"{home} is no demonstration: betterwork demo makes one; codes of real people are in their apps")
    words = [sys.executable, "-m", "betterwork.entry.demonstration.people_step", "code", email]
    sys.exit(subprocess.run(words, env=environment_for(home), check=False).returncode)  # noqa: S603 - our own


def shipped_country(text: str) -> Country:
    """The country of the demonstration that a spelling means; no database is asked, for there is none yet.

    Raises WrongUse that lists the known names.
    """
    found = countries_by_spelling().get(spelling_key(text))
    if found is None:
        names = ", ".join(one.name for one in countries())
        raise WrongUse(f"the demonstration has no country called {text!r}; known: {names}")
    return found


def people_step() -> Step:
    """The people who can sign in."""
    module = "betterwork.entry.demonstration.people_step"
    return Step("People: invited, joined, roles given and confirmed", module, ("make",), f"python -m {module} make")


def programme_step(size: str, seed: int) -> Step:
    """Register, committees, staff and the draft of a tool."""
    module, words = "betterwork.entry.demonstration.programme_step", ("--size", size, "--seed", str(seed))
    return Step(
        "Register, committees, staff, a tool in draft", module, words, f"python -m {module} {shlex.join(words)}"
    )


def last_steps() -> list[Step]:
    """What looks at all of it: duplicates, and whether the chain of the ledger holds."""
    return [
        _by_command("Duplicates: records that may be one factory", "duplicates", "find"),
        _by_command("Ledger: the chain of entries holds", "ledger", "verify"),
    ]


def _by_command(title: str, *words: str) -> Step:
    return Step(title, "betterwork.entry.command_line", words, f"betterwork {shlex.join(words)}")


def sign_ins_listed(home: Path, port: int) -> str:
    """Who can sign in, and what each can try."""
    width = max(len(one.email) for one in SIGN_INS)
    rows = "\n".join(f"  {one.email:<{width}}  {ROLES[one.role].title}: {one.try_this}" for one in SIGN_INS)
    return f"""
Sign in at http://localhost:{port}/ with the pass phrase {PASS_PHRASE!r} as
{rows}
The second step asks for a code: betterwork demo code EMAIL --home {shlex.quote(str(home))}"""


def demonstration_serve(home: Path, port: int) -> None:
    """Become the server of the demonstration; ends with Ctrl-C."""
    environment = environment_for(home) | {"BETTERWORK_URL": f"http://localhost:{port}"}
    words = [sys.executable, "-m", "betterwork.entry.command_line", "serve"]
    os.execve(sys.executable, words, environment)  # noqa: S606 - our own interpreter and module


def exports_step(home: Path, size: str, seed: int) -> Step:
    """Writing the export files."""
    arguments = ("--size", size, "--seed", str(seed), str(home / "exports"))
    module = "betterwork.entry.demonstration"
    return Step(
        "Export files, as a country programme would send them",
        module,
        arguments,
        f"python -m {module} {shlex.join(arguments)}",
    )


def later_steps(home: Path, files: list[Path], country: str, start: str, end: str, report: Path) -> list[Step]:
    """From export files to the report, by the commands of the platform."""
    window = ("--from", start, "--to", end)
    named = ("--snapshot", SNAPSHOT, "-o", str(report))
    commands = [
        ("Import: each assessment becomes one sealed document", ("assessments", "import", *map(str, files))),
        ("Evidence: sealed assessments into tables that can be counted", ("evidence", "build")),
        ("Snapshot: the documents this report stands on, by digest", ("evidence", "snapshot", SNAPSHOT)),
        (
            "Report: in a folder, and kept for the page of reports",
            ("report", "keep", "--country", country, *window, *named),
        ),
    ]
    steps = [_by_command(title, *words) for title, words in commands]
    wildcard = f"betterwork assessments import {shlex.quote(str(home / 'exports'))}/*.csv"
    return [Step(steps[0].title, steps[0].module, steps[0].arguments, wildcard), *steps[1:]]


def run_step(step: Step, home: Path) -> None:
    """Run one step in a process of its own, tell what it was and how long it took.

    Raises BetterWorkError when it failed; its own message then stands above.
    """
    click.echo(f"\n{step.title}\n  $ {step.shown}")
    sys.stdout.flush()
    began = perf_counter()
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", step.module, *step.arguments], env=environment_for(home), check=False
    )
    if done.returncode:
        raise BetterWorkError(f"the demonstration stopped: `{step.shown}` ended with status {done.returncode}")
    click.echo(f"  {perf_counter() - began:.1f} s")


def farewell(home: Path, report: Path, country: str, start: str, end: str) -> str:
    """Where the report lies, what to look at, what to try next."""
    program = Path(sys.argv[0])
    name = os.path.relpath(program) if program.name == "betterwork" and program.exists() else "betterwork"
    prefix = f"BETTERWORK_HOME={shlex.quote(str(home))} {name}"
    quoted = shlex.quote(country)
    beside = shlex.quote(str(home.with_name("demo-jordan")))
    return f"""
The report of {country} lies in {report}
  index.html     the report as one page: open it first (at a glance, findings, change, method)
  report.pdf     the same for print
  tables.xlsx    every table; each is also a CSV with its definition beside it
  manifest.json  snapshot, rules, code version and digests: the same again gives the same bytes

Look at
  the four headline facts of the programme's paper: each holds in one simulated country and fails in another
  the change since the last assessment, and the balanced panel, with the factories left out and why
  Jordan and Nicaragua: published figures beside the computed ones
    ({name} demo --country Jordan --home {beside})

Try next
  {prefix} evidence rates --by point --country {quoted} --from {start} --to {end}
  {prefix} evidence effort --by cluster --country {quoted}
The tutorial docs/tutorial/first-report.md goes on from here."""
