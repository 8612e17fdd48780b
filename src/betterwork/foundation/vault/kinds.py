"""The kinds of items. The room that an item comes from says who opens it, who owns it, what the outside may know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.vault.models import INSIDE
from betterwork.foundation.vault.presentations import OpenedPresentation
from betterwork.foundation.vault.rules import ItemFacts, Opening, opens_by_name


def _openers(item: ItemFacts) -> Iterable[str]:
    return item.openers


def _nowhere(item: ItemFacts) -> Iterable[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class VaultKind:
    """What the vault knows of a kind of item."""

    name: str
    opens: Callable[[Actor, ItemFacts], bool]
    owners: Callable[[ItemFacts], Iterable[str]]
    scopes: Callable[[ItemFacts], Iterable[str] | None]
    outside: frozenset[str]
    opened: OpenedPresentation


KINDS: dict[str, VaultKind] = {}
VAULT_OPENED: list[Callable[[Opening], None]] = []
"""Called in the transaction that writes the entry of an opening: what a room writes there stands or falls with it,
and one that fails lets nothing be opened."""


def vault_kind_add(
    kind: str,
    *,
    audience: str,
    opens: Callable[[Actor, ItemFacts], bool] = opens_by_name,
    owners: Callable[[ItemFacts], Iterable[str]] = _openers,
    scopes: Callable[[ItemFacts], Iterable[str] | None] = _nowhere,
    outside: Iterable[str] = (),
) -> VaultKind:
    """Let items of a kind into the vault. Called in the ``policy.py`` of their room.

    ``audience`` is whom contents are for: the assessing team, the circle of a concern, or the survey's custodian.
    ``opens(actor, item)`` decides, among those who may come near at all; by itself: the persons the item names.
    ``owners(item)`` see every opening. ``scopes(item)`` are the scopes whose managers may take an elevation for it; by
    itself nobody may.
    ``outside`` names the facts that the outside may know. Raises ValueError for another audience.
    """
    if audience not in INSIDE:
        raise ValueError(f"contents of the vault are not for {audience}")
    KINDS[kind] = VaultKind(kind, opens, owners, scopes, frozenset(outside), OpenedPresentation(kind, audience))
    return KINDS[kind]


def kind_of(name: str) -> VaultKind:
    """A kind by its name. Raises :class:`WrongUse` for one that no room named."""
    if name not in KINDS:
        raise WrongUse(f"the vault takes no {name}: its room has not said who opens it")
    return KINDS[name]
