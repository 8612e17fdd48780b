"""Writing entries, in the transaction of what they record."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from betterwork.core.canonical import canonical_bytes, canonical_bytes_unchecked
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.ledger.instance_key import (
    KEY_BYTES,
    fingerprint,
    instance_key,
    key_adopt,
    key_put_beside,
    keys_beside,
)
from betterwork.foundation.ledger.models import Entry, PersonKey, Verification
from betterwork.foundation.ledger.personal import (
    FORGOTTEN,
    hidden,
    keys_ensured,
    personal,
    persons_hidden_in,
    persons_in,
    persons_rewrap,
    subject_of,
)
from betterwork.foundation.ledger.queries import (
    KEY_CHANGED,
    KEY_USED,
    content_read,
    instance_key_check,
    key_in_use,
    ledger_head,
)
from betterwork.foundation.ledger.rotations import ROTATIONS
from betterwork.foundation.ledger.rules import AUDIT, Head, entry_check, entry_digest, moment

OPENED = "ledger.personal.opened"
EXPORTED = "ledger.trail.exported"
_INSERT = (
    'INSERT INTO ledger_entry ("number", "at", "kind", "action", "actor", "subject", "content", "previous", "digest") '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
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
    persons = set().union(*(persons_in(draft.content) for draft in drafts if not draft.checked))
    contents = [] if persons else _contents(drafts, {})  # while nobody waits
    _ledger_lock()
    if persons:
        actor, at = drafts[0].actor, drafts[0].at
        keys = keys_ensured(persons, at=at, instance=lambda: _instance_key(actor=actor, at=at))
        contents = _contents(drafts, keys)
    return _chained(drafts, contents)


@transaction.atomic
def person_forget(*, person_id: str, actor: str, at: datetime) -> Entry:
    """Destroy the key of a person: every value of hers in the ledger is unreadable from now on; return the entry.

    The chain is untouched. What is said of her later is written as erased. Done again, it changes
    nothing and returns the first entry. A backup made before still holds the key.
    """
    _ledger_lock()
    told = Entry.objects.filter(action=FORGOTTEN, subject=subject_of(person_id)).order_by("number").first()
    _deleted_for_good()
    if PersonKey.objects.filter(person=person_id).delete()[0]:
        transaction.on_commit(_key_wiped, robust=True)
    return told or entry_append(
        kind=AUDIT, action=FORGOTTEN, actor=actor, subject=subject_of(person_id), content={}, at=at
    )


def personal_open(*, actor: str, entry: Entry, reason: str, at: datetime) -> list[Entry]:
    """Record that somebody opens the personal values of an entry. See :func:`personal_of_entries_open`.

    Raises :class:`WrongUse` also for an entry that holds none.
    """
    if not persons_hidden_in(content_read(entry)):
        raise WrongUse(f"entry {entry.number} holds no personal value")
    return personal_of_entries_open(actor=actor, entries=[entry], reason=reason, at=at)


@transaction.atomic
def personal_of_entries_open(*, actor: str, entries: Iterable[Entry], reason: str, at: datetime) -> list[Entry]:
    """Record that somebody opens the personal values of entries: one entry for each person they speak of.

    So each of them finds in her own trail who looked, when and why. Raises :class:`WrongUse` without a reason.
    """
    if not reason.strip():
        raise WrongUse("say why personal values are opened: it is kept with who opened them")
    told: dict[str, list[int]] = {}
    for entry in entries:
        for person in persons_hidden_in(content_read(entry)):
            told.setdefault(person, []).append(entry.number)
    why = personal(actor, reason.strip())
    return entries_append(
        new=[
            NewEntry(AUDIT, OPENED, actor, subject_of(person), {"entries": sorted(numbers), "reason": why}, at)
            for person, numbers in sorted(told.items())
        ]
    )


@transaction.atomic
def trail_export_record(*, actor: str, form: str, asked: Mapping[str, str], at: datetime) -> Entry:
    """Record that somebody took a part of the trail out as a file, and which: ``asked`` are the filters she set."""
    return entry_append(kind=AUDIT, action=EXPORTED, actor=actor, subject=f"trail {form}", content=dict(asked), at=at)


def verification_record(
    *, actor: str, head: Head, faults: int, first_fault: str, anchored: bool, at: datetime
) -> Verification:
    """Keep what a look at the whole chain found, up to the entry that was the last when it began."""
    return Verification.objects.create(
        at=at,
        actor=actor,
        number=head.number,
        digest=head.digest,
        faults=faults,
        first_fault=first_fault[:300],
        anchored=anchored,
    )


def instance_key_rotate(*, actor: str, at: datetime, to: bytes | None = None) -> Entry:
    """Put all that lies under the instance's key under another one, and return the entry that names both.

    One transaction for the keys of persons, for what other rooms added with ``rotation_add`` and for the entry. The new
    key lies beside the old one before anything is changed, and takes its place when the transaction is known to have
    held: whenever this is cut off, the instance opens with what is there. Where the setting LEDGER_KEY gives the key,
    ``to`` is the new one and nothing is written to a file. Raises :class:`WrongUse` when there is no key yet or ``to``
    does not fit, and :class:`WrongKey` when something does not open with the old one: then nothing was changed.
    """
    if bool(settings.LEDGER_KEY) != (to is not None):
        raise WrongUse("the setting LEDGER_KEY gives the key: name the new one, and set it afterwards" if to is None
                       else "the key lies in a file, and so will the new one: it is made here")  # fmt: skip
    with transaction.atomic():
        _ledger_lock()
        instance_key_check()
        old = instance_key()
        if old is None:
            raise WrongUse("there is no key to change yet: it is made when first needed")
        new = to or secrets.token_bytes(KEY_BYTES)
        if new == old:
            raise WrongUse("that is the key in use: make another one (openssl rand -hex 32)")
        if to is None:
            for path in keys_beside():  # of changes that were cut off before the database had them
                path.unlink(missing_ok=True)
            key_put_beside(new)
            transaction.on_commit(lambda: key_adopt(fingerprint(new)))
        return _rewrapped(old, new, actor=actor, at=at)


def _rewrapped(old: bytes, new: bytes, *, actor: str, at: datetime) -> Entry:
    _deleted_for_good()
    transaction.on_commit(_key_wiped, robust=True)
    counts = {"persons": persons_rewrap(old, new)}
    counts |= {name: rewrap_all(old, new) for name, rewrap_all in sorted(ROTATIONS.items())}
    name = fingerprint(new)
    content = {"fingerprint": name, "before": fingerprint(old), "rewrapped": counts}
    subject = f"ledger-key {name[:16]}"
    return entry_append(kind=AUDIT, action=KEY_CHANGED, actor=actor, subject=subject, content=content, at=at)


def _contents(drafts: list[NewEntry], keys: Mapping[str, bytes | None]) -> list[bytes]:
    return [
        canonical_bytes_unchecked(draft.content) if draft.checked else canonical_bytes(hidden(draft.content, keys))
        for draft in drafts
    ]


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
    if len(rows) > 1:
        return Entry.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        _inserted(row)
    return rows


def _inserted(row: Entry) -> None:
    """Write one row past Django's rows: everybody else who writes anything waits meanwhile."""
    at = connection.ops.adapt_datetimefield_value(row.at) if connection.vendor == "sqlite" else row.at
    words: list[Any] = [row.kind, row.action, row.actor, row.subject, row.content, row.previous, row.digest]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [row.number, at, *words])
    row._state.adding, row._state.db = False, connection.alias


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


def _deleted_for_good() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # without it a key stays readable in a free page of the file
            cursor.execute("PRAGMA secure_delete = ON")


def _key_wiped() -> None:
    """Take the destroyed key out of what the database keeps besides its rows: the log, dead rows."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ledger_personkey")
