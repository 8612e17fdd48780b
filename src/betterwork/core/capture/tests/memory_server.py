"""A server in memory, right or wrong in one way: to prove the simulation by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from betterwork.core.capture.device import stream_of
from betterwork.core.capture.fields import Refusal
from betterwork.core.capture.generators import BY_CODE
from betterwork.core.capture.operations import Operation, ids_digest, operation_read, operation_trusted
from betterwork.core.capture.tests.simulation import Body, Crash, stream_of_raw


@dataclass
class MemoryServer:
    """A server as the brief says it, over a dictionary that commits whole transactions or none.

    ``fault`` makes it wrong in one way, to see that the simulation finds it.
    """

    most: int = 7
    fault: str = ""
    stored: dict[str, Body] = field(default_factory=dict)
    refused: list[Body] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=lambda: {"plain": 0, "interviews": 0})
    late: dict[str, Body] = field(default_factory=dict)
    dies_at: int | None = None

    def crash_at(self, write: int | None) -> None:
        self.dies_at = write

    def _write(self) -> None:
        if self.dies_at is not None:
            self.dies_at -= 1
            if self.dies_at < 0:
                self.dies_at = None
                raise Crash

    def sync(self, body: Body) -> Body:
        before = dict(self.stored), list(self.refused), dict(self.numbers)
        try:
            answer = self._sync(body)
        except Crash:
            self.stored, self.refused, self.numbers = before
            raise
        self._write()  # committed, and dead before it could answer
        return answer

    def _sync(self, body: Body) -> Body:
        taken, refused = [], []
        for raw in body["operations"]:
            try:
                one = operation_read(raw, questions=BY_CODE, by="somebody")
                known = self.stored.get(one.id) or self.late.get(one.id)
                if known is not None and operation_trusted(known).digest() != one.digest():
                    raise Refusal("other-content")
            except Refusal as refusal:
                refused.append({"id": raw["id"], "reason": refusal.reason, "words": refusal.words})
                self._write()
                self.refused.append(raw)
                continue
            if known is None or self.fault == "counts twice":
                self._write()
                self._store(one)
            taken.append(one.id)
        answer = {"taken": taken, "refused": refused, **self._given(body, {raw["id"] for raw in body["operations"]})}
        self.stored |= self.late
        self.late = {}
        return answer

    def _store(self, one: Operation) -> None:
        stream = stream_of(one)
        self.numbers[stream] += 1
        row = {**one.content(), "by": one.by, "number": self.numbers[stream]}
        if self.fault == "loses one" and one.id[-1] == "7":
            return
        if self.fault == "commits late" and one.id[-1] in "37b":
            self.late[one.id] = row  # seen only after a higher number was given
        else:
            self.stored[f"{one.id} again" if one.id in self.stored else one.id] = row

    def _given(self, body: Body, sent: set[str]) -> Body:
        given: list[Body] = []
        cursors, more = {}, False
        for stream, after, name in (
            ("plain", body["after"], "cursor"),
            ("interviews", body["interviews_after"], "interviews_cursor"),
        ):
            those = sorted(
                (one for one in self.stored.values() if stream_of_raw(one) == stream and one["number"] > after),
                key=lambda one: one["number"],
            )
            more = more or len(those) > self.most
            those = those[: self.most]
            cursors[name] = those[-1]["number"] if those else after
            given += [one for one in those if one["id"] not in sent]
        return {"operations": given, **cursors, "more": more}

    def file_put(self, sha256: str, *, offset: int, size: int, data: bytes) -> Body:
        held = self.files.get(sha256, b"")
        if offset == len(held) and len(held) + len(data) <= size:
            self._write()
            held = self.files[sha256] = held + data
            self._write()
            if len(held) == size and hashlib.sha256(held).hexdigest() != sha256:
                held = self.files[sha256] = b""
        return {"received": len(held), "complete": len(held) == size}

    def confirm(self, body: Body) -> Body:
        own = [one["id"] for one in self.stored.values() if one["device"] == body["device"]]
        same = body["operations"] == {"count": len(own), "digest": ids_digest(own)}
        missing = [one for one in body["files"] if hashlib.sha256(self.files.get(one, b"")).hexdigest() != one]
        return {"complete": same and not missing, "missing": {"operations": not same, "files": missing}}

    def held(self) -> list[Body]:
        return list(self.stored.values())

    def has_file(self, sha256: str, data: bytes) -> bool:
        return self.files.get(sha256) == data
