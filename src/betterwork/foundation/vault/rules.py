"""The vault's decisions: who comes near, by which way an item opens, what binds it, what may be known outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from betterwork.core.canonical import NotCanonical, canonical_bytes, digest
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.doors.actor import OPERATOR_ID, Actor
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.ledger.rules import BadEntry, id_check, moment

OPENER, ELEVATION = "opener", "elevation"
"""The two ways in: being one of those who may, or access taken for a time, which the owners see."""
PUT, CHANGED, ERASED, OPENED = "vault.put", "vault.changed", "vault.erased", "vault.opened"
BLOCK = 512
"""What is written is filled up to a multiple of this, so that its length tells little."""


class NothingHere(BetterWorkError):
    """There is no such item, or it is not this person's to open: nobody is told which. A page answers 404."""

    def __init__(self) -> None:
        super().__init__("there is nothing here that you may open")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is known of an item without opening it; rules are asked with it."""

    id: str
    kind: str
    subject: str
    openers: tuple[str, ...]
    outside: Mapping[str, Any]
    made_at: datetime
    made_by: str
    version: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An item with its content, for the moment of showing it. It is kept nowhere."""

    facts: ItemFacts
    content: Any


@dataclass(frozen=True, slots=True)
class Opening:
    """That an item was opened: what its owners are told."""

    item: str
    kind: str
    subject: str
    owners: tuple[str, ...]
    by: str
    way: str
    at: datetime


def comes_near(actor: Actor) -> bool:
    """Whether an actor may open anything at all.

    A person, never the machine's operator; one who holds a role that sees confidential data, which counts only with
    a second factor. So who left, or whose last role ended, opens nothing though an item still names her.
    """
    if not actor.signed_in or actor.needs_second_factor:
        return False
    return any(one.role in ROLES and ROLES[one.role].confidential for one in actor.held)


def opens_by_name(actor: Actor, item: ItemFacts) -> bool:
    """The usual rule of a kind: the persons that the item names, as the two advisors of its visit."""
    return actor.id in item.openers


def way_in(actor: Actor, *, opens: bool, elevated: bool) -> str | None:
    """By which way an actor comes in, when the kind's rule and her elevation are known; None for not at all."""
    if not comes_near(actor):
        return None
    return OPENER if opens else ELEVATION if elevated else None


def purpose_of(item_id: str) -> str:
    """The purpose for which an elevation is taken that opens one item."""
    return f"vault {item_id}"


def subject_of(item_id: str) -> str:
    """How the ledger names an item."""
    return f"vault-item {item_id}"


def openers_checked(openers: Iterable[str]) -> tuple[str, ...]:
    """Openers in one order. Raises :class:`WrongUse` for none, for what is no opaque id, and for the operator."""
    found = tuple(sorted(set(openers)))
    if not found or OPERATOR_ID in found:
        raise WrongUse("an item of the vault names at least one person who opens it, and never the operator")
    try:
        for one in found:
            id_check(one)
    except BadEntry as error:
        raise WrongUse(str(error)) from error
    return found


def outside_checked(given: Mapping[str, Any], allowed: frozenset[str], kind: str) -> dict[str, Any]:
    """What the outside may know. Raises :class:`WrongUse` for a fact that the kind does not name."""
    surplus = set(given) - allowed
    if surplus:
        raise WrongUse(f"of a {kind} the outside may not know {', '.join(sorted(surplus))}")
    try:
        canonical_bytes(dict(given))
    except NotCanonical as error:
        raise WrongUse(str(error)) from error
    return dict(given)


def content_filled(content: Any) -> bytes:
    """The content as bytes, filled up with blanks. Raises :class:`WrongUse` for what has no canonical form."""
    try:
        data = canonical_bytes(content)
    except NotCanonical as error:
        raise WrongUse(str(error)) from error
    return data.ljust(-(-len(data) // BLOCK) * BLOCK)


def bound_content(item_id: str, kind: str) -> str:
    """What the content is bound to: in another item, or as another kind, it does not open."""
    return f"betterwork vault content {item_id} {kind}"


def bound_key(facts: ItemFacts) -> str:
    """What the item's own key is bound to: with another opener, put in by hand, it does not open."""
    return f"betterwork vault key {facts.id} {facts.kind} {digest(canonical_bytes(_plain(facts)))}"


def item_digest(facts: ItemFacts, ciphertext: bytes) -> str:
    """The digest by which the ledger knows a version of an item. Says nothing of the content."""
    return digest(canonical_bytes(_plain(facts) | {"ciphertext": digest(ciphertext)}))


def _plain(facts: ItemFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "kind": facts.kind,
        "subject": facts.subject,
        "openers": list(facts.openers),
        "outside": dict(facts.outside),
        "made_at": moment(facts.made_at),
        "made_by": facts.made_by,
        "version": facts.version,
    }
