"""Looking whether the vault holds: each item opens under its key, and is what the ledger says it is."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.vault.changing import is_decided
from betterwork.foundation.vault.keyring import vault_key
from betterwork.foundation.vault.models import VaultChange, VaultItem
from betterwork.foundation.vault.queries import vault_entries, vault_key_check
from betterwork.foundation.vault.rules import ERASED, item_digest
from betterwork.foundation.vault.services import item_content


def vault_faults() -> Iterator[str]:
    """One line for each thing that does not hold. Nothing is shown, and nothing leaves this function opened.

    Memory grows with the number of items and not with what they hold.
    """
    try:
        vault_key_check()
        yield from _faults()
    except DatabaseError as error:
        yield f"the vault cannot be read: {error}"
    except BetterWorkError as error:
        yield str(error)


def _faults() -> Iterator[str]:
    told: dict[str, str] = {}
    for item_id, action, said in vault_entries():
        told[item_id] = ERASED if action == ERASED else str(said.get("digest", ""))
    waiting = set()
    for change in VaultChange.objects.all():
        waiting.add(change.item)
        state = "was decided and not made" if is_decided(change) else "has no entry yet"
        yield f"item {change.item}: a change of {change.at:%Y-%m-%d %H:%M} {state}; run betterwork vault settle"
    there = set()
    for item in VaultItem.objects.order_by("pk").iterator(chunk_size=100):
        there.add(item.pk)
        yield from _item_faults(item, told.get(item.pk), waits=item.pk in waiting)
    for item_id in sorted(set(told) - there - waiting):
        if told[item_id] != ERASED:
            yield f"item {item_id} is gone, and no entry says that it was erased"


def _item_faults(item: VaultItem, told: str | None, *, waits: bool) -> Iterator[str]:
    if told is None:
        yield f"item {item.pk} has no entry in the ledger: it was put in past the program"
    elif told == ERASED and not waits:
        yield f"item {item.pk} was erased, and is there: a backup brought it back"
    elif told not in {ERASED, item_digest(item.facts, bytes(item.ciphertext))} and not waits:
        yield f"item {item.pk} was changed past the program: it is not what its last entry says"
    try:
        item_content(item=item, key=vault_key())
    except BetterWorkError as error:
        yield str(error)
