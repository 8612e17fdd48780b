"""Keys that lie in a setting or a file, and what is hidden under them. For every room that keeps secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from betterwork.core.canonical import digest
from betterwork.core.errors import BetterWorkError, WrongUse

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongKey(BetterWorkError):
    """The key of this instance is not there, or is not the one that its values were written under."""


def key_read(value: str, name: str, path: Path | None = None, *, make: bool = False) -> bytes | None:
    """The key from the value of the setting ``name``, else from the file; with ``make`` a new file if there is none.

    Raises :class:`WrongUse` when what is there is no key.
    """
    if value:
        return key_parsed(value, name)
    if path is None:
        return None
    if make and not path.exists():
        key_write(path)
    return key_parsed(path.read_text(encoding="ascii", errors="replace"), str(path)) if path.exists() else None


def key_parsed(text: str, where: str) -> bytes:
    """The key that a text holds. Raises :class:`WrongUse`, naming where the text stands."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise WrongUse(f"{where} holds no key: write {2 * KEY_BYTES} hexadecimal digits (openssl rand -hex 32)")
    return key


def key_write(path: Path, key: bytes | None = None) -> None:
    """Put a key there (a new one if none is given), whole or not at all; one that is there already stays.

    Of two processes that try, one wins and both read its key.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write((key or secrets.token_bytes(KEY_BYTES)).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        folder_sync(path.parent)
    finally:
        draft.unlink()


def folder_sync(folder: Path) -> None:
    """Make sure that what was put into a folder is still named there after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fingerprint(key: bytes, *, of: str) -> str:
    """A name of the key from which it cannot be had. ``of`` says whose it is, so that equal keys have two names."""
    return digest(f"betterwork {of} key\n".encode() + key)


def wrap(key: bytes, data: bytes, *, bound_to: str) -> bytes:
    """``data`` under ``key`` by AES-256-GCM, with the nonce before it; opens only with the same ``bound_to``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode())


def unwrap(key: bytes, wrapped: bytes, *, bound_to: str, what: str) -> bytes:
    """What :func:`wrap` hid; ``what`` it is, for the message. Raises :class:`WrongKey`."""
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise WrongKey(f"{what} does not open: wrong key, or it was changed") from error
