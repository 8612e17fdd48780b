"""The command `betterwork vault`. Nothing here shows what an item holds, to anybody."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def vault() -> None:
    """The second database: interviews and answers, each under its own key. Nobody opens one here."""


@command_door(OPERATOR_ONLY)
@vault.command("verify")
def vault_verify_command() -> None:
    """Look whether every item opens under the key and is what its last entry says. Shows nothing of what they hold.

    One line for each fault; exit status 1 when there is one.
    """
    from betterwork.foundation.vault.backup import vault_digest
    from betterwork.foundation.vault.verifying import vault_faults

    faults = 0
    for line in vault_faults():
        faults += 1
        click.echo(line)
    if faults:
        click.echo(f"{faults} {'fault' if faults == 1 else 'faults'}", err=True)
        sys.exit(1)
    found = vault_digest()
    click.echo(f"the vault holds: {found.rows} rows, digest {found.digest}")


@command_door(OPERATOR_ONLY)
@vault.command("settle")
def vault_settle_command() -> None:
    """Finish what a power cut left between the vault and the ledger. The schedule does it too."""
    from django.utils import timezone

    from betterwork.foundation.vault.services import vault_settle

    click.echo(f"{vault_settle(at=timezone.now())} changes settled")


@command_door(OPERATOR_ONLY)
@vault.command("backup")
@click.argument("file", type=_FILE)
def vault_backup_command(file: Path) -> None:
    """Write the vault into FILE: ciphertext, which opens under the vault's key and no other.

    \b
    Example:
      betterwork vault backup /media/safe/vault-2026-11-22.backup
    """
    from django.utils import timezone

    from betterwork.foundation.vault.services import vault_backup

    made = vault_backup(actor=actor_of_command().id, path=file, at=timezone.now())
    click.echo(f"{made.rows} rows in {file}, digest {made.digest}. Keep the key elsewhere: without it this is noise.")


@command_door(OPERATOR_ONLY)
@vault.command("restore")
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Also when the vault holds something: what it holds is gone then.")
def vault_restore_command(file: Path, replace: bool) -> None:
    """Put the rows of FILE back, all or none. Items that were erased since are left out."""
    from django.utils import timezone

    from betterwork.foundation.vault.services import vault_restore

    made = vault_restore(actor=actor_of_command().id, path=file, at=timezone.now(), replace=replace)
    left = f"; {len(made.left_out)} erased since were left out" if made.left_out else ""
    click.echo(f"{made.rows} rows put back, digest {made.digest}{left}")


@command_door(OPERATOR_ONLY)
@vault.command("rotate-key")
@click.option("--new-key-file", type=_FILE, help="Holds the new key (64 hexadecimal digits); needed with VAULT_KEY.")
def vault_rotate_key_command(new_key_file: Path | None) -> None:
    """Put everything under a new key. Older backups still need the old one: keep it until they have aged out."""
    from django.conf import settings
    from django.utils import timezone

    from betterwork.foundation.ledger.keys import key_parsed
    from betterwork.foundation.vault.services import vault_key_rotate

    new = key_parsed(new_key_file.read_text(encoding="ascii"), str(new_key_file)) if new_key_file else None
    count = vault_key_rotate(actor=actor_of_command().id, at=timezone.now(), new=new)
    click.echo(f"{count} items lie under the new key.")
    if settings.VAULT_KEY:
        click.echo(f"Set VAULT_KEY to what {new_key_file} holds before the next start.")
    else:
        click.echo("The old key stays beside the new one (keys/vault.key.before-…) for older backups.")
