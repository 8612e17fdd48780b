"""Reading sealed documents."""

from __future__ import annotations

import zlib
from typing import Any

import orjson

from betterwork.core.canonical import canonical_bytes, digest, root_digest
from betterwork.foundation.documents.models import SealedDocument


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
