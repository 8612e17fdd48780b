"""Putting into the vault, opening, changing, erasing; a new key; backup and restore."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger import keys
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.vault.backup import BackedUp, Restored, backup_write, restore_read
from betterwork.foundation.vault.changing import change_decided, changes_settle, wiped
from betterwork.foundation.vault.keyring import key_name, next_key, next_key_settled, vault_key
from betterwork.foundation.vault.kinds import VAULT_OPENED, kind_of
from betterwork.foundation.vault.models import VaultChange, VaultItem, VaultKeyUse, new_id
from betterwork.foundation.vault.queries import item_way_in, owners_of
from betterwork.foundation.vault.router import VAULT
from betterwork.foundation.vault.rules import (
    CHANGED,
    ERASED,
    OPENED,
    OPENER,
    PUT,
    ItemFacts,
    NothingHere,
    Opened,
    Opening,
    bound_content,
    bound_key,
    content_filled,
    item_digest,
    openers_checked,
    outside_checked,
    subject_of,
)


def vault_put(
    *,
    actor: str,
    kind: str,
    subject: str,
    openers: Iterable[str],
    content: Any,
    at: datetime,
    outside: Mapping[str, Any] | None = None,
    item_id: str = "",
) -> ItemFacts:
    """Put something into the vault under a key of its own; return what is known of it from outside.

    ``content`` is anything with a canonical form. ``item_id`` is for a room that wrote the id down before; by itself
    a new one. Outside any transaction: call it before yours. Raises :class:`WrongUse`, WrongKey, and
    :class:`~.changing.Busy` when there is an item with this id.
    """
    of_kind = kind_of(kind)
    if not subject or len(subject) > 200:
        raise WrongUse("an item of the vault needs the subject it is about, at most 200 characters")
    item = VaultItem(
        id=item_id or new_id(),
        kind=kind,
        subject=subject,
        openers=list(openers_checked(openers)),
        outside=outside_checked(outside or {}, of_kind.outside, kind),
        version=1,
        made_at=at,
        made_by=actor,
    )
    filled = content_filled(content)
    changes_settle(at=at, item_id=item.id)
    key = vault_key(at=at)
    _sealed(item, filled, key)
    _decided(PUT, item, actor=actor, key=key, at=at)
    return item.facts


def vault_open(*, actor: Actor, item_id: str, at: datetime) -> Opened:
    """Open an item for a person who may: one of its openers, or somebody with an elevation for it.

    The entry in the ledger is committed before anything is deciphered: no opening without a trace. The owners'
    callbacks run with it. Raises :class:`NothingHere` for who may not and for what is not there, and RuntimeError
    inside a transaction, where the trace could be rolled back.
    """
    changes_settle(at=at, item_id=item_id)
    item, way = item_way_in(actor=actor, item_id=item_id, at=at)
    if item is None or way is None:
        raise NothingHere
    key = vault_key()
    facts = item.facts
    opening = Opening(item.id, item.kind, item.subject, tuple(owners_of(item.id)), actor.id, way, at)
    with transaction.atomic(durable=True):
        entry_append(
            kind=AUDIT,
            action=OPENED,
            actor=actor.id,
            subject=subject_of(item.id),
            content={"kind": item.kind, "of": item.subject, "way": way, "version": item.version},
            at=at,
        )
        for told in VAULT_OPENED:
            told(opening)
    return Opened(facts, orjson.loads(item_content(item=item, key=key)))


def item_content(*, item: VaultItem, key: bytes) -> bytes:
    """The deciphered bytes of an item. Only :func:`vault_open` and the verification call it. Raises WrongKey."""
    own = keys.unwrap(key, bytes(item.wrapped), bound_to=bound_key(item.facts), what=f"item {item.id} of the vault")
    bound = bound_content(item.id, item.kind)
    return keys.unwrap(own, bytes(item.ciphertext), bound_to=bound, what=f"item {item.id} of the vault")


def vault_change(
    *,
    actor: Actor,
    item_id: str,
    at: datetime,
    content: Any = ...,
    openers: Iterable[str] | None = None,
    outside: Mapping[str, Any] | None = None,
) -> ItemFacts:
    """Change what lies in an item, who opens it, or what the outside knows; what is not given stays.

    For its openers alone: an elevation lets somebody read, not write. Owners stay owners. Raises
    :class:`NothingHere`, :class:`WrongUse`, WrongKey, :class:`~.changing.Busy`.
    """
    changes_settle(at=at, item_id=item_id)
    item, way = item_way_in(actor=actor, item_id=item_id, at=at)
    if item is None or way != OPENER:
        raise NothingHere
    of_kind, key = kind_of(item.kind), vault_key()
    own = keys.unwrap(key, bytes(item.wrapped), bound_to=bound_key(item.facts), what=f"item {item.id} of the vault")
    if openers is not None:
        item.openers = list(openers_checked(openers))
    if outside is not None:
        item.outside = outside_checked(outside, of_kind.outside, item.kind)
    item.version += 1
    if content is not ...:
        _sealed(item, content_filled(content), key)
    else:
        item.wrapped = keys.wrap(key, own, bound_to=bound_key(item.facts))
    _decided(CHANGED, item, actor=actor.id, key=key, at=at)
    return item.facts


def vault_erase(*, actor: str, item_id: str, at: datetime) -> None:
    """Destroy an item with its key. The room it belongs to decides who may, and when its time is over.

    Its entries stay, and say nothing of what it held. Raises :class:`NothingHere`, :class:`~.changing.Busy`.
    """
    changes_settle(at=at, item_id=item_id)
    item = VaultItem.objects.filter(pk=item_id).first()
    if item is None:
        raise NothingHere
    item.version += 1
    item.ciphertext = item.wrapped = b""
    _decided(ERASED, item, actor=actor, key=None, at=at)
    wiped()


def vault_settle(*, at: datetime) -> int:
    """Finish what a power cut left between the vault and the ledger; return how many changes were settled."""
    next_key_settled()
    return changes_settle(at=at)


def vault_key_rotate(*, actor: str, at: datetime, new: bytes | None = None) -> int:
    """Put every item's own key under a new key of the vault; return how many. Contents are not touched.

    All or none: the new key is on the disk first, then all items are rewrapped in one transaction. Without ``new``
    a key is made. Raises :class:`WrongUse` while a change is on its way, WrongKey.
    """
    vault_settle(at=at)
    old = vault_key(at=at)
    following = next_key(new)
    if key_name(following) == key_name(old):
        raise WrongUse("the new key is the old one")
    names = {"from": key_name(old), "to": key_name(following)}
    _told("vault.key.rotating", actor=actor, content=names, at=at)
    with transaction.atomic(using=VAULT, durable=True):
        used = VaultKeyUse.objects.select_for_update().get()
        if used.fingerprint != key_name(old) or VaultChange.objects.exists():
            raise WrongUse("the vault is being changed at this moment: do it again")
        count = 0
        for item in VaultItem.objects.select_for_update().order_by("pk").iterator(chunk_size=200):
            bound = bound_key(item.facts)
            own = keys.unwrap(old, bytes(item.wrapped), bound_to=bound, what=f"item {item.id} of the vault")
            VaultItem.objects.filter(pk=item.pk).update(wrapped=keys.wrap(following, own, bound_to=bound))
            count += 1
        used.fingerprint, used.since = key_name(following), at
        used.save()
    next_key_settled()
    _told("vault.key.rotated", actor=actor, content={**names, "items": count}, at=at)
    return count


def vault_backup(*, actor: str, path: Path, at: datetime) -> BackedUp:
    """Write the vault into a file, whole or not at all: ciphertext under the vault's key. Told in the ledger.

    Raises :class:`WrongUse` when there is such a file already, WrongKey.
    """
    if path.exists():
        raise WrongUse(f"{path} is there already: name a new file")
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with draft.open("wb") as out:
            made = backup_write(out=out, at=at)
            out.flush()
            os.fsync(out.fileno())
        _told("vault.backed-up", actor=actor, content={"rows": made.rows, "digest": made.digest}, at=at)
        draft.replace(path)
        keys.folder_sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return made


def vault_restore(*, actor: str, path: Path, at: datetime, replace: bool = False) -> Restored:
    """Put a backup back, whole or not at all. Told in the ledger. See :func:`~.backup.restore_read`."""
    _told("vault.restoring", actor=actor, content={"replaces": replace}, at=at)
    with path.open("rb") as source:
        made = restore_read(source=source, replace=replace)
    content = {"rows": made.rows, "digest": made.digest, "left_out": list(made.left_out)[:1000]}
    _told("vault.restored", actor=actor, content=content, at=at)
    return made


def _sealed(item: VaultItem, filled: bytes, key: bytes) -> None:
    """Put content into an item under a new key of its own."""
    own = secrets.token_bytes(keys.KEY_BYTES)
    item.ciphertext = keys.wrap(own, filled, bound_to=bound_content(item.id, item.kind))
    item.wrapped = keys.wrap(key, own, bound_to=bound_key(item.facts))


def _decided(what: str, item: VaultItem, *, actor: str, key: bytes | None, at: datetime) -> None:
    facts = item.facts
    owners = sorted({*kind_of(item.kind).owners(facts), *owners_of(item.id)})
    said = {"kind": item.kind, "of": item.subject, "version": item.version}
    if what != ERASED:
        said |= {"digest": item_digest(facts, bytes(item.ciphertext)), "openers": list(facts.openers)}
    change_decided(what=what, item=item, owners=owners, actor=actor, content=said, key=key, at=at)


@transaction.atomic(durable=True)
def _told(action: str, *, actor: str, content: dict[str, Any], at: datetime) -> None:
    entry_append(kind=AUDIT, action=action, actor=actor, subject="vault all", content=content, at=at)
