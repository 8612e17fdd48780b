"""The commands `betterwork backup` and `betterwork restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY

if TYPE_CHECKING:
    from betterwork.foundation.backup.reading import Whole
    from betterwork.foundation.backup.taking import Progress

_NEW = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
_KEY_FILE = click.option(
    "--key-file",
    type=_THERE,
    metavar="FILE",
    help="Holds the key of the backup: 64 hexadecimal digits (openssl rand -hex 32). Else BACKUP_KEY.",
)
_QUIET = click.option("--quiet", is_flag=True, help="No bar, and nothing when all is well.")


@command_door(OPERATOR_ONLY)
@click.command("backup")
@click.argument("file", type=_NEW, required=False)
@_KEY_FILE
@click.option("--with-keys", is_flag=True, help="Put the keys in too; only under a key.")
@click.option("--digests", is_flag=True, help="Write no file: print the digest of every table and file, to compare.")
@_QUIET
def backup(file: Path | None, key_file: Path | None, with_keys: bool, digests: bool, quiet: bool) -> None:
    """Write everything that this instance keeps into FILE: both databases, stored files, the seals' rows.

    It may run while people work. Keep FILE where this machine cannot reach it, and the keys elsewhere.

    \b
    Examples:
      openssl rand -hex 32 > /media/safe/backup.key
      betterwork backup /media/backups/2026-11-22.backup --key-file /media/safe/backup.key
      betterwork backup --digests
    """
    if digests or file is None:
        if file is not None or not digests:
            raise click.UsageError("Name a FILE, or say --digests.")
        _digests_shown(quiet)
        return
    from django.utils import timezone

    from betterwork.foundation.backup.services import instance_backup

    key = _key(key_file)
    with _bar(quiet) as progress:
        made = instance_backup(
            actor=actor_of_command().id, path=file, key=key, with_keys=with_keys, at=timezone.now(), progress=progress
        )
    taken = made.taken
    if not quiet:
        click.echo(
            f"{taken.rows} rows of {len(taken.tables)} tables and {taken.files} files in {file} ({_size(made.size)}). "
            f"Ledger head {taken.head}"
        )
        _advice(encrypted=key is not None, with_keys=with_keys)
    for name in made.undeclared:
        click.echo(f"left out: {name} in BETTERWORK_HOME, of which no room says whether it is needed", err=True)
    for name in made.no_model:
        click.echo(f"left out: the table {name}, which no part of the program knows", err=True)
    if taken.missing:
        for path in taken.missing[:10]:
            click.echo(f"missing: the stored file {path}, which a row names", err=True)
        click.echo(f"{len(taken.missing)} stored files are missing; the backup holds everything else", err=True)
        sys.exit(1)


@command_door(OPERATOR_ONLY)
@click.command("restore")
@click.argument("file", type=_THERE)
@_KEY_FILE
@click.option("--check", is_flag=True, help="Only look whether FILE is whole and could be restored here.")
@_QUIET
def restore(file: Path, key_file: Path | None, check: bool, quiet: bool) -> None:
    """Put back what FILE holds, into databases that are empty. Stop the server first.

    The whole file is looked through before anything is written. Cut off, it leaves an instance in which every command
    refuses; run it again, and it starts over.

    \b
    Examples:
      betterwork restore 2026-11-22.backup --key-file backup.key --check
      BETTERWORK_HOME=/srv/new betterwork restore 2026-11-22.backup --key-file backup.key
    """
    from django.utils import timezone

    from betterwork.foundation.backup.services import backup_check, instance_restore

    key = _key(key_file)
    with _bar(quiet) as progress:
        if check:
            whole = backup_check(path=file, key=key, progress=progress)
        else:
            restored = instance_restore(path=file, key=key, at=timezone.now(), progress=progress)
    if check:
        if not quiet:
            click.echo(f"{file} is whole: {_described(whole)}")
        return
    whole = restored.whole
    if not quiet:
        click.echo(f"Restored from {file}: {_described(whole)}. Every digest is what it was, and the seals are on.")
        click.echo("Make again what is not in a backup: betterwork evidence build. Everybody signs in anew.")
    for path in whole.missing[:10]:
        click.echo(f"missing: the stored file {path} was not there when the backup was taken", err=True)
    _keys_told()
    if restored.faults:
        for line in restored.faults:
            click.echo(line, err=True)
        click.echo("The ledger was like this when it was backed up: see betterwork ledger verify", err=True)
        sys.exit(1)


def _digests_shown(quiet: bool) -> None:
    from betterwork.foundation.backup.queries import instance_digests

    with _bar(quiet) as progress:
        for sha256, count, name in instance_digests(progress):
            click.echo(f"{sha256}  {count:>12}  {name}")


def _key(key_file: Path | None) -> bytes | None:
    from django.conf import settings

    from betterwork.foundation.ledger.keys import key_parsed, key_read

    if key_file is not None:
        return key_parsed(key_file.read_text(encoding="ascii", errors="replace"), str(key_file))
    return key_read(getattr(settings, "BACKUP_KEY", ""), "BACKUP_KEY")


def _advice(*, encrypted: bool, with_keys: bool) -> None:
    from betterwork.foundation.backup.queries import keys_needed

    if not encrypted:
        click.echo(
            "It lies in the open: whoever has the file reads it, but for the vault. --key-file encrypts.", err=True
        )
    needed = keys_needed(in_files_too=not with_keys)
    if needed:
        click.echo(f"Keep elsewhere, or what lies under them is lost: {'; '.join(needed)}.", err=True)
    if encrypted:
        click.echo("Keep the key of the backup apart from it: without it this file is noise.", err=True)


def _keys_told() -> None:
    from betterwork.foundation.backup.queries import keys_faults

    for line in keys_faults():
        click.echo(f"Before the first command: {line}", err=True)


def _described(whole: Whole) -> str:
    return (
        f"{whole.rows} rows of {len(whole.tables)} tables and {whole.files} files, taken {whole.described.at[:16]} UTC "
        f"by version {whole.described.program}, ledger head {whole.head}"
    )


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.1f} kB"


@contextmanager
def _bar(quiet: bool) -> Iterator[Progress]:
    """A bar on standard error for each thing that is done; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done, whole: None
        return
    bars: dict[str, Any] = {}

    def show(what: str, done: int, whole: int) -> None:
        if not whole:
            return
        if what not in bars or done < bars[what].pos:
            for one in bars.values():
                one.render_finish()
            bars.clear()
            bars[what] = click.progressbar(length=whole, label=what, file=sys.stderr, show_pos=True)
        bars[what].update(done - bars[what].pos)

    try:
        yield show
    finally:
        for one in bars.values():
            one.render_finish()
