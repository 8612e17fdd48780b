"""The vault in one file: ciphertext under the vault's key, whole or not at all, and back again to the same rows."""

from __future__ import annotations

import base64
import secrets
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connections, models, transaction

from betterwork.core.canonical import canonical_bytes, digest, set_digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger import keys
from betterwork.foundation.ledger.rules import moment
from betterwork.foundation.vault.keyring import key_found, key_name, vault_key
from betterwork.foundation.vault.models import MODELS, VaultItem, VaultKeyUse
from betterwork.foundation.vault.queries import vault_entries
from betterwork.foundation.vault.router import VAULT
from betterwork.foundation.vault.rules import ERASED

FORMAT = "betterwork vault backup 1"
_AT_ONCE = 50
_MOST_OF_A_FRAME = 1 << 30


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: how many rows, and one digest over those of all rows."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Restored(BackedUp):
    """What was put back, and the items that were left out because they have been erased since."""

    left_out: tuple[str, ...] = ()


class BadBackup(WrongUse):
    """This file is no whole backup of a vault. Nothing was changed."""


def vault_digest() -> BackedUp:
    """How many rows the vault has, and the digest over all of them, whichever database holds them."""
    found = [digest(canonical_bytes(row)) for row in _rows()]
    return BackedUp(len(found), set_digest(found))


def backup_write(*, out: IO[bytes], at: datetime) -> BackedUp:
    """Write the vault as it is at one moment. Writes no entry: :func:`services.vault_backup` does.

    The file opens under the vault's key and no other. Raises WrongKey.
    """
    key = vault_key() if VaultKeyUse.objects.exists() else key_found(make=True)
    assert key is not None
    header = canonical_bytes(
        {"format": FORMAT, "id": secrets.token_hex(16), "fingerprint": key_name(key), "at": moment(at)}
    )
    out.write(header + b"\n")
    with transaction.atomic(using=VAULT, durable=True):
        _others_wait()
        return _frames_write(out, _backup_key(key, header), header)


def restore_read(*, source: IO[bytes], replace: bool = False) -> Restored:
    """Put back what a backup holds: all of it in one transaction, or nothing. Writes no entry.

    What the ledger says was erased since is left out. Raises :class:`BadBackup` for a file that is cut off or was
    changed, WrongKey for one under another key, and :class:`WrongUse` for a vault that holds something, unless it is
    to be replaced.
    """
    header = source.readline(4096)
    key = _backup_key(_key_of(header), header)
    start = source.tell()
    whole = _whole(_frames(source, key, header))
    source.seek(start)
    erased = {item for item, action, _said in vault_entries() if action == ERASED}
    with transaction.atomic(using=VAULT, durable=True):
        _others_wait()
        if VaultItem.objects.exists() and not replace:
            raise WrongUse("the vault holds something already: restore into an empty one, or say --replace")
        for model in reversed(MODELS):
            model._base_manager.using(VAULT).all().delete()
        left_out = _rows_put(_frames(source, key, header), erased)
        found = vault_digest()
        if not left_out and found != whole:
            raise BadBackup("the rows put back are not those of the backup; nothing was changed")
    return Restored(found.rows, found.digest, tuple(sorted(left_out)))


def _others_wait() -> None:
    """Let nobody write meanwhile, so that all rows are of one moment. SQLite's transactions do so by themselves."""
    if connections[VAULT].vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in MODELS)
        with connections[VAULT].cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _frames_write(out: IO[bytes], key: bytes, header: bytes) -> BackedUp:
    """Pieces of some rows each, every one bound to the header, its place, and whether it is the last."""
    digests: list[str] = []
    number, lines = 0, []
    for row in _rows():
        line = canonical_bytes(row)
        digests.append(digest(line))
        lines.append(line)
        if len(lines) == _AT_ONCE:
            _frame_write(out, key, header, number, b"\n".join(lines), last=False)
            number, lines = number + 1, []
    if lines:
        _frame_write(out, key, header, number, b"\n".join(lines), last=False)
        number += 1
    made = BackedUp(len(digests), set_digest(digests))
    end = canonical_bytes({"rows": made.rows, "digest": made.digest})
    _frame_write(out, key, header, number, end, last=True)
    return made


def _frame_write(out: IO[bytes], key: bytes, header: bytes, number: int, data: bytes, *, last: bool) -> None:
    sealed = keys.wrap(key, data, bound_to=_bound(header, number, last))
    out.write(struct.pack(">?I", last, len(sealed)) + sealed)


def _frames(source: IO[bytes], key: bytes, header: bytes) -> Iterator[tuple[bool, bytes]]:
    number, last = 0, False
    while not last:
        head = source.read(5)
        if len(head) < 5:
            raise BadBackup("this backup is cut off; nothing was changed")
        last, length = struct.unpack(">?I", head)
        sealed = source.read(length) if length <= _MOST_OF_A_FRAME else b""
        if len(sealed) != length:
            raise BadBackup("this backup is cut off; nothing was changed")
        try:
            data = keys.unwrap(key, sealed, bound_to=_bound(header, number, last), what="this backup")
        except keys.WrongKey as error:
            raise BadBackup("this backup was changed; nothing was changed in the vault") from error
        if last and source.read(1):
            raise BadBackup("something follows the end of this backup; nothing was changed")
        yield last, data
        number += 1


def _whole(frames: Iterator[tuple[bool, bytes]]) -> BackedUp:
    """Read the file to its end before anything is touched."""
    digests: list[str] = []
    for last, data in frames:
        if last:
            said = orjson.loads(data)
            if said == {"rows": len(digests), "digest": set_digest(digests)}:
                return BackedUp(**said)
        digests += [digest(line) for line in data.split(b"\n")]
    raise BadBackup("this backup does not hold what its end says; nothing was changed")


def _rows_put(frames: Iterator[tuple[bool, bytes]], erased: set[str]) -> set[str]:
    left_out = set()
    for last, data in frames:
        if last:
            break
        for line in data.split(b"\n"):
            row = orjson.loads(line)
            model = _NAMES[row.pop("$table")]
            if model is VaultItem and row["id"] in erased:
                left_out.add(row["id"])
                continue
            _instance(model, row).save(force_insert=True, using=VAULT)
    return left_out


def _rows() -> Iterator[dict[str, Any]]:
    """Every row as plain values, table by table, in the order of their keys."""
    for model in MODELS:
        for one in model._base_manager.using(VAULT).order_by("pk").iterator(chunk_size=_AT_ONCE):
            yield {"$table": model._meta.model_name, **_plain(one)}


_NAMES: Mapping[str, type[models.Model]] = {str(model._meta.model_name): model for model in MODELS}


def _plain(row: models.Model) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.BinaryField):
            value = base64.b64encode(bytes(value)).decode()
        elif isinstance(field, models.DateTimeField):
            value = moment(value)
        values[field.attname] = value
    return values


def _instance(model: type[models.Model], values: dict[str, Any]) -> models.Model:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.BinaryField):
            values[field.attname] = base64.b64decode(values[field.attname])
        elif isinstance(field, models.DateTimeField):
            values[field.attname] = datetime.fromisoformat(values[field.attname])
    return model(**values)


def _key_of(header: bytes) -> bytes:
    try:
        said = orjson.loads(header)
        named = said["fingerprint"] if said["format"] == FORMAT else None
    except (ValueError, KeyError, TypeError):
        named = None
    if named is None:
        raise BadBackup("this is no backup of a vault")
    key = key_found()
    if key is None or key_name(key) != named:
        raise keys.WrongKey(
            f"this backup lies under the key with fingerprint {named[:16]}, which is not the one that is here. "
            "Set VAULT_KEY to it, or put it into keys/vault.key"
        )
    return key


def _backup_key(key: bytes, header: bytes) -> bytes:
    """A key for this one file, so that nothing in it can be mistaken for something in the vault."""
    return HKDF(SHA256(), keys.KEY_BYTES, salt=None, info=b"betterwork vault backup\n" + header.strip()).derive(key)


def _bound(header: bytes, number: int, last: bool) -> str:
    return f"betterwork vault backup {digest(header.strip())} {number} {'last' if last else 'more'}"
