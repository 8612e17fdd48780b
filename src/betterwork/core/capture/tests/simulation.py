"""Devices, a network that loses things, and a server, in one process, driven by a seeded schedule.

``run(seed, server)`` lets devices write, send and fetch while messages are dropped, doubled, delayed and reordered and
while devices and the server die at any write; then the network heals, everything settles, and what must hold is
checked. The server is anything that has the four operations of :class:`Server`; to test the real services, write an
adapter for them and call ``run`` with it. A failure names its seed: the same seed is the same schedule.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from betterwork.core.capture.device import (
    Disk,
    Write,
    answer_writes,
    chunk,
    confirmation,
    operation_write,
    request,
    state_of,
)
from betterwork.core.capture.generators import World, below, pick
from betterwork.core.capture.merging import fold
from betterwork.core.capture.operations import Operation, operation_trusted

Body = dict[str, Any]


class Crash(Exception):
    """The process died."""


class Server(Protocol):
    """What a schedule asks of a server. All bodies and answers are JSON as the API of capture writes them."""

    def sync(self, body: Body) -> Body:
        """``{"device","after","interviews_after","operations"}`` → ``{"taken","refused","operations","cursor",
        "interviews_cursor","more"}``."""
        ...

    def file_put(self, sha256: str, *, offset: int, size: int, data: bytes) -> Body:
        """``{"received","complete"}``; at a wrong offset the same, and nothing is written."""
        ...

    def confirm(self, body: Body) -> Body:
        """``{"complete", …}``."""
        ...

    def crash_at(self, write: int | None) -> None:
        """Die (raise :class:`Crash`) at that many writes from now, and come back with what was committed; None: not.
        A server that cannot die at will does nothing here."""
        ...

    def held(self) -> list[Body]:
        """All operations the server has, with ``number``. Only for the checks at the end."""
        ...

    def has_file(self, sha256: str, data: bytes) -> bool:
        """Whether the server has this file whole. Only for the checks at the end."""
        ...


def stream_of_raw(raw: Body) -> str:
    """Which of a server's two running numbers counts an operation."""
    return "interviews" if raw["about"].startswith("interview:") else "plain"


def some_bytes(chance: Random) -> bytes:
    """What stands for a photo: another server may want real ones."""
    return bytes(below(chance, 256) for _ in range(1 + below(chance, 40)))


# -- devices ----------------------------------------------------------------------------------------


@dataclass
class Device:
    """A device: its disk, its files, and the writes it is about to do when it dies."""

    name: str
    number: int
    disk: Disk = field(default_factory=Disk)
    files: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    saved: dict[str, Operation] = field(default_factory=dict)
    """What it said was saved, for the checks: never looked at by the device itself."""
    dies_at: int | None = None
    fault: str = ""
    deaths: int = 0

    def do(self, writes: list[Write]) -> None:
        """Do writes, one by one, and perhaps die before one of them. Dead is dead: the rest never happens."""
        if self.fault == "number first":
            writes = sorted(writes, key=lambda one: one.table != "cursors")
        if self.fault == "forgets first":
            writes = sorted(writes, key=lambda one: one.value is not None)
        for one in writes:
            if self.dies_at is not None:
                self.dies_at -= 1
                if self.dies_at < 0:
                    self.dies_at = None
                    self.deaths += 1
                    raise Crash
            self.disk.write(one)
            if one.table == "queue" and one.value is not None:
                self.saved[one.key] = one.value


@dataclass
class Message:
    """Something on the way: to the server, or back to a device with what it answers."""

    device: int
    kind: str
    body: Any
    asked: Any = None
    back: bool = False


@dataclass
class Outcome:
    """What a run did, so that tests can see that it did enough."""

    written: int = 0
    refused: int = 0
    conflicts: int = 0
    deaths: int = 0
    server_deaths: int = 0
    dropped: int = 0
    doubled: int = 0
    rounds: int = 0


@dataclass
class Simulation:
    """One schedule. ``chance`` decides everything that happens and in which order."""

    seed: int
    server: Server
    devices: int = 3
    steps: int = 90
    batch: int = 5
    device_fault: str = ""
    where: Sequence[tuple[str, str]] = ()
    """The registers in which they meet, where the server's tool does not ask ``generators.QUESTIONS``."""
    photo: Callable[[Random], bytes] = some_bytes
    at: list[Device] = field(default_factory=list)
    wire: list[Message] = field(default_factory=list)
    told: Outcome = field(default_factory=Outcome)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.world = World(self.chance, devices=self.devices, places=5)
        self.world.where = list(self.where) or self.world.where
        self.at = [Device(name, at, fault=self.device_fault) for at, name in enumerate(self.world.names)]

    # -- what happens

    def go(self) -> Outcome:
        """The whole schedule, then peace, then the checks."""
        happenings: list[tuple[float, Callable[[], None]]] = [
            (0.34, self.write),
            (0.04, self.photograph),
            (0.20, self.ask),
            (0.06, self.upload),
            (0.24, self.deliver),
            (0.03, self.drop),
            (0.03, self.double),
            (0.04, self.device_will_die),
            (0.02, self.server_will_die),
        ]
        for _ in range(self.steps):
            roll = self.chance.random()
            for share, happening in happenings:
                roll -= share
                if roll < 0:
                    happening()
                    break
        self.settle()
        self.check()
        return self.told

    def write(self) -> None:
        """Somebody writes, decides, or (seldom) a bad device makes something that must be refused."""
        device = pick(self.chance, self.at)
        state = state_of(device.disk)
        conflicts = state.conflicts()
        if conflicts and self.chance.random() < 0.3:
            place, register = pick(self.chance, conflicts)
            one = self.world.make(place, register.bases, device.number, pick(self.chance, register.values))
        else:
            place = pick(self.chance, self.world.where)
            one = self.world.make(place, state.bases(*place), device.number)
        if self.chance.random() < 0.05:
            one = Operation(one.id, one.about, one.field, 1.5, one.bases, one.device, one.made)
        self._on(device, lambda: device.do(operation_write(one)))

    def photograph(self) -> None:
        device = pick(self.chance, self.at)
        data = self.photo(self.chance)
        name = hashlib.sha256(data).hexdigest()
        device.files[name] = data
        value = {"name": "photo.jpg", "type": "image/jpeg", "size": len(data), "caption": None}
        one = self.world.make(("question:OSH-8-07", f"file.{name}"), (), device.number, value)
        self._on(device, lambda: device.do(operation_write(one)))

    def ask(self) -> None:
        device = pick(self.chance, self.at)
        body = request(device.disk, device.name, self.batch)
        self.wire.append(Message(device.number, "sync", _through_json(body)))

    def upload(self) -> None:
        device = pick(self.chance, self.at)
        waiting = [name for name in device.files if device.sent.get(name, 0) < len(device.files[name])]
        if waiting:
            self.wire.append(self._chunk(device, pick(self.chance, waiting)))

    def _chunk(self, device: Device, name: str) -> Message:
        data = device.files[name]
        part = chunk(len(data), device.sent.get(name, 0), 1 + below(self.chance, 16))
        start, end = part or (0, 0)
        return Message(device.number, "file", (name, start, len(data), data[start:end]))

    def deliver(self) -> None:
        """Any message of those on the way arrives: so they overtake each other."""
        if self.wire:
            self._deliver(self.wire.pop(below(self.chance, len(self.wire))))

    def _deliver(self, message: Message) -> None:
        if message.back:
            self._arrives_back(message)
            return
        try:
            answer = self._serve(message)
        except Crash:
            self.told.server_deaths += 1
            return
        self.wire.append(Message(message.device, message.kind, answer, asked=message.body, back=True))

    def _serve(self, message: Message) -> Any:
        if message.kind == "file":
            name, offset, size, data = message.body
            return self.server.file_put(name, offset=offset, size=size, data=data)
        return _through_json(self.server.sync(_through_json(message.body)))

    def _arrives_back(self, message: Message) -> None:
        device = self.at[message.device]
        if message.kind == "file":
            device.sent[message.asked[0]] = message.body["received"]
            return
        self._on(device, lambda: device.do(answer_writes(device.disk, message.asked, message.body)))

    def drop(self) -> None:
        if self.wire:
            self.wire.pop(below(self.chance, len(self.wire)))
            self.told.dropped += 1

    def double(self) -> None:
        if self.wire:
            self.wire.append(pick(self.chance, self.wire))
            self.told.doubled += 1

    def device_will_die(self) -> None:
        pick(self.chance, self.at).dies_at = below(self.chance, 6)

    def server_will_die(self) -> None:
        self.server.crash_at(below(self.chance, 8))

    def _on(self, device: Device, what: Callable[[], None]) -> None:
        """Do something on a device. Where it dies it comes back with its disk; what it knew of uploads is gone."""
        try:
            what()
        except Crash:
            device.sent.clear()

    # -- peace

    def settle(self) -> None:
        """The network is good now, nobody dies; late messages still arrive. Ends, or the run fails."""
        self.server.crash_at(None)
        for device in self.at:
            device.dies_at = None
        while self.wire:
            self.deliver()
        for self.told.rounds in range(1, 400):
            changed = [self._round(device) for device in self.at]
            if not any(changed):
                return
        raise AssertionError(f"seed {self.seed}: it does not settle")

    def _round(self, device: Device) -> bool:
        before = len(device.disk.seen), len(device.disk.queue), dict(device.disk.cursors), dict(device.sent)
        body = _through_json(request(device.disk, device.name, self.batch))
        self._arrives_back(Message(device.number, "sync", self._serve(Message(0, "sync", body)), asked=body, back=True))
        for name in device.files:
            message = self._chunk(device, name)
            if message.body[3]:
                self._arrives_back(Message(device.number, "file", self._serve(message), asked=message.body, back=True))
        return before != (len(device.disk.seen), len(device.disk.queue), device.disk.cursors, device.sent)

    def check(self) -> None:
        """Devices and server are equal; nothing is lost, nothing doubled; every byte is there."""
        where = f"seed {self.seed}"
        held = self.server.held()
        there = {one["id"]: operation_trusted(one) for one in held}
        assert len(there) == len(held), f"{where}: an operation is there twice"
        numbers = [(stream_of_raw(one), one["number"]) for one in held]
        assert len(set(numbers)) == len(numbers), f"{where}: a number was given twice"
        expected = fold(there.values()).canonical()
        for device in self.at:
            assert not device.disk.queue, f"{where}: {device.number} still waits with {list(device.disk.queue)}"
            assert state_of(device.disk).canonical() == expected, f"{where}: device {device.number} differs"
            assert device.disk.seen.keys() == there.keys(), f"{where}: device {device.number} lacks operations"
            for one in device.saved.values():
                kept = there.get(one.id)
                refused = one.id in device.disk.refused
                assert refused != (kept is not None), f"{where}: {one.id} was saved and is lost, or both"
                assert kept is None or kept.digest() == one.digest(), f"{where}: {one.id} was changed on its way"
            for name, data in device.files.items():
                assert self.server.has_file(name, data), f"{where}: file {name} is not whole"
            body = confirmation(device.disk, device.name)
            assert body is not None
            answer = self.server.confirm({**body, "files": sorted(device.files)})
            assert answer["complete"], f"{where}: not confirmed: {answer}"
            self.told.written += len(device.saved)
            self.told.refused += len(device.disk.refused)
            self.told.deaths += device.deaths
        written = {one for device in self.at for one in device.saved}
        assert there.keys() <= written, f"{where}: the server has what nobody saved"
        self.told.conflicts = len(fold(there.values()).conflicts())


def _through_json(body: Any) -> Any:
    """As a body is after it went through a wire: nothing is shared between the ends."""
    return json.loads(json.dumps(body))


def run(seed: int, server: Server, **given: Any) -> Outcome:
    """One schedule against a server that holds nothing yet of this capture. Raises AssertionError naming the seed."""
    return Simulation(seed, server, **given).go()
