"""The key of the instance, under which the keys of persons are wrapped."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from betterwork.core.canonical import digest
from betterwork.core.errors import BetterWorkError, WrongUse

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongKey(BetterWorkError):
    """The key of this instance is not there, or is not the one that its values were written under."""


def key_file() -> Path:
    """Where the key lies when no setting gives it."""
    return Path(settings.BETTERWORK_HOME) / "keys" / "ledger.key"


def instance_key(*, make: bool = False) -> bytes | None:
    """The key from the setting LEDGER_KEY, else from the key file; with ``make`` a new file when there is none.

    Raises :class:`WrongUse` when what is there is no key.
    """
    if settings.LEDGER_KEY:
        return _parsed(settings.LEDGER_KEY, "LEDGER_KEY")
    path = key_file()
    if make and not path.exists():
        _write_new(path)
    return _parsed(path.read_text(encoding="ascii", errors="replace"), str(path)) if path.exists() else None


def fingerprint(key: bytes) -> str:
    """A name of the key from which it cannot be had."""
    return digest(b"betterwork ledger key\n" + key)


def wrap(key: bytes, data: bytes, *, bound_to: str) -> bytes:
    """``data`` under ``key`` by AES-256-GCM, with the nonce before it; opens only with the same ``bound_to``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode())


def unwrap(key: bytes, wrapped: bytes, *, bound_to: str) -> bytes:
    """What :func:`wrap` hid. Raises :class:`WrongKey`."""
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise WrongKey("a personal value in the ledger does not open: wrong key, or the value was changed") from error


def _parsed(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise WrongUse(f"{where} holds no key: write {2 * KEY_BYTES} hexadecimal digits (openssl rand -hex 32)")
    return key


def _write_new(path: Path) -> None:
    """Put a new key there, whole or not at all; of two processes that try, one wins and both read its key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink()
