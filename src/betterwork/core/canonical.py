"""Canonical bytes and digests: the same content gives the same bytes on every machine.

Canonical form: JSON in UTF-8 with sorted keys and no white space, keys in ASCII, no
floating-point numbers. Under those limits the bytes are those of RFC 8785 (JCS).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson


class NotCanonical(ValueError):
    """The content holds something that has no single canonical form (a float, a non-ASCII key)."""


def canonical_bytes(content: Any) -> bytes:
    """Return the canonical bytes of ``content`` (dicts, lists, strings, whole numbers, booleans, None).

    Raises :class:`NotCanonical` when the content holds a float, a key that is not ASCII text,
    or a type with no JSON form.
    """
    _refuse_what_has_no_single_form(content)
    return canonical_bytes_unchecked(content)


def canonical_bytes_unchecked(content: Any) -> bytes:
    """As :func:`canonical_bytes` for content the caller built itself from checked parts."""
    try:
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise NotCanonical(str(error)) from error


def _refuse_what_has_no_single_form(content: Any) -> None:
    if isinstance(content, float):
        raise NotCanonical(f"a float has no single canonical form: {content!r}")
    if isinstance(content, Mapping):
        for key, value in content.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical(f"keys are ASCII text; this one is not: {key!r}")
            _refuse_what_has_no_single_form(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_what_has_no_single_form(value)


def digest(data: bytes) -> str:
    """SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def set_digest(digests: Iterable[str]) -> str:
    """One digest for a set of documents: order and repetition do not matter."""
    return digest("\n".join(sorted(set(digests))).encode("ascii"))


def root_digest(
    *, kind: str, key: str, sections: Mapping[str, str], supersedes: str | None = None, reason: str = ""
) -> str:
    """The digest that names a sealed document.

    ``sections`` maps each audience to the digest of its section, so that the holder of one
    section can verify it against the root without seeing the others.
    """
    envelope = {"kind": kind, "key": key, "sections": dict(sections), "supersedes": supersedes, "reason": reason}
    return digest(canonical_bytes(envelope))
