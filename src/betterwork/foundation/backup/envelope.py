"""The outside of a backup: bytes in, bytes out, where a cut, a change and a wrong key are found.

Plain: the bytes, then a fixed end that holds their SHA-256 (an empty-looking second member of a gzip file, so that the
whole still opens with any program). Under a key: a header line, then AES-256-GCM in pieces; the nonce of a piece is its
number and whether it is the last, so that none can be left out, moved or cut off.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import zlib
from typing import IO, Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.foundation.backup.rules import FORMAT, VERSION, BadBackup
from betterwork.foundation.ledger import keys

GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
BLOCK = 1 << 20
_TAG = 16
_NAME = f"{FORMAT} under a key ".encode()
_LONGEST_HEADER = 1000


def key_name(key: bytes) -> str:
    """The fingerprint of a key of backups."""
    return keys.fingerprint(key, of="backup")


def _end(sha256: str) -> bytes:
    text = f"sha256 {sha256}\n".encode()
    stored = b"\x01" + struct.pack("<HH", len(text), len(text) ^ 0xFFFF) + text
    return GZIP_HEAD + stored + struct.pack("<II", zlib.crc32(text), len(text))


END_BYTES = len(_end("0" * 64))


class PlainSink:
    """Writes bytes as they are, and their digest at the end."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._digest = out, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write some."""
        self._digest.update(data)
        return self._out.write(data)

    def close(self) -> None:
        """Write the end."""
        self._out.write(_end(self._digest.hexdigest()))


class SealedSink:
    """Writes bytes under a key of this one file."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        salt = secrets.token_hex(32)
        said = {"version": VERSION, "salt": salt, "key": key_name(key)}
        header = _NAME + canonical_bytes(said) + b"\n"
        self._out, self._held, self._number = out, bytearray(), 0
        self._cipher, self._bound = _cipher(key, header, salt), digest(header).encode()
        out.write(header)

    def write(self, data: bytes) -> int:
        """Write some."""
        self._held += data
        while len(self._held) > BLOCK:  # the last piece is written by close, and says that it is the last
            self._piece(bytes(self._held[:BLOCK]), last=False)
            del self._held[:BLOCK]
        return len(data)

    def close(self) -> None:
        """Write the last piece."""
        self._piece(bytes(self._held), last=True)

    def _piece(self, data: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), data, self._bound))
        self._number += 1


class PlainSource:
    """Reads what :class:`PlainSink` wrote; the whole file is looked through before the first byte is given."""

    def __init__(self, file: IO[bytes], *, looked_through: bool = False) -> None:
        self._file = file
        self._left = max(file.seek(0, os.SEEK_END) - END_BYTES, 0)
        file.seek(0)
        if looked_through:
            return
        whole, left = hashlib.sha256(), self._left
        while left and (data := file.read(min(BLOCK, left))):
            whole.update(data)
            left -= len(data)
        if file.read() != _end(whole.hexdigest()):
            raise BadBackup("this backup is cut off or was changed. Nothing was changed here")
        file.seek(0)

    def read(self, most: int) -> bytes:
        """Some bytes; none at the end."""
        data = self._file.read(min(most, self._left))
        self._left -= len(data)
        return data


class SealedSource:
    """Reads what :class:`SealedSink` wrote; every piece is opened before a byte of it is given."""

    def __init__(self, file: IO[bytes], key: bytes | None) -> None:
        file.seek(0)
        header = file.readline(_LONGEST_HEADER)
        said = _header_read(header)
        if key is None:
            raise BadBackup(
                f"this backup lies under a key (fingerprint {said['key'][:16]}): name it with --key-file or BACKUP_KEY"
            )
        if key_name(key) != said["key"]:
            raise keys.WrongKey(
                f"this is not the key of this backup: it lies under the one with fingerprint {said['key'][:16]}, "
                f"and the one given has {key_name(key)[:16]}"
            )
        self._file, self._number, self._done = file, 0, False
        self._cipher, self._bound = _cipher(key, header, said["salt"]), digest(header).encode()
        self._held, self._at = b"", 0
        self._next = file.read(BLOCK + _TAG)

    def read(self, most: int) -> bytes:
        """Some bytes; none at the end. Raises :class:`BadBackup`."""
        if self._at >= len(self._held) and not self._done:
            self._open_next()
        data = self._held[self._at : self._at + most]
        self._at += len(data)
        return data

    def _open_next(self) -> None:
        sealed, self._next = self._next, self._file.read(BLOCK + _TAG)
        last = not self._next
        try:
            self._held = self._cipher.decrypt(_nonce(self._number, last), sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            what = "is cut off, or its end was changed" if last else f"was changed (in piece {self._number + 1})"
            raise BadBackup(f"this backup {what}. Nothing was changed here") from error
        self._at, self._done = 0, last
        self._number += 1


def source_open(file: IO[bytes], key: bytes | None, *, looked_through: bool = False) -> PlainSource | SealedSource:
    """Whichever of the two a file is. Raises :class:`BadBackup` for neither, WrongKey."""
    file.seek(0)
    begin = file.read(max(len(_NAME), len(GZIP_HEAD)))
    if begin == _NAME:
        return SealedSource(file, key)
    if begin[: len(GZIP_HEAD)] == GZIP_HEAD:
        return PlainSource(file, looked_through=looked_through)
    raise BadBackup("this is no backup of an instance")


def _header_read(header: bytes) -> dict[str, str]:
    try:
        said: dict[str, Any] = orjson.loads(header.removeprefix(_NAME))
        version, text = int(said["version"]), {name: str(said[name]) for name in ("salt", "key")}
        bytes.fromhex(text["salt"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadBackup("this is no backup of an instance, or its beginning was changed") from error
    version_check(version)
    return text


def version_check(version: int) -> None:
    """Refuse a format that came later than this program. Raises :class:`BadBackup`."""
    if version != VERSION:
        raise BadBackup(
            f"this backup has format {version}, and this program reads format {VERSION}: "
            "restore with the program that wrote it, or a later one"
        )


def _cipher(key: bytes, header: bytes, salt: str) -> AESGCM:
    info = b"betterwork backup\n" + header
    return AESGCM(HKDF(SHA256(), keys.KEY_BYTES, salt=bytes.fromhex(salt), info=info).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(keys.NONCE_BYTES - 1, "big") + bytes([last])
