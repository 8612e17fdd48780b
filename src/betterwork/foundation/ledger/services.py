"""Writing entries, in the transaction of what they record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from betterwork.core.canonical import canonical_bytes, canonical_bytes_unchecked
from betterwork.core.errors import BetterWorkError
from betterwork.foundation.ledger.instance_key import fingerprint, instance_key
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.personal import FORGOTTEN, hidden, keys_ensured, persons_in, subject_of
from betterwork.foundation.ledger.queries import KEY_USED, instance_key_check, key_in_use, ledger_head
from betterwork.foundation.ledger.rules import AUDIT, entry_check, entry_digest, moment

_LOCK = 0x6265747465726C65  # any constant: the name of the ledger's lock in PostgreSQL


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written: all that is known before its place in the chain is."""

    kind: str
    action: str
    actor: str
    subject: str
    content: Any
    at: datetime
    checked: bool = False
    """Whether the caller built the content from parts known to be canonical, without a personal value."""


def entry_append(
    *, kind: str, action: str, actor: str, subject: str, content: Any, at: datetime, checked: bool = False
) -> Entry:
    """Write one entry at the end of the chain and return it. See :func:`entries_append`."""
    return entries_append(new=[NewEntry(kind, action, actor, subject, content, at, checked)])[0]


def entries_append(*, new: Iterable[NewEntry]) -> list[Entry]:
    """Write entries at the end of the chain, in their order, and return them.

    Writers wait for each other until their transactions end, so the chain has no fork and no gap.
    Values marked with ``personal`` are hidden under their person's key. Raises :class:`BadEntry`
    for words that a search could not find again, :class:`NotCanonical` for content without a
    canonical form, and BetterWorkError outside a transaction: an entry that could stay when what
    it records is rolled back, or the other way round, would be worth nothing.
    """
    drafts = list(new)
    for draft in drafts:
        entry_check(kind=draft.kind, action=draft.action, actor=draft.actor, subject=draft.subject)
    _ledger_lock()
    persons = set().union(*(persons_in(draft.content) for draft in drafts if not draft.checked))
    keys: dict[str, bytes | None] = {}
    if persons:
        actor, at = drafts[0].actor, drafts[0].at
        keys = keys_ensured(persons, at=at, instance=lambda: _instance_key(actor=actor, at=at))
    contents = [
        canonical_bytes_unchecked(draft.content) if draft.checked else canonical_bytes(hidden(draft.content, keys))
        for draft in drafts
    ]
    return _chained(drafts, contents)


@transaction.atomic
def person_forget(*, person_id: str, actor: str, at: datetime) -> Entry:
    """Destroy the key of a person: every value of hers in the ledger is unreadable from now on; return the entry.

    The chain is untouched. What is said of her later is written as erased. Done again, it changes
    nothing and returns the first entry. A backup made before still holds the key.
    """
    _ledger_lock()
    told = Entry.objects.filter(action=FORGOTTEN, subject=subject_of(person_id)).order_by("number").first()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # without it the key stays readable in a free page of the file
            cursor.execute("PRAGMA secure_delete = ON")
    if PersonKey.objects.filter(person=person_id).delete()[0]:
        transaction.on_commit(_key_wiped, robust=True)
    return told or entry_append(
        kind=AUDIT, action=FORGOTTEN, actor=actor, subject=subject_of(person_id), content={}, at=at
    )


def _chained(drafts: list[NewEntry], contents: list[bytes]) -> list[Entry]:
    head = ledger_head()
    number, previous = head.number, head.digest
    rows = []
    for draft, content in zip(drafts, contents, strict=True):
        number += 1
        words = {"kind": draft.kind, "action": draft.action, "actor": draft.actor, "subject": draft.subject}
        name = entry_digest(number=number, at=moment(draft.at), content=content, previous=previous, **words)
        rows.append(Entry(number=number, at=draft.at, content=content, previous=previous, digest=name, **words))
        previous = name
    return Entry.objects.bulk_create(rows, batch_size=500)


def _ledger_lock() -> None:
    """Make other writers wait. SQLite's transactions are IMMEDIATE (see the settings): they wait already."""
    if not connection.in_atomic_block:
        raise BetterWorkError("an entry of the ledger is written in the transaction of what it records; open one")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _instance_key(*, actor: str, at: datetime) -> bytes:
    """The key of the instance; the first time an entry says which it is, so that later no other one is taken."""
    instance_key_check()
    key = instance_key(make=True)
    assert key is not None
    if key_in_use() is None:
        name = fingerprint(key)
        subject = f"ledger-key {name[:16]}"
        entry_append(kind=AUDIT, action=KEY_USED, actor=actor, subject=subject, content={"fingerprint": name}, at=at)
    return key


def _key_wiped() -> None:
    """Take the destroyed key out of what the database keeps besides its rows: the log, dead rows."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ledger_personkey")
