"""Interviews: in the vault alone, exactly once by id, and so that nothing outside the vault tells more of them.

While a visit is captured its interviews gather in one item: which of them came first, when, and in how many pieces is
then known inside it only. Each becomes an item of its own when the visit is handed over, all at one moment and in an
order that says nothing. There is a gathering item from the moment a visit is taken, also where nobody is interviewed.
Services of the vault run outside any transaction, and so does everything here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.capture.fields import INTERVIEW as ABOUT
from betterwork.core.capture.fields import about_kind
from betterwork.core.capture.merging import State, fold
from betterwork.core.capture.operations import Operation, operation_trusted
from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.queries import item_version
from betterwork.foundation.vault.rules import NothingHere
from betterwork.foundation.vault.services import vault_change, vault_erase, vault_open, vault_put
from betterwork.modules.capture.alone import alone, settled
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.policy import INTERVIEW, INTERVIEWS, SUBJECT
from betterwork.modules.capture.rules import HANDED_OVER, OTHER_CONTENT, Refused, as_text


def gathering_item(visit: str) -> str:
    """The id of the item in which the interviews of a visit gather: known before it is there, and says nothing."""
    return _opaque("gathering", visit)


def interview_item(visit: str, interview: str) -> str:
    """The id of the item of one interview. Not the one that a device made, for in that its moment could be read."""
    return _opaque("interview", f"{visit} {interview}")


def _opaque(what: str, text: str) -> str:
    return hashlib.sha256(f"betterwork capture {what} {text}".encode()).hexdigest()[:32]


def _subject(visit: str) -> str:
    return f"{SUBJECT}{visit}"


@dataclass(slots=True)
class Gathered:
    """What lies in the gathering item: operations by id, each with the turn in which it came, and what was refused."""

    version: int
    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """For the vault: in the order of ids, which says nothing of when they came."""
        return {
            "operations": [self.operations[one] for one in sorted(self.operations)],
            "refused": sorted(self.refused, key=lambda one: (one["id"], one["digest"], one["reason"])),
        }

    def state(self) -> State:
        """What stands of all interviews."""
        return fold(operation_trusted(one) for one in self.operations.values() if not one.get("erased"))

    def ids_of(self, device: str, after: int = 0) -> tuple[set[str], set[str]]:
        """The ids of the operations of a device, of later turns than ``after``: those taken, and those refused."""
        found = self.operations.items()
        taken = {name for name, one in found if one["device"] == device and one["turn"] > after}
        return taken, {one["id"] for one in self.refused if one["device"] == device and one["id"]}


@dataclass(slots=True)
class InterviewsTaken:
    """What became of the interview operations of a batch, and what others wrote."""

    taken: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    given: list[dict[str, Any]] = field(default_factory=list)
    cursor: int = 0


def interviews_begin(*, actor: str, visit: str, team: Iterable[str], at: datetime) -> str:
    """Make the item in which the interviews of a visit will gather, where there is none; return its id."""
    item = gathering_item(visit)
    with alone(item, at=at):
        if not VaultItem.objects.filter(pk=item).exists():
            vault_put(
                actor=actor,
                kind=INTERVIEWS,
                subject=_subject(visit),
                openers=team,
                content=Gathered(1).content(),
                at=at,
                item_id=item,
            )
    return item


def interviews_open(*, actor: Actor, capture: Capture, at: datetime) -> Gathered:
    """Everything of a capture's interviews, for the visit's team. The opening is in the ledger before anything is read.

    Raises NothingHere.
    """
    version = _version(capture)
    content = vault_open(actor=actor, item_id=capture.interviews, at=at).content
    operations = {one["id"]: one for one in content["operations"]}
    return Gathered(version, operations, list(content["refused"]))


def interviews_take(
    *,
    actor: Actor,
    capture: Capture,
    operations: Sequence[Operation],
    refused: Sequence[Refused],
    after: int,
    closed: bool,
    at: datetime,
) -> InterviewsTaken:
    """Put interview operations into the vault, each once by its id, and give what came since the turn ``after``.

    ``closed``: the visit is handed over, and what is new is refused and kept.

    ``refused`` are those that could not be read as operations: kept in the vault too, for nobody knows what stands in
    them. Where nothing is sent and nothing came since, nothing is opened. Raises NothingHere, Busy, WrongKey.
    """
    if not operations and not refused and _version(capture) <= after:
        return InterviewsTaken(cursor=after)
    with alone(capture.interviews, at=at):
        return _took(actor, capture, operations, refused, after, closed, at)


def _took(
    actor: Actor,
    capture: Capture,
    operations: Sequence[Operation],
    refused: Sequence[Refused],
    after: int,
    closed: bool,
    at: datetime,
) -> InterviewsTaken:
    gathered = interviews_open(actor=actor, capture=capture, at=at)
    done = InterviewsTaken(refused=list(refused))
    sent = {one.id for one in operations}
    done.given = [_given(one) for name, one in gathered.operations.items() if one["turn"] > after and name not in sent]
    fresh = gathered.version + 1
    new = []
    for one in operations:
        known = gathered.operations.get(one.id)
        if known is not None and known["digest"] == one.digest():
            done.taken.append(one.id)
        elif known is not None or closed:
            why = HANDED_OVER if known is None else OTHER_CONTENT
            done.refused.append(Refused(one.id, why, as_text(one.content()), one.device))
        else:
            gathered.operations[one.id] = _kept(one, fresh)
            done.taken.append(one.id)
            new.append(one.id)
    changed = _refused_kept(gathered, done.refused) or bool(new)
    gathered.refused = [one for one in gathered.refused if one["reason"] != HANDED_OVER or one["id"] not in new]
    if changed:
        vault_change(actor=actor, item_id=capture.interviews, content=gathered.content(), at=at)
    done.cursor = fresh if changed else gathered.version
    return done


def _kept(one: Operation, turn: int) -> dict[str, Any]:
    return {**one.content(), "by": one.by, "turn": turn, "digest": one.digest()}


def _given(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("id", "about", "field", "value", "bases", "device", "made", "by")}


def _refused_kept(gathered: Gathered, refused: Iterable[Refused]) -> bool:
    known = {(one["digest"], one["reason"]) for one in gathered.refused}
    new = {(one.digest, one.reason): one for one in refused if (one.digest, one.reason) not in known}
    gathered.refused += [
        {"id": one.id, "reason": one.reason, "content": one.content, "device": one.device, "digest": one.digest}
        for one in new.values()
    ]
    return bool(new)


# -- each interview an item of its own, when the visit is handed over --------------------------------


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview as it stands: its id, and the field → value of what was written."""

    id: str
    values: Mapping[str, Any]

    @property
    def size(self) -> int:
        """How many people were heard."""
        return sum(int(self.values.get(name) or 0) for name in ("women", "men", "not_said"))

    @property
    def outside(self) -> dict[str, Any]:
        """What the outside may know of it."""
        told = {name: str(self.values.get(name) or "") for name in ("source", "method", "day")}
        return {**told, "size": self.size}


def interviews_standing(state: State) -> list[Interview]:
    """The interviews of a state that were not withdrawn, in an order that says nothing of when they were."""
    found = [Interview(about_kind(one)[1], state.values(one)) for one in state.abouts()]
    return sorted((one for one in found if not one.values.get("withdrawn")), key=lambda one: _opaque("order", one.id))


@dataclass(frozen=True, slots=True)
class InterviewShown:
    """An interview as a page of the team shows it."""

    source: str
    method: str
    day: str
    size: int
    words: str
    withdrawn: bool
    conflicts: int


def interviews_shown(state: State) -> list[InterviewShown]:
    """All interviews of a state for the team, by day, then in an order that says nothing."""
    found = []
    for about in sorted(state.abouts(), key=lambda one: _opaque("order", about_kind(one)[1])):
        values = state.values(about)
        one = Interview(about_kind(about)[1], values)
        outside = one.outside
        conflicts = sum(held.conflict for (of, _name), held in state.registers.items() if of == about)
        words, gone = str(values.get("words") or ""), bool(values.get("withdrawn"))
        shown = InterviewShown(outside["source"], outside["method"], outside["day"], one.size, words, gone, conflicts)
        found.append(shown)
    return sorted(found, key=lambda one: one.day)


def interviews_part(*, actor: Actor, capture: Capture, at: datetime) -> int:
    """Make each interview an item of its own, and destroy those withdrawn; return the turn of which this was done.

    Every item is written anew each time, so that nothing tells which of them changed. Done again, it changes nothing
    that is read. Raises :class:`WrongUse` where two values of an interview stand beside each other.
    """
    with alone(capture.interviews, at=at):
        return _all_parted(actor, capture, at)


def _all_parted(actor: Actor, capture: Capture, at: datetime) -> int:
    gathered = interviews_open(actor=actor, capture=capture, at=at)
    state = gathered.state()
    if state.conflicts():
        raise WrongUse(_("Of an interview two values stand beside each other: decide in the app, then hand over."))
    standing = interviews_standing(state)
    for one in standing:
        _parted(actor, capture, one, gathered, at)
    gone = {about_kind(one)[1] for one in state.abouts()} - {one.id for one in standing}
    if gone:
        _withdrawn(actor, capture, gathered, gone, at)
    return _version(capture)


def _parted(actor: Actor, capture: Capture, one: Interview, gathered: Gathered, at: datetime) -> None:
    item, about = interview_item(capture.visit, one.id), f"{ABOUT}:{one.id}"
    operations = [_given(gathered.operations[name]) for name in sorted(gathered.operations)]
    content = {"interview": one.id, "operations": [each for each in operations if each["about"] == about]}
    given: dict[str, Any] = {"item_id": item, "content": content, "outside": one.outside, "at": at}
    settled(item, at=at)
    if VaultItem.objects.filter(pk=item).exists():
        vault_change(actor=actor, **given)
    else:
        vault_put(actor=actor.id, kind=INTERVIEW, subject=_subject(capture.visit), openers=capture.team, **given)


def _withdrawn(actor: Actor, capture: Capture, gathered: Gathered, gone: Iterable[str], at: datetime) -> None:
    """Destroy what was said by who takes it back; that there was something stays."""
    changed = False
    for one in sorted(gone):
        item, about = interview_item(capture.visit, one), f"{ABOUT}:{one}"
        settled(item, at=at)
        if VaultItem.objects.filter(pk=item).exists():
            vault_erase(actor=actor.id, item_id=item, at=at)
        for operation in gathered.operations.values():
            if operation["about"] == about and operation["field"] != "withdrawn" and not operation.get("erased"):
                operation |= {"value": None, "erased": True}
                changed = True
    if changed:
        vault_change(actor=actor, item_id=capture.interviews, content=gathered.content(), at=at)


def _version(capture: Capture) -> int:
    found = item_version(capture.interviews)
    if found is None:
        raise NothingHere
    return found


def version_now(capture: Capture) -> int:
    """The turn in which something last came. Raises NothingHere."""
    return _version(capture)
