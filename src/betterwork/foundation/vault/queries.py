"""Reading the vault from outside: what there is, who opened what, whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import DatabaseError, connections

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.access.models import Elevation
from betterwork.foundation.access.queries import elevated_for
from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.vault.keyring import vault_key
from betterwork.foundation.vault.kinds import KINDS
from betterwork.foundation.vault.models import VaultItem, VaultKeyUse, VaultOwner
from betterwork.foundation.vault.presentations import OUTSIDE_ROWS
from betterwork.foundation.vault.router import VAULT
from betterwork.foundation.vault.rules import CHANGED, ERASED, OPENED, comes_near, purpose_of, subject_of, way_in

TAKEN = "taken"
"""What an owner is told of an elevation before, or without, anything being opened."""
_MOST_ITEMS = 1000


class VaultFault(BetterWorkError):
    """The vault is not as it must be. The message says what to mend."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of what was done with somebody's items: who, when, by which way, with which reason."""

    at: datetime
    who: str
    what: str
    way: str
    subject: str
    reason: str


def item_way_in(*, actor: Actor, item_id: str, at: datetime) -> tuple[VaultItem | None, str | None]:
    """An item and the way by which an actor comes in; nothing for one that is not there or of a kind unknown."""
    item = VaultItem.objects.filter(pk=item_id).first()
    if item is None or item.kind not in KINDS or not comes_near(actor):
        return None, None
    opens = KINDS[item.kind].opens(actor, item.facts)
    elevated = not opens and elevated_for(actor.id, purpose_of(item.id), at)
    return item, way_in(actor, opens=opens, elevated=elevated)


def item_version(item_id: str) -> int | None:
    """How often an item was written, None for one that is not there. Past Django's rows: each sync asks it."""
    with connections[VAULT].cursor() as cursor:
        cursor.execute("SELECT version FROM vault_vaultitem WHERE id = %s", [item_id])
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def owners_of(item_id: str) -> list[str]:
    """Who is told when an item is opened."""
    return list(VaultOwner.objects.filter(item=item_id).order_by("person").values_list("person", flat=True))


def items_outside(*, subject: str, kind: str = "") -> list[Row]:
    """What the programme may know of the items about a subject, oldest first. The caller asks its own policy."""
    rows = VaultItem.objects.filter(subject=subject).order_by("made_at", "id")
    return OUTSIDE_ROWS.rows(rows.filter(kind=kind) if kind else rows)


def seen_of_mine(*, person_id: str, most: int = 100) -> list[Seen]:
    """Every opening, change, erasure and elevation of what a person owns, newest first. Three queries."""
    items = list(
        VaultOwner.objects.filter(person=person_id).order_by("-item").values_list("item", flat=True)[:_MOST_ITEMS]
    )
    entries = Entry.objects.filter(
        subject__in=[subject_of(one) for one in items], action__in=[OPENED, CHANGED, ERASED]
    ).order_by("-number")[:most]
    found = [_seen(one, orjson.loads(bytes(one.content))) for one in entries]
    taken = Elevation.objects.filter(purpose__in=[purpose_of(one) for one in items]).order_by("-starts")[:most]
    about = dict(VaultItem.objects.filter(pk__in=items).values_list("pk", "subject")) if taken else {}
    for one in taken:
        subject = about.get(one.purpose.partition(" ")[2], "")
        found.append(Seen(one.starts, one.person, TAKEN, "elevation", subject, one.reason))
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _seen(entry: Entry, content: dict[str, Any]) -> Seen:
    what = entry.action.partition(".")[2]
    return Seen(entry.at, entry.actor, what, str(content.get("way", "")), str(content.get("of", "")), "")


def items_of_person(person_id: str) -> list[dict[str, str]]:
    """For a person herself: which items name her as one who is told of openings. Nothing of their contents."""
    items = VaultOwner.objects.filter(person=person_id).values_list("item", flat=True)
    rows = VaultItem.objects.filter(pk__in=list(items)).order_by("made_at", "id")
    return [{"kind": one.kind, "about": one.subject, "at": one.made_at.isoformat()} for one in rows]


def vault_key_check() -> None:
    """Refuse to start with a vault that is not one.

    Raises :class:`VaultFault` when the two databases are one, or the vault cannot be reached or has not been made,
    and WrongKey when its key is not there or is another.
    """
    if _place("default") == _place(VAULT):
        raise VaultFault(
            "the vault and the main database are the same one: set VAULT_DATABASE_URL to another, with its own login"
        )
    try:
        tables = set(connections[VAULT].introspection.table_names())
        if "ledger_entry" in tables:
            raise VaultFault("the vault's database holds the tables of the main one: set VAULT_DATABASE_URL to another")
        if VaultKeyUse._meta.db_table not in tables:
            raise VaultFault("the vault has not been made: run betterwork, which makes it, or migrate --database vault")
        if VaultKeyUse.objects.exists():
            vault_key()
    except DatabaseError as error:
        raise VaultFault(
            f"the vault's database cannot be reached: {next(iter(str(error).splitlines()), '')}"
        ) from error


def _place(alias: str) -> tuple[str, ...]:
    """Where a database is, as far as its settings say."""
    found = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        name = str(found["NAME"])
        return (name if name.startswith(("file:", ":")) else str(Path(name).resolve()),)
    return tuple(str(found.get(part) or "").lower() for part in ("HOST", "PORT", "NAME"))


def vault_entries() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(item, action, content) of every entry that put, changed or erased an item, oldest first."""
    rows = Entry.objects.filter(action__in=["vault.put", CHANGED, ERASED]).order_by("number")
    for action, subject, content in rows.values_list("action", "subject", "content").iterator(chunk_size=500):
        try:
            said = orjson.loads(bytes(content))
        except orjson.JSONDecodeError:  # `ledger verify` tells of it
            said = {}
        yield subject.partition(" ")[2], action, said if isinstance(said, dict) else {}


def scopes_of(item_id: str) -> frozenset[str] | None:
    """The scopes whose managers may take an elevation for an item; None where there is none or nobody may."""
    item = VaultItem.objects.filter(pk=item_id).first()
    if item is None or item.kind not in KINDS:
        return None
    scopes = KINDS[item.kind].scopes(item.facts)
    return None if scopes is None else frozenset(scopes)
