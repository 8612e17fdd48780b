"""Reading sealed documents."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from betterwork.core.canonical import canonical_bytes, digest, root_digest
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.rules import SEALED, SEALED_BEFORE
from betterwork.foundation.ledger.queries import seal_contents

_AT_ONCE = 100_000
"""Digests held in memory while documents and ledger are compared: some 20 MB."""


def document_sections(body: bytes | memoryview) -> dict[str, Any]:
    """The sections of a stored body: audience → content."""
    sections: dict[str, Any] = orjson.loads(zlib.decompress(body))
    return sections


def document_faults(document: SealedDocument) -> list[str]:
    """What does not hold together in a stored document; empty when every digest is right."""
    sections = document_sections(document.body)
    faults = [
        f"section {audience} does not match its digest"
        for audience, content in sections.items()
        if digest(canonical_bytes(content)) != document.sections.get(audience)
    ]
    root = root_digest(
        kind=document.kind,
        key=document.key,
        sections=document.sections,
        supersedes=document.supersedes.digest if document.supersedes else None,
        reason=document.reason,
    )
    return faults + ([] if root == document.digest else ["the root digest does not match"])


def documents_ledger_faults(at_once: int = _AT_ONCE) -> Iterator[str]:
    """Sealed documents that no seal entry names, and those that an entry names and that are not there.

    Kind, key and digest must agree. Memory is bounded: of many documents, those whose digests
    begin alike are compared together, and both sides are read once for each such part.
    """
    parts = SealedDocument.objects.count() // at_once + 1
    for part in range(parts):
        told: dict[bytes, int] = {}
        for number, names in _seals():
            told |= {_known_by(*name): number for name in names if _part_of(name[2], parts) == part}
        rows = SealedDocument.objects.order_by("pk").values_list("kind", "key", "digest")
        for kind, key, name in rows.iterator(chunk_size=5000):
            if _part_of(name, parts) == part and told.pop(_known_by(kind, key, name), None) is None:
                yield f"{kind} {key} {name[:12]}: no seal entry names it"
        missing = set(told.values())
        if missing:
            for number, names in _seals():
                if number in missing:
                    for kind, key, name in names:
                        if told.get(_known_by(kind, key, name)) == number:
                            yield f"{kind} {key} {name[:12]}: entry {number} says it was sealed, and it is not there"


def _seals() -> Iterator[tuple[int, list[list[str]]]]:
    for number, action, content in seal_contents():
        if action in (SEALED, SEALED_BEFORE) and isinstance(content, list):
            yield number, [name for name in content if _is_name(name)]


def _is_name(name: Any) -> bool:
    return isinstance(name, list) and len(name) == 3 and all(isinstance(part, str) for part in name)


def _part_of(name: str, parts: int) -> int:
    return 0 if parts == 1 else int(hashlib.blake2b(name.encode(), digest_size=4).hexdigest(), 16) % parts


def _known_by(kind: str, key: str, name: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{key}\0{name}".encode()).digest()
