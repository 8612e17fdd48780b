"""A device in a process of its own: its disk is a journal in a folder, it speaks HTTP, it may be killed at any moment.

Started as ``python -m betterwork.modules.capture.tests.real_device FOLDER``; ``config.json`` in the folder says where
the server is, whose session it uses, and what decides its chances. While ``settle`` is not there it goes on writing.
Everything it does on its disk is what ``core/capture/device.py`` says, one write after the other.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from betterwork.core.capture.device import (
    CURSORS,
    REFUSED,
    Disk,
    Refused,
    Write,
    answer_writes,
    chunk,
    confirmation,
    operation_write,
    request,
    state_of,
)
from betterwork.core.capture.generators import World, below, pick
from betterwork.core.capture.operations import Operation, operation_trusted

PATIENCE, MOST, MOST_FILES = 15, 60, 4
"""Seconds for an answer; how much it writes: the platform answers a person so many requests a minute."""
PIECE = 4_000


class Cut(Exception):
    """No answer came, or half of one."""


class Journal:
    """The disk: each write a line of a file, whole or absent. What was half written when it died is not there."""

    def __init__(self, folder: Path) -> None:
        self.disk, self._path = Disk(), folder / "journal"
        whole = self._path.read_bytes() if self._path.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        for line in kept.splitlines():
            self.disk.write(_read(json.loads(line)))
        self._file = self._path.open("r+b" if whole else "wb")
        self._file.seek(len(kept))
        self._file.truncate()

    def do(self, writes: list[Write]) -> None:
        """Do writes one by one: each is on the disk before the next begins."""
        for one in writes:
            self._file.write(json.dumps(_written(one)).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.disk.write(one)


def _written(one: Write) -> list[Any]:
    value = one.value
    if isinstance(value, Operation):
        value = value.content()
    elif isinstance(value, Refused):
        value = [value.operation.content(), value.reason]
    return [one.table, one.key, value]


def _read(line: list[Any]) -> Write:
    table, key, value = line
    if value is None or table == CURSORS:
        return Write(table, key, value)
    if table == REFUSED:
        return Write(table, key, Refused(_operation(value[0]), value[1]))
    return Write(table, key, _operation(value))


def _operation(raw: dict[str, Any]) -> Operation:
    """As it is, right or wrong: what must be refused is on the disk too."""
    return operation_trusted(raw)


class Line:
    """The line to the server: a connection for each request, which may be cut anywhere."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config, self._at = config, urlsplit(config["url"])

    def ask(self, method: str, path: str, *, json_body: Any = None, data: bytes | None = None) -> tuple[int, Any]:
        """Status and JSON. Raises Cut where no whole answer comes."""
        body = data if json_body is None else json.dumps(json_body).encode()
        kind = "application/octet-stream" if json_body is None else "application/json"
        headers = {
            "Host": self._config["host"],
            "Cookie": f"sessionid={self._config['session']}; csrftoken={self._config['token']}",
            "X-CSRFToken": self._config["token"],
            "Content-Type": kind,
            "Connection": "close",
        }
        line = http.client.HTTPConnection(str(self._at.hostname), self._at.port or 80, timeout=PATIENCE)
        try:
            line.request(method, path, body=body or b"", headers=headers)
            answer = line.getresponse()
            status, content = answer.status, answer.read()
            if status == 429:
                time.sleep(1)
            if status >= 500 or status == 429:
                raise Cut(f"{status}")
            return status, json.loads(content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Cut(str(error)) from error
        finally:
            line.close()


class Device:
    """What one advisor's device does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.journal, self.line = Journal(folder), Line(self.config)
        lives = len(list(folder.glob("life-*")))
        (folder / f"life-{lives}").touch()
        self.chance = Random(f"{self.config['seed']} {self.config['device']} {lives}")
        self.world = World(self.chance, devices=1, places=1)
        self.world.names = [self.config["device"]]
        self.at = f"/api/v1/capture/captures/{self.config['capture']}"
        self.said = (folder / "said").open("a", encoding="utf-8")
        (folder / "files").mkdir(exist_ok=True)
        self.sent: set[str] = set()

    @property
    def disk(self) -> Disk:
        """What it holds."""
        return self.journal.disk

    def write(self) -> None:
        """Write something, decide something, take a photo; or, seldom, what has to be refused. Then call it saved."""
        state = state_of(self.disk)
        conflicts, roll = state.conflicts(), self.chance.random()
        if roll < 0.12 and len(list((self.folder / "files").iterdir())) < MOST_FILES:
            one = self._photo()
        elif conflicts and roll < 0.35:
            place, register = pick(self.chance, conflicts)
            one = self.world.make(place, register.bases, 0, pick(self.chance, register.values))
        else:
            place = tuple(pick(self.chance, self.config["where"]))
            value = f"SIMULATED {self.chance.getrandbits(40)}" if place[1] in {"reason", "summary", "words"} else ...
            one = self.world.make(place, state.bases(*place), 0, value)
        if self.chance.random() < 0.04:
            one = Operation(one.id, one.about, one.field, 1.5, one.bases, one.device, one.made)
        self.journal.do(operation_write(one))
        self.said.write(f"{one.id}\n")
        self.said.flush()

    def _photo(self) -> Operation:
        data = f"SIMULATED {self.chance.getrandbits(60)}\n".encode() * (50 + below(self.chance, 400))
        name = hashlib.sha256(data).hexdigest()
        half = self.folder / "half"
        half.write_bytes(data)
        half.rename(self.folder / "files" / name)
        value = {"name": "notes.txt", "type": "text/plain", "size": len(data), "caption": None}
        return self.world.make((self.config["where"][0][0], f"file.{name}"), (), 0, value)

    def sync(self) -> None:
        """One exchange. Raises Cut."""
        body = request(self.disk, self.config["device"], 1 + below(self.chance, 12))
        status, answer = self.line.ask("POST", f"{self.at}/sync", json_body=body)
        assert status == 200, f"{status}: {answer}"
        self.journal.do(answer_writes(self.disk, body, answer))

    def upload(self) -> bool:
        """A few pieces of a file that is named and not there yet; whether there was one. Raises Cut."""
        for path in sorted((self.folder / "files").iterdir()):
            if path.name in self.sent or not self._named(path.name):
                continue
            data, address = path.read_bytes(), f"{self.at}/files/{path.name}"
            status, state = self.line.ask("GET", f"{address}/state")
            assert status == 200, f"{status}: {state}"
            while part := chunk(len(data), state["received"], PIECE):
                query = f"?offset={part[0]}&size={len(data)}"
                status, state = self.line.ask("PUT", address + query, data=data[slice(*part)])
                assert status in {200, 409}, f"{status}: {state}"
            if state["complete"]:
                self.sent.add(path.name)
            return True
        return False

    def _named(self, name: str) -> bool:
        held = (*self.disk.seen.values(), *self.disk.queue.values())
        return any(one.field == f"file.{name}" and one.value is not None for one in held)

    def confirmed(self) -> bool:
        """Whether the server says that it holds all of this. Raises Cut."""
        body = confirmation(self.disk, self.config["device"])
        if body is None:
            return False
        body["files"] = sorted(self.sent)
        status, answer = self.line.ask("POST", f"{self.at}/confirm", json_body=body)
        assert status == 200, f"{status}: {answer}"
        return bool(answer["complete"])

    def live(self) -> None:
        """Write and send until it is told to settle; then send all, confirm, and end."""
        while not (self.folder / "settle").exists():
            for _turn in range(1 + below(self.chance, 4)):
                if len(self.disk.queue) + len(self.disk.seen) < MOST * 2:
                    self.write()
            self._attempt(self.sync if self.chance.random() < 0.7 else self.upload)
            time.sleep(self.chance.random() / 5)
        quiet = 0
        while quiet < 3:  # a round in which nothing comes, for this one and for those who end with it
            before = len(self.disk.seen), dict(self.disk.cursors)
            calm = self._attempt(self.sync) and not self.disk.queue and not self._attempt_upload()
            same = before == (len(self.disk.seen), dict(self.disk.cursors))
            others = all((one / "quiet").exists() for one in self.folder.parent.glob("device-*"))
            if calm and same:
                (self.folder / "quiet").touch()
                quiet += others
            else:
                quiet = 0
            time.sleep(0.4)
        done: list[bool] = []
        while not any(done):
            time.sleep(0.3)
            self._attempt(lambda: done.append(self.confirmed()))
        (self.folder / "confirmed").touch()

    def _attempt(self, what: Callable[[], object]) -> bool:
        try:
            what()
        except Cut:
            time.sleep(0.05)
            return False
        return True

    def _attempt_upload(self) -> bool:
        """Whether something of a file is still to be sent."""
        try:
            return self.upload()
        except Cut:
            return True


if __name__ == "__main__":
    Device(Path(sys.argv[1])).live()
