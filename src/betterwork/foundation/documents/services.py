"""Sealing documents."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from betterwork.core.canonical import canonical_bytes, canonical_bytes_unchecked, digest, root_digest
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.rules import SEALED, SEALED_BEFORE, seal_subject
from betterwork.foundation.ledger.rules import OPERATOR, SEAL
from betterwork.foundation.ledger.services import entry_append


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be sealed: its bytes and digests, nothing written yet."""

    kind: str
    key: str
    sections: Mapping[str, str]  # audience → digest of its section
    body: bytes  # zlib of the canonical bytes of {audience: section}
    content_digest: str
    digest: str
    supersedes: SealedDocument | None = field(default=None)
    reason: str = ""


def document_prepare(
    *,
    kind: str,
    key: str,
    sections: Mapping[str, Any],
    supersedes: SealedDocument | None = None,
    reason: str = "",
    checked: bool = False,
) -> Prepared:
    """Make the canonical bytes and digests of a document with one section per audience.

    ``checked`` says that the caller built the content from parts known to be canonical
    (an import of a million rows); otherwise every value is looked at.
    Raises :class:`betterwork.core.canonical.NotCanonical`.
    """
    write = canonical_bytes_unchecked if checked else canonical_bytes
    written = {audience: write(content) for audience, content in sections.items()}
    digests = {audience: digest(data) for audience, data in written.items()}
    joined = b"{" + b",".join(b'"%b":%b' % (a.encode("ascii"), written[a]) for a in sorted(written)) + b"}"
    return Prepared(
        kind=kind,
        key=key,
        sections=digests,
        body=zlib.compress(joined, 6),
        content_digest=root_digest(kind=kind, key=key, sections=digests),
        digest=root_digest(
            kind=kind,
            key=key,
            sections=digests,
            supersedes=supersedes.digest if supersedes else None,
            reason=reason,
        ),
        supersedes=supersedes,
        reason=reason,
    )


@transaction.atomic
def documents_seal(*, prepared: Iterable[Prepared], at: datetime, actor: str = OPERATOR) -> list[SealedDocument]:
    """Write prepared documents, in one statement per thousand, and one seal entry in the ledger for all of them."""
    rows = [
        SealedDocument(
            kind=one.kind,
            key=one.key,
            digest=one.digest,
            content_digest=one.content_digest,
            sections=dict(one.sections),
            body=one.body,
            sealed_at=at,
            supersedes=one.supersedes,
            reason=one.reason,
        )
        for one in prepared
    ]
    documents = SealedDocument.objects.bulk_create(rows, batch_size=1000)
    if documents:
        entry_append(
            kind=SEAL,
            action=SEALED,
            actor=actor,
            subject=seal_subject([(one.kind, one.key) for one in documents]),
            content=[[one.kind, one.key, one.digest] for one in documents],
            at=at,
            checked=True,
        )
    return documents


def document_seal(
    *,
    kind: str,
    key: str,
    sections: Mapping[str, Any],
    at: datetime,
    actor: str = OPERATOR,
    supersedes: SealedDocument | None = None,
    reason: str = "",
) -> SealedDocument:
    """Seal one document and return it."""
    prepared = document_prepare(kind=kind, key=key, sections=sections, supersedes=supersedes, reason=reason)
    return documents_seal(prepared=[prepared], at=at, actor=actor)[0]


@transaction.atomic
def documents_without_an_entry_record(*, at: datetime, actor: str = OPERATOR) -> int:
    """Write entries for documents sealed before there was a ledger; return how many documents there were.

    For the migration that brings the ledger, and nothing else: done at another time it would vouch
    for a document that somebody slipped in.
    """
    rows = SealedDocument.objects.order_by("pk").values_list("kind", "key", "digest").iterator(chunk_size=1000)
    count = 0
    while some := list(islice(rows, 1000)):
        entry_append(
            kind=SEAL,
            action=SEALED_BEFORE,
            actor=actor,
            subject=seal_subject([(kind, key) for kind, key, _ in some]),
            content=[list(row) for row in some],
            at=at,
        )
        count += len(some)
    return count
