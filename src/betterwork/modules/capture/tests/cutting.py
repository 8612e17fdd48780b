"""Processes that are killed while they take what a device sends, and others that go on where they stopped.

Started by tests as ``python -m betterwork.modules.capture.tests.cutting``. Prints JSON documents, one a line.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

BATCHES, EACH, PIECE = 30, 12, 300
CONTENT = ("SIMULATED minutes, line by line\n" * 900).encode()
NAME = hashlib.sha256(CONTENT).hexdigest()
KILLS = 6


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def forked(do: Callable[[], None]) -> int:
    """Do it in a process of its own, with connections of its own; return the process."""
    from django.db import connections

    connections.close_all()
    process = os.fork()
    if process == 0:
        do()
        os._exit(0)
    return process


def batches() -> list[list[dict[str, Any]]]:
    """What the device has to send: answers, each on top of the last, and interviews."""
    from betterwork.modules.capture.tests.making import codes, identifier, interview, operation

    some, found, number, last = codes(), [], 0, {}
    for _turn in range(BATCHES):
        batch = []
        for place in range(EACH):
            number += 1
            if place % 6 == 5:
                batch.append(interview(number, f"SIMULATED words {number}", of=number))
                continue
            code = some[number % 20]
            bases = (last[code],) if code in last else ()
            batch.append(operation(number, f"SIMULATED {number}", field="reason", code=code, bases=bases))
            last[code] = identifier(number)
        found.append(batch)
    return found


def send(sent: list[list[dict[str, Any]]], from_: int, later: timedelta = timedelta()) -> None:
    """Send what is left, a batch after the other; say what was told as taken."""
    from betterwork.modules.capture.models import Capture
    from betterwork.modules.capture.tests.making import AT, Device

    device = Device(Capture.objects.get())
    for place in range(from_, len(sent)):
        done = device.sync(*sent[place], at=AT + later)
        say(batch=place, taken=done.taken)


def upload() -> None:
    """Send the file, from where it stopped."""
    from betterwork.modules.capture.models import Capture
    from betterwork.modules.capture.tests.making import AT, ONE
    from betterwork.modules.capture.uploading import file_chunk_take, file_state

    capture = Capture.objects.get()
    state = file_state(capture=capture, sha256=NAME)
    while not state.complete:
        data = CONTENT[state.received : state.received + PIECE]
        given: dict[str, Any] = {"actor": ONE, "capture": capture, "sha256": NAME, "size": len(CONTENT)}
        state = file_chunk_take(**given, offset=state.received, data=data, at=AT)
        say(received=state.received)


def killed_after(lines: int, wait: float, do: Callable[[], None]) -> list[dict[str, Any]]:
    """What a process said that is killed a moment after it said so many things."""
    reading, writing = os.pipe()

    def into_the_pipe() -> None:
        os.dup2(writing, 1)
        do()

    process = forked(into_the_pipe)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = [line for _turn in range(lines) if (line := told.readline())]
        time.sleep(wait)
        os.kill(process, signal.SIGKILL)
        said += told.readlines()
    _process, status = os.waitpid(process, 0)
    found = [json.loads(line) for line in said if line.endswith("}\n")]
    for line in found:
        say(**line)
    say(killed=os.WIFSIGNALED(status))
    return found


def main() -> None:
    """Kill, go on, kill; at the end let one process finish, and tell how everything stands."""
    from betterwork.modules.capture.tests.making import taken, visit_made

    taken(visit_made())
    sent, dice, reached = batches(), random.Random(5), 0
    send(sent[:1], 0)
    begun = time.perf_counter()
    send(sent[:2], 1)
    one = time.perf_counter() - begun
    for _turn in range(KILLS):
        from_ = reached
        said = killed_after(dice.randrange(1, 3), dice.random() * one, lambda from_=from_: send(sent, from_))
        reached = max([reached, *(line["batch"] for line in said)])
        killed_after(dice.randrange(1, 4), dice.random() * one / 4, upload)
    send(sent, 0, later=timedelta(seconds=1))
    upload()
    look(sent)


def look(sent: list[list[dict[str, Any]]]) -> None:
    """How everything stands, beside what it has to be."""
    from betterwork.core.capture.merging import fold
    from betterwork.core.capture.operations import operation_trusted
    from betterwork.foundation.ledger.queries import instance_faults
    from betterwork.foundation.vault.verifying import vault_faults
    from betterwork.modules.capture.interviewing import interviews_open
    from betterwork.modules.capture.models import Capture, CaptureOperation, CaptureUpload
    from betterwork.modules.capture.queries import registers_of
    from betterwork.modules.capture.tests.making import AT, advisor
    from betterwork.modules.capture.uploading import FOLDER

    capture = Capture.objects.get()
    rows = list(CaptureOperation.objects.order_by("number"))
    state = fold(operation_trusted(one) for batch in sent for one in batch)
    plain = {
        about: {name: state.register(about, name).as_json()["standing"][0]["id"] for name in held}
        for about, held in registers_of(capture).items()
    }
    stands = {
        about: {name: register.bases[0] for name, register in held.items()}
        for about, held in registers_of(capture).items()
    }
    gathered = interviews_open(actor=advisor(), capture=capture, at=AT + timedelta(hours=3))
    upload = CaptureUpload.objects.select_related("file").get()
    say(
        wanted=sorted(one["id"] for batch in sent for one in batch),
        held=sorted([*(one.id for one in rows), *gathered.operations]),
        numbers=[one.number for one in rows] == list(range(1, len(rows) + 1)) and capture.number == len(rows),
        stands=plain == stands,
        conflicts=capture.conflicts,
        faults=[*map(str, vault_faults()), *map(str, instance_faults())],
        file=[upload.received, upload.size, bool(upload.file)],
        pieces=len(list((Path(os.environ["BETTERWORK_HOME"]) / FOLDER).glob("*"))),
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    Path(os.environ["BETTERWORK_HOME"]).mkdir(exist_ok=True)
    django.setup()
    from django.core.management import call_command

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    main()
