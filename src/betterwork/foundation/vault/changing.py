"""Changing two databases as if they were one.

A change is first written down in the vault, where it changes nothing yet. Then its entry is committed to the ledger:
that decides. Then it is made. After a power cut :func:`changes_settle` makes what was decided and drops what was not,
so that no item changes without its entry, and no entry speaks of a change that never comes. Whether somebody is still
at a change is told by a lock (``turns.py``), not by a clock.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, connections, transaction

from betterwork.core.canonical import canonical_bytes
from betterwork.core.errors import BetterWorkError
from betterwork.foundation.ledger import keys
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.ledger.rules import AUDIT, moment
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.vault.keyring import key_name
from betterwork.foundation.vault.models import VaultChange, VaultItem, VaultKeyUse, VaultOwner, new_id
from betterwork.foundation.vault.router import VAULT
from betterwork.foundation.vault.rules import ERASED, subject_of
from betterwork.foundation.vault.turns import turn_of

_BUSY = "somebody else is changing this at this moment: do it again"


class Busy(BetterWorkError):
    """Somebody else is changing this item at this moment."""


def change_decided(
    *,
    what: str,
    item: VaultItem,
    owners: list[str],
    actor: str,
    content: dict[str, Any],
    key: bytes | None,
    at: datetime,
) -> None:
    """Write a change down, commit its entry, and make it. ``item`` is as it will be; of an erased one as it was.

    ``key`` is the vault's key that the item lies under, which must still be the vault's. Outside any transaction:
    raises RuntimeError inside one, :class:`Busy` when another change of the item is on its way or came before.
    """
    turn = new_id()
    with turn_of(item.pk) as alone:
        if not alone:
            raise Busy(_BUSY)
        change = VaultChange(item=item.pk, turn=turn, what=what, version=item.version, row=_row(item, owners), at=at)
        _written_down(change, key)
        with transaction.atomic(durable=True):
            entry_append(
                kind=AUDIT,
                action=what,
                actor=actor,
                subject=subject_of(item.pk),
                content={**content, "turn": turn},
                at=at,
            )
        change_made(change)


def _written_down(change: VaultChange, key: bytes | None) -> None:
    """Keep a change that will be made, where the vault's key and the item are still what it was decided on."""
    with transaction.atomic(using=VAULT, durable=True):
        used = VaultKeyUse.objects.select_for_update().first()
        if key is not None and (used is None or used.fingerprint != key_name(key)):
            raise keys.WrongKey("the key of the vault changed at this moment: do it again")
        now = VaultItem.objects.filter(pk=change.item).values_list("version", flat=True).first()
        if (now or 0) != change.version - 1:
            raise Busy("somebody else has changed this meanwhile: look again, then do it again")
        try:
            with transaction.atomic(using=VAULT):
                change.save(force_insert=True)
        except IntegrityError as error:
            raise Busy(_BUSY) from error


@transaction.atomic(using=VAULT)
def change_made(change: VaultChange) -> None:
    """Make a change that was decided. Made before, it changes nothing."""
    _wiping()
    row = orjson.loads(bytes(change.row))
    version = VaultItem.objects.filter(pk=change.item).values_list("version", flat=True).first() or 0
    if version == change.version - 1:
        if change.what == ERASED:
            VaultItem.objects.filter(pk=change.item).delete()
        else:
            item = _item(row["item"])
            item.save(force_insert=version == 0, force_update=version > 0)
    owners = [VaultOwner(key=f"{change.item} {one}", item=change.item, person=one) for one in row["owners"]]
    VaultOwner.objects.bulk_create(owners, ignore_conflicts=True)
    VaultChange.objects.filter(item=change.item, turn=change.turn).delete()


def changes_settle(*, at: datetime, item_id: str | None = None) -> int:
    """Make the changes that were decided and not made, drop those that never were; return how many were settled.

    Left alone is a change that somebody is still at.
    """
    waiting = VaultChange.objects.order_by("at", "item")
    settled = 0
    for change in list(waiting if item_id is None else waiting.filter(item=item_id)):
        with turn_of(change.item) as alone:
            # Its process may have come to its end meanwhile: then there is nothing left to settle.
            if alone and VaultChange.objects.filter(item=change.item, turn=change.turn).exists():
                _settled(change)
                settled += 1
    return settled


def _settled(change: VaultChange) -> None:
    if is_decided(change):
        change_made(change)
    else:
        VaultChange.objects.filter(item=change.item, turn=change.turn).delete()


def is_decided(change: VaultChange) -> bool:
    """Whether the ledger has the entry of a change."""
    entries = entries_search(subject=subject_of(change.item), action=change.what, limit=50).entries
    return any(isinstance(one.content, dict) and one.content.get("turn") == change.turn for one in entries)


def wiped() -> None:
    """After an erasure is committed: take the row out of what the database keeps besides its rows."""
    connection = connections[VAULT]
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM vault_vaultitem")
            cursor.execute("VACUUM vault_vaultchange")


def _wiping() -> None:
    """On SQLite a deleted row stays readable in a free page of the file unless this is on."""
    if connections[VAULT].vendor == "sqlite":
        with connections[VAULT].cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _row(item: VaultItem, owners: list[str]) -> bytes:
    values = {one.attname: getattr(item, one.attname) for one in VaultItem._meta.concrete_fields}
    values |= {name: base64.b64encode(values[name]).decode() for name in ("ciphertext", "wrapped")}
    return canonical_bytes({"item": values | {"made_at": moment(item.made_at)}, "owners": owners})


def _item(values: dict[str, Any]) -> VaultItem:
    values = values | {name: base64.b64decode(values[name]) for name in ("ciphertext", "wrapped")}
    return VaultItem(**values | {"made_at": datetime.fromisoformat(values["made_at"])})
