"""Sealed documents and the ledger: one entry for each sealing, and each held against the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import documents_ledger_faults
from betterwork.foundation.documents.services import (
    Prepared,
    document_prepare,
    document_seal,
    documents_seal,
    documents_without_an_entry_record,
)
from betterwork.foundation.ledger.queries import entries_search, instance_faults, ledger_faults, ledger_head
from betterwork.foundation.ledger.seals import drop_seals

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P2")]
AT = datetime(2015, 3, 1, tzinfo=UTC)


def prepared(*keys: str) -> list[Prepared]:
    return [document_prepare(kind="example", key=key, sections={"public": {"key": key}}) for key in keys]


def slipped_in(key: str) -> SealedDocument:
    """A document put into the table past the service."""
    (one,) = prepared(key)
    return SealedDocument.objects.create(
        kind=one.kind, key=one.key, digest=one.digest, content_digest=one.content_digest,
        sections=dict(one.sections), body=one.body, sealed_at=AT,
    )  # fmt: skip


def test_sealing_many_documents_writes_one_entry_that_names_each() -> None:
    before = ledger_head().number
    documents = documents_seal(prepared=prepared("a/1", "a/2", "a/3"), at=AT, actor="p-1")
    (entry,) = entries_search(subject="documents 3").entries
    assert entry.number == ledger_head().number == before + 1
    assert (entry.kind, entry.action, entry.actor, entry.at) == ("seal", "documents.sealed", "p-1", AT)
    assert entry.content == [["example", one.key, one.digest] for one in documents]


def test_sealing_one_document_writes_an_entry_under_its_name_by_the_operator() -> None:
    document = document_seal(kind="example", key="a/1", sections={"public": {}}, at=AT)
    (entry,) = entries_search(subject="example a/1").entries
    assert (entry.actor, entry.content) == ("operator", [["example", "a/1", document.digest]])


def test_sealing_nothing_writes_nothing() -> None:
    before = ledger_head()
    assert documents_seal(prepared=[], at=AT) == []
    assert ledger_head() == before


def test_what_cannot_be_sealed_leaves_no_entry_and_what_cannot_be_entered_is_not_sealed() -> None:
    document_seal(kind="example", key="a/1", sections={"public": {}}, at=AT)
    before, count = ledger_head(), SealedDocument.objects.count()
    with pytest.raises(IntegrityError):
        documents_seal(prepared=prepared("a/2", "a/1"), at=AT)
    with pytest.raises(ValueError, match="opaque id"):
        documents_seal(prepared=prepared("a/3"), at=AT, actor="Chan Sokha")
    assert (ledger_head(), SealedDocument.objects.count()) == (before, count)


@pytest.mark.parametrize("at_once", [1, 4, 100_000])
def test_documents_and_entries_agree_also_when_compared_in_parts(at_once: int) -> None:
    documents_seal(prepared=prepared(*(f"a/{n}" for n in range(20))), at=AT)
    assert list(documents_ledger_faults(at_once)) == []
    added = slipped_in("b/1")
    assert list(documents_ledger_faults(at_once)) == [f"example b/1 {added.digest[:12]}: no seal entry names it"]


@pytest.mark.parametrize("at_once", [1, 100_000])
def test_a_document_that_was_taken_away_or_renamed_is_missed_by_its_entry(at_once: int) -> None:
    one, other = documents_seal(prepared=prepared("a/1", "a/2"), at=AT)
    number = ledger_head().number
    drop_seals(connection)
    SealedDocument.objects.filter(pk=one.pk).delete()
    SealedDocument.objects.filter(pk=other.pk).update(key="a/9")
    assert sorted(documents_ledger_faults(at_once)) == [
        f"example a/1 {one.digest[:12]}: entry {number} says it was sealed, and it is not there",
        f"example a/2 {other.digest[:12]}: entry {number} says it was sealed, and it is not there",
        f"example a/9 {other.digest[:12]}: no seal entry names it",
    ]


def test_ledger_verify_tells_of_documents_too() -> None:
    assert list(instance_faults()) == []
    slipped_in("b/1")
    assert [line[:22] for line in instance_faults()] == ["documents: example b/1"]


def test_documents_from_before_the_ledger_get_entries_when_it_comes() -> None:
    drop_seals(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_entry")
    for key in ("b/1", "b/2"):
        slipped_in(key)
    assert documents_without_an_entry_record(at=AT) == SealedDocument.objects.count()
    assert list(documents_ledger_faults()) == []
    assert list(ledger_faults()) == []
    (entry,) = entries_search(action="documents.sealed-before-the-ledger").entries
    assert ["example", "b/2"] in [name[:2] for name in entry.content]
