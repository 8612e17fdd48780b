"""What the instance holds, as a backup would say it; which keys it needs; whether it is being restored."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup.marking import restoring_check as restoring_check
from betterwork.foundation.backup.snapshots import snapshot
from betterwork.foundation.backup.taking import Progress, tables_counted, things_counted
from betterwork.foundation.files.models import StoredFile
from betterwork.foundation.ledger.instance_key import instance_key, key_file
from betterwork.foundation.ledger.queries import instance_key_check, key_in_use
from betterwork.foundation.vault import keyring
from betterwork.foundation.vault.models import VaultKeyUse
from betterwork.foundation.vault.queries import vault_key_check


def instance_digests(progress: Progress) -> Iterator[tuple[str, int, str]]:
    """(SHA-256, rows or bytes, name) of every table and file that a backup taken now would carry, of one moment.

    Equal lists mean equal instances, whichever databases hold them.
    """
    with snapshot() as shot:
        for table, counted in tables_counted(shot, progress):
            yield counted.sha256, counted.rows, f"{table.database}.{table.name}"
        for thing in things_counted(shot, progress):
            yield thing.sha256, thing.size, thing.name


def keys_needed(*, in_files_too: bool) -> list[str]:
    """The keys without which a restored instance cannot work, each with the place that gives it now.

    Without ``in_files_too`` only those that settings give: the others are in the backup.
    """
    found = []
    wanted = key_in_use()
    if (settings.LEDGER_KEY or in_files_too) and (wanted or instance_key() is not None):
        where = "the setting LEDGER_KEY" if settings.LEDGER_KEY else f"keys/{key_file().name}"
        found.append(f"{where} (personal values in the ledger, second steps{_print(wanted)})")
    vault = VaultKeyUse.objects.values_list("fingerprint", flat=True).first()
    if vault and (settings.VAULT_KEY or in_files_too):
        where = "the setting VAULT_KEY" if settings.VAULT_KEY else f"keys/{keyring.key_file().name}"
        found.append(f"{where} (the vault{_print(vault)})")
    if StoredFile.objects.filter(encrypted=True).exists():
        found.append("the setting FILES_KEY (stored files)")
    return found


def keys_faults() -> list[str]:
    """What is wrong with the keys of this instance: nothing, or why the next command would refuse."""
    found = []
    for check in (instance_key_check, vault_key_check):
        try:
            check()
        except BetterWorkError as error:
            found.append(str(error))
    if StoredFile.objects.filter(encrypted=True).exists() and not settings.FILES_KEY:
        found.append("stored files lie under a key: set FILES_KEY to it")
    return found


def _print(fingerprint: str | None) -> str:
    return f", fingerprint {fingerprint[:16]}" if fingerprint else ""
