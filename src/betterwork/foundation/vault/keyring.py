"""The vault's key: from the setting VAULT_KEY, else from a file; and the one row that says which it is."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger import keys
from betterwork.foundation.vault.models import VaultKeyUse


def key_file() -> Path:
    """Where the key lies when no setting gives it."""
    return Path(settings.BETTERWORK_HOME) / "keys" / "vault.key"


def next_file() -> Path:
    """Where the new key lies until everything is under it."""
    return key_file().with_name("vault.key.next")


def key_name(key: bytes) -> str:
    """The fingerprint of a key of the vault."""
    return keys.fingerprint(key, of="vault")


def key_found(*, make: bool = False) -> bytes | None:
    """The key that is there, whichever it is; of two files the one that the vault lies under."""
    found = keys.key_read(settings.VAULT_KEY, "VAULT_KEY", key_file(), make=make)
    wanted = _wanted()
    if settings.VAULT_KEY or wanted is None or (found is not None and key_name(found) == wanted):
        return found
    following = keys.key_read("", "", next_file())
    return following if following is not None and key_name(following) == wanted else found


def vault_key(*, at: datetime | None = None) -> bytes:
    """The key that the vault lies under. With ``at`` the first key is made, and is the vault's from then on.

    Raises :class:`WrongKey` when it is not there or is another.
    """
    key = key_found(make=at is not None and _wanted() is None)
    if key is not None and at is not None:
        VaultKeyUse.objects.get_or_create(id=1, defaults={"fingerprint": key_name(key), "since": at})
    wanted = _wanted()
    if key is None or wanted is None or key_name(key) != wanted:
        what = "is not there" if key is None else f"is another one (fingerprint {key_name(key)[:16]})"
        raise keys.WrongKey(
            f"the key of the vault {what}; it lies under the one with fingerprint {(wanted or '')[:16]}. "
            "Set VAULT_KEY to it, or put keys/vault.key back from where you keep it"
        )
    return key


def next_key(given: bytes | None) -> bytes:
    """The key to come, on disk before anything lies under it. Raises :class:`WrongUse`."""
    if settings.VAULT_KEY:
        if given is None:
            raise WrongUse("the key comes from VAULT_KEY: write a new one into a file and name it with --new-key-file")
        return given
    if given is None:
        given = keys.key_read("", "", next_file()) or secrets.token_bytes(keys.KEY_BYTES)
    next_file().unlink(missing_ok=True)
    keys.key_write(next_file(), given)
    return given


def next_key_settled() -> Path | None:
    """After everything lies under the new key: give it its place, and keep the old one aside for older backups.

    Returns where the old one is; None when there is nothing to do.
    """
    following, old = keys.key_read("", "", next_file()), keys.key_read("", "", key_file())
    if following is None or key_name(following) != _wanted():
        return None
    aside = None
    if old is not None:
        aside = key_file().with_name(f"vault.key.before-{key_name(following)[:16]}")
        keys.key_write(aside, old)
    next_file().replace(key_file())
    keys.folder_sync(key_file().parent)
    return aside


def _wanted() -> str | None:
    return VaultKeyUse.objects.values_list("fingerprint", flat=True).first()
