"""Chance that stands still: two lives of one world get the same ids, keys and salts; what is sealed says nothing.

Two worlds can only be held against each other byte by byte where chance is the same in both. So ids, keys and salts
come from one row of numbers. What is sealed becomes bytes of the same length from that row, and is looked up when it is
opened: that is what a cipher promises, and all that these tests believe of it.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uuid_utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from betterwork.foundation.jobs import models as jobs
from betterwork.foundation.ledger import keys
from betterwork.foundation.vault import services, verifying
from betterwork.foundation.vault.rules import item_digest

_BEGAN = 1_795_000_000_000
"""Of ids that grow with time: milliseconds of a day in November 2026, after all that stands in the world."""


class _Row:
    """Bytes in the place of chance, the same each time."""

    def __init__(self) -> None:
        self.drawn = 0

    def bytes(self, length: int | None = None) -> bytes:
        self.drawn += 1
        return hashlib.shake_256(f"chance {self.drawn}".encode()).digest(32 if length is None else length)

    def grown(self) -> uuid.UUID:
        """An id that grows with time."""
        tail = self.bytes(10)
        whole = (_BEGAN + self.drawn).to_bytes(6, "big") + tail
        return uuid.UUID(
            bytes=whole[:6] + bytes([0x70 | whole[6] & 0x0F, whole[7], 0x80 | whole[8] & 0x3F]) + whole[9:]
        )


class _Sealed:
    """In the place of a cipher: what comes out says how long it is and nothing else."""

    held: dict[tuple[bytes, bytes, bytes, bytes], bytes]
    nonces: set[bytes]

    def __init__(self, key: bytes) -> None:
        self.key = key

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        made = hashlib.shake_256(b"sealed" + nonce).digest(len(data) + 16)
        self.held[self.key, nonce, made, bound] = data
        self.nonces.add(nonce)
        return made

    def decrypt(self, nonce: bytes, made: bytes, bound: bytes) -> bytes:
        known = self.held.get((self.key, nonce, bytes(made), bound))
        return AESGCM(self.key).decrypt(nonce, made, bound) if known is None else known


@contextmanager
def chance_stands() -> Iterator[None]:
    """Inside, everything that is left to chance comes in the same order each time."""
    row = _Row()

    class Sealed(_Sealed):
        held: dict[tuple[bytes, bytes, bytes, bytes], bytes] = {}
        nonces: set[bytes] = set()

    def of_version(facts: Any, ciphertext: bytes) -> str:
        """The digest of a ciphertext is chance itself: the same whatever is in it, and however long it is."""
        nonce = bytes(ciphertext)[: keys.NONCE_BYTES]
        return item_digest(facts, nonce if nonce in Sealed.nonces else ciphertext)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uuid_utils, "uuid7", row.grown)
        patch.setattr(jobs, "uuid7", row.grown)
        patch.setattr(secrets, "token_bytes", row.bytes)
        patch.setattr(secrets, "token_hex", lambda length=None: row.bytes(length).hex())
        patch.setattr(keys, "AESGCM", Sealed)
        for module in (services, verifying):
            patch.setattr(module, "item_digest", of_version)
        yield
