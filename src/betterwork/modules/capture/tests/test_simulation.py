"""The schedules of ``core/capture`` against the real services: whatever happens, devices and server end equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from conftest import EVERYTHING, HEAVY
from django.db import connections

from betterwork.core.capture.tests.simulation import Body, Crash, run
from betterwork.foundation.files.queries import file_bytes
from betterwork.modules.capture.interviewing import interviews_open
from betterwork.modules.capture.models import Capture, CaptureOperation, CaptureUpload
from betterwork.modules.capture.queries import registers_of
from betterwork.modules.capture.rules import reason_words
from betterwork.modules.capture.services import capture_confirm, operations_take
from betterwork.modules.capture.syncing import tool_asked
from betterwork.modules.capture.tests.making import AT, ONE, TWO, advisor, codes, taken, visit_made
from betterwork.modules.capture.uploading import WrongOffset, file_chunk_take

pytestmark = pytest.mark.capability("C2")
SCHEDULES = 1_000 if EVERYTHING else 100 if HEAVY else 6
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Services:
    """The real services as a schedule asks them; they die at the write that it says."""

    def __init__(self, capture: Capture) -> None:
        self.capture, self.now, self._dies_at = capture, AT, -1
        self.deaths = 0

    def crash_at(self, write: int | None) -> None:
        self._dies_at = -1 if write is None else write

    @contextmanager
    def _dying(self) -> Iterator[None]:
        def execute(go: Callable[..., Any], sql: str, *more: Any) -> Any:
            if self._dies_at >= 0 and sql.lstrip().upper().startswith(_WRITES):
                self._dies_at -= 1
                if self._dies_at < 0:
                    raise Crash
            return go(sql, *more)

        with ExitStack() as stack:
            for alias in ("default", "vault"):
                stack.enter_context(connections[alias].execute_wrapper(execute))
            try:
                yield
            except Crash:
                self.deaths += 1
                self.now += timedelta(seconds=1)
                raise

    def _person(self, device: str) -> str:
        return (ONE, TWO)[int(device[-1], 16) % 2]

    def sync(self, body: Body) -> Body:
        with self._dying():
            done = operations_take(
                actor=advisor(self._person(body["device"])),
                capture=self.capture,
                device=body["device"],
                operations=body["operations"],
                after=body["after"],
                interviews_after=body["interviews_after"],
                at=self.now,
            )
        return {
            "taken": done.taken,
            "refused": [
                {"id": one.id, "reason": one.reason, "words": reason_words(one.reason)} for one in done.refused
            ],
            "operations": [*done.given.operations, *done.interviews],
            "cursor": done.given.cursor,
            "interviews_cursor": done.interviews_cursor,
            "more": done.given.more,
        }

    def file_put(self, sha256: str, *, offset: int, size: int, data: bytes) -> Body:
        given: dict[str, Any] = {"actor": ONE, "capture": self.capture, "sha256": sha256, "at": self.now}
        try:
            with self._dying():
                done = file_chunk_take(**given, offset=offset, size=size, data=data)
        except WrongOffset as error:
            return {"received": error.received, "complete": False}
        return {"received": done.received, "complete": done.complete}

    def confirm(self, body: Body) -> Body:
        operations, missing = capture_confirm(
            actor=advisor(),
            capture=self.capture,
            device=body["device"],
            count=body["operations"]["count"],
            digest=body["operations"]["digest"],
            files=body["files"],
            at=self.now,
        )
        return {"complete": operations and not missing, "missing": {"operations": not operations, "files": missing}}

    def held(self) -> list[Body]:
        columns = ("id", "about", "field", "value", "bases", "device", "made", "by", "number")
        plain = list(CaptureOperation.objects.filter(capture=self.capture).values(*columns))
        gathered = interviews_open(actor=advisor(), capture=self.capture, at=self.now).operations.values()
        return [*plain, *({**one, "number": place} for place, one in enumerate(gathered))]

    def has_file(self, sha256: str, data: bytes) -> bool:
        found = CaptureUpload.objects.get(capture=self.capture, sha256=sha256).file
        return found is not None and b"".join(file_bytes(found)) == data


def text(chance: Random) -> bytes:
    """A short document: a picture would be cleaned for longer than all else takes."""
    return f"SIMULATED {chance.getrandbits(60)}\n".encode()


def test_after_any_schedule_devices_and_the_real_server_are_equal_and_nothing_is_lost_or_doubled(db: None) -> None:
    from betterwork.core.capture.merging import fold
    from betterwork.core.capture.operations import operation_trusted

    about = f"question:{codes()[0]}"
    where = [(about, "determination"), (about, "reason"), (about, "later"), ("visit", "summary"),
             ("interview:" + "a" * 12 + "4" + "a" * 19, "words")]  # fmt: skip
    happened: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        capture = taken(visit_made(outside_id=str(seed)))
        server = Services(capture)
        happened.update(asdict(run(seed, server, where=where, photo=text, steps=60)))
        happened["dead"] += server.deaths
        capture.refresh_from_db()
        plain = [operation_trusted(one) for one in server.held() if not one["about"].startswith("interview")]
        state = fold(plain)
        stands = {(of, name): one for of, held in registers_of(capture).items() for name, one in held.items()}
        assert {place: one.bases for place, one in stands.items()} == {
            place: one.bases for place, one in state.registers.items()
        }
        assert capture.conflicts == len(state.conflicts())
        assert capture.answered == sum(
            "determination" in state.values(of) or "answer" in state.values(of) for of in state.abouts()
        )
        assert sum(capture.counts.values()) == capture.answered
        assert tool_asked(capture).version.digest == capture.digest
    assert happened["written"] > SCHEDULES * 5
    assert happened["dead"] >= SCHEDULES // 4
