"""The device's half of the exchange, as it must be whatever happens: the server is the authority, the device replays.

What a device shows is the fold of *seen* (what the server has) and *queue* (its own, not taken yet). It forgets
nothing of its own before the server has said that it was taken, or why not. Each function here gives the writes to the
disk in an order in which the device may die before, between and after any of them, and go on from what is there.

The app does the same in TypeScript; the simulation of the tests drives this one against any server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from betterwork.core.capture.fields import LIMITS, about_is_confidential
from betterwork.core.capture.merging import State, fold
from betterwork.core.capture.operations import Operation, ids_digest, operation_trusted

SEEN, QUEUE, REFUSED, CURSORS = "seen", "queue", "refused", "cursors"
PLAIN, INTERVIEWS = "plain", "interviews"
"""The two running numbers of a server: of what lies in its tables, and of what lies in the vault."""
BATCH: Final = LIMITS["operations_in_one_batch"]


@dataclass(frozen=True, slots=True)
class Write:
    """One write to the disk, whole or absent: ``value`` None takes the key away."""

    table: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation the server did not take, and why. It is kept and shown; it is no part of the state."""

    operation: Operation
    reason: str


@dataclass(slots=True)
class Disk:
    """What a device keeps of one capture. Changed by :meth:`write` alone."""

    seen: dict[str, Operation] = field(default_factory=dict)
    queue: dict[str, Operation] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)

    def write(self, one: Write) -> None:
        """Do one write."""
        table: dict[str, Any] = getattr(self, one.table)
        if one.value is None:
            table.pop(one.key, None)
        else:
            table[one.key] = one.value

    def cursor(self, stream: str) -> int:
        """Up to which number everything of that stream is here."""
        return self.cursors.get(stream, 0)


def state_of(disk: Disk) -> State:
    """What the device shows: server operations seen, and its own not yet taken."""
    return fold([*disk.seen.values(), *(one for one in disk.queue.values() if one.id not in disk.seen)])


def operation_write(operation: Operation) -> list[Write]:
    """Save what somebody wrote here. When it is done, and not before, the app may say "saved"."""
    return [Write(QUEUE, operation.id, operation)]


def request(disk: Disk, device: str, most: int = BATCH) -> dict[str, Any]:
    """The body of the next request: the oldest of the queue, and after which numbers answers are wanted."""
    sent = list(disk.queue.values())[:most]
    return {
        "device": device,
        "after": disk.cursor(PLAIN),
        "interviews_after": disk.cursor(INTERVIEWS),
        "operations": [one.content() for one in sent],
    }


def answer_writes(disk: Disk, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Write]:
    """The writes that an answer leads to. ``asked`` is the request it answers: answers may come late, twice, in any
    order, after the device died and came back.

    What the server gave is written first, then what leaves the queue, and the numbers last: a device that dies on the
    way asks again for what it has, never goes past what it has not.
    """
    writes: list[Write] = []
    gone: set[str] = set()
    for raw in answer["operations"]:
        writes += _seen_writes(disk, operation_trusted(raw), gone)
    for taken in answer["taken"]:
        own = disk.queue.get(taken)
        if own is not None and taken not in gone:
            gone.add(taken)
            writes += [Write(SEEN, taken, own), Write(QUEUE, taken, None)]
    for raw in answer["refused"]:
        own = disk.queue.get(raw["id"])
        if own is not None and own.id not in gone:
            gone.add(own.id)
            writes += _refused_writes(own, raw["reason"])
    for stream, after, cursor in (
        (PLAIN, asked["after"], answer["cursor"]),
        (INTERVIEWS, asked["interviews_after"], answer["interviews_cursor"]),
    ):
        if after <= disk.cursor(stream) < cursor:
            writes.append(Write(CURSORS, stream, cursor))
    return writes


def _seen_writes(disk: Disk, operation: Operation, gone: set[str]) -> list[Write]:
    """Keep what the server gave. An own one that comes back was taken, though the answer that said so was lost."""
    own = disk.queue.get(operation.id)
    if own is None or operation.id in gone:
        return [Write(SEEN, operation.id, operation)]
    gone.add(operation.id)
    if own.digest() == operation.digest():
        return [Write(SEEN, operation.id, operation), Write(QUEUE, operation.id, None)]
    return [*_refused_writes(own, "other-content"), Write(SEEN, operation.id, operation)]


def _refused_writes(own: Operation, reason: str) -> list[Write]:
    return [Write(REFUSED, own.id, Refused(own, reason)), Write(QUEUE, own.id, None)]


def again_writes(disk: Disk, ids: Iterable[str]) -> list[Write]:
    """Put refused operations back into the queue, as after a capture was reopened."""
    writes = []
    for one in ids:
        if one in disk.refused:
            writes += [Write(QUEUE, one, disk.refused[one].operation), Write(REFUSED, one, None)]
    return writes


def confirmation(disk: Disk, device: str) -> dict[str, Any] | None:
    """What the device asks the server to confirm before it may forget: that all it ever wrote was taken.

    None while something waits in the queue. Files are added by whoever holds them.
    """
    if disk.queue:
        return None
    own = [one.id for one in disk.seen.values() if one.device == device]
    return {"device": device, "operations": {"count": len(own), "digest": ids_digest(own)}, "files": []}


def chunk(size: int, received: int, most: int = 262_144) -> tuple[int, int] | None:
    """Which bytes of a file to send next, where the server holds ``received``: (from, to); None when it has all."""
    return (received, min(size, received + most)) if received < size else None


def stream_of(operation: Operation) -> str:
    """By which of the two running numbers a server counts it."""
    return INTERVIEWS if about_is_confidential(operation.about) else PLAIN
