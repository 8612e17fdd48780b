"""The key of the instance, under which the keys of persons are wrapped."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.conf import settings

from betterwork.foundation.ledger import keys
from betterwork.foundation.ledger.keys import KEY_BYTES as KEY_BYTES
from betterwork.foundation.ledger.keys import NONCE_BYTES as NONCE_BYTES
from betterwork.foundation.ledger.keys import WrongKey as WrongKey
from betterwork.foundation.ledger.keys import wrap as wrap


def key_file() -> Path:
    """Where the key lies when no setting gives it."""
    return Path(settings.BETTERWORK_HOME) / "keys" / "ledger.key"


def instance_key(*, make: bool = False) -> bytes | None:
    """The key from the setting LEDGER_KEY, else from the key file; with ``make`` a new file when there is none.

    Raises :class:`WrongUse` when what is there is no key.
    """
    return keys.key_read(settings.LEDGER_KEY, "LEDGER_KEY", key_file(), make=make)


def fingerprint(key: bytes) -> str:
    """A name of the key from which it cannot be had."""
    return keys.fingerprint(key, of="ledger")


def unwrap(key: bytes, wrapped: bytes, *, bound_to: str) -> bytes:
    """What :func:`wrap` hid; while the key is being changed, under either of the two. Raises :class:`WrongKey`."""
    try:
        return _unwrap(key, wrapped, bound_to)
    except WrongKey:
        for other in _others_than(key):
            try:
                return _unwrap(other, wrapped, bound_to)
            except WrongKey:
                continue
        raise


def rewrap(old: bytes, new: bytes, wrapped: bytes, *, bound_to: str) -> bytes:
    """The same secret under another key: for what rooms do when the key is changed. Raises :class:`WrongKey`."""
    return wrap(new, _unwrap(old, wrapped, bound_to), bound_to=bound_to)


def key_put_beside(key: bytes) -> Path:
    """Put the key that will be next beside the one in use, where a crash cannot lose either."""
    path = key_file().with_name(f"ledger-{fingerprint(key)[:16]}.key")
    keys.key_write(path, key)
    return path


def keys_beside() -> dict[Path, bytes]:
    """Keys of changes that have not come to their end, or never will."""
    found = {}
    for path in sorted(key_file().parent.glob("ledger-*.key")):
        try:
            found[path] = keys.key_parsed(path.read_text(encoding="ascii", errors="replace"), str(path))
        except FileNotFoundError:  # taken into use this very moment
            continue
    return found


def key_adopt(wanted: str) -> None:
    """Give the key with this fingerprint its place, when it still lies beside. Done again, it changes nothing."""
    if settings.LEDGER_KEY:
        return
    main = instance_key()
    if main is not None and fingerprint(main) == wanted:
        return
    for path, key in keys_beside().items():
        if fingerprint(key) == wanted:
            with suppress(FileNotFoundError):  # another process was quicker
                path.replace(key_file())
                keys.folder_sync(key_file().parent)


def _unwrap(key: bytes, wrapped: bytes, bound_to: str) -> bytes:
    return keys.unwrap(key, wrapped, bound_to=bound_to, what="a personal value in the ledger")


def _others_than(key: bytes) -> list[bytes]:
    if settings.LEDGER_KEY:
        return []
    found = [*keys_beside().values(), instance_key()]
    return [one for one in found if one is not None and one != key]
