"""What the schedules with real processes stand on: a home, a server in a process, a bad line, and looking at the end.

Started as ``python -m betterwork.modules.capture.tests.real_processes make COUNT | look``, with a home in its
environment.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

SERVE = [sys.executable, "-m", "betterwork.entry.command_line", "serve", "--no-worker"]
TOKEN = "t" * 32
FATES = (
    ("dropped", 0.07),
    ("cut", 0.07),
    ("doubled", 0.10),
    ("doubled later", 0.06),
    ("lost answer", 0.08),
    ("cut answer", 0.07),
)
"""What becomes of a request on a bad line, and how often; all others arrive."""


def say(told: Any) -> None:
    sys.stdout.write(json.dumps(told))


# -- inside the home


def make(count: str) -> None:
    """Databases, two advisors who are signed in, and so many visits that were taken; tells what devices must know."""
    from django.core.management import call_command
    from tests.plugins.cast import Cast

    from betterwork.modules.capture.tests.making import codes, taken, visit_made

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    cast = Cast()
    sessions = [cast.client(word).cookies["sessionid"].value for word in ("advisor", "partner")]
    about = f"question:{codes()[0]}"
    where = [
        (about, "determination"),
        (about, "reason"),
        (f"question:{codes()[1]}", "later"),
        ("visit", "summary"),
        ("interview:" + "a" * 12 + "4" + "a" * 3 + "8" + "a" * 15, "words"),
    ]
    captures = [taken(visit_made(outside_id=f"real-{one}")).pk for one in range(int(count))]
    say({"sessions": sessions, "where": where, "captures": captures})


def look() -> None:
    """All that the server holds of each capture: contents, numbers, digests of files, faults of ledger and vault."""
    from django.utils import timezone

    from betterwork.core.capture.merging import fold
    from betterwork.core.capture.operations import operation_trusted
    from betterwork.foundation.files.queries import file_bytes
    from betterwork.foundation.ledger.queries import instance_faults
    from betterwork.foundation.vault.verifying import vault_faults
    from betterwork.modules.capture.interviewing import interviews_open
    from betterwork.modules.capture.models import Capture, CaptureOperation, CaptureUpload, RefusedOperation
    from betterwork.modules.capture.queries import registers_of
    from betterwork.modules.capture.tests.making import advisor

    columns = ("id", "about", "field", "value", "bases", "device", "made")
    captures: dict[str, Any] = {}
    for capture in Capture.objects.all():
        rows = list(CaptureOperation.objects.filter(capture=capture).order_by("number").values(*columns, "number"))
        gathered = interviews_open(actor=advisor("p-advisor"), capture=capture, at=timezone.now())
        stands = {f"{of} {name}": one.bases for of, held in registers_of(capture).items() for name, one in held.items()}
        plain = fold(operation_trusted(one) for one in rows)
        uploads = CaptureUpload.objects.filter(capture=capture, file__isnull=False).select_related("file")
        captures[capture.pk] = {
            "plain": [{name: one[name] for name in columns} for one in rows],
            "vault": [{name: one[name] for name in columns} for one in gathered.operations.values()],
            "numbers": [one["number"] for one in rows],
            "number": capture.number,
            "refused": [
                *RefusedOperation.objects.filter(capture=capture).values_list("operation", flat=True),
                *(one["id"] for one in gathered.refused),
            ],
            "stands": stands == {f"{of} {name}": one.bases for (of, name), one in plain.registers.items()},
            "files": {
                one.sha256: hashlib.sha256(b"".join(file_bytes(one.file))).hexdigest() for one in uploads if one.file
            },
        }
    say({"captures": captures, "faults": [*map(str, vault_faults()), *map(str, instance_faults())]})


# -- around it


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class RealServer:
    """The platform, served by a process that is killed and started again."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port, self.log, self.kills = free_port(), log, 0
        self.environment = environment | {"BETTERWORK_URL": f"http://localhost:{self.port}"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; wait until it answers."""
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                SERVE, env=self.environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < until, self.log.read_text(errors="replace")[
                -2000:
            ]
            time.sleep(0.1)

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/health/live", headers={"Host": f"localhost:{self.port}"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def kill(self) -> None:
        """SIGKILL to all of it."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)
            self._process = None
            self.kills += 1


class BadLine:
    """A line between devices and server that drops, doubles, delays and cuts requests and answers at any byte."""

    def __init__(self, server: int, chance: Random) -> None:
        self._server, self._chance, self._lock = server, chance, threading.Lock()
        self.good, self.happened = False, Counter[str]()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Nobody is listened to any more."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _who = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _fate(self, size: int) -> tuple[str, int, float]:
        """What becomes of a request, at which byte it is cut, and how long it is under way."""
        with self._lock:
            roll, at = self._chance.random(), int(self._chance.random() * size)
            delay = self._chance.random() / 5 if self._chance.random() < 0.15 else 0.0
            for name, share in () if self.good else FATES:
                roll -= share
                if roll < 0:
                    self.happened[name] += 1
                    return name, at, delay
        return "", at, 0.0 if self.good else delay

    def _carry(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            line.settimeout(20)
            asked = _whole_request(line)
            fate, at, delay = self._fate(len(asked))
            time.sleep(delay)
            if fate == "dropped":
                return
            if fate == "cut":
                self._server_told(asked[:at], answer=False)
                return
            answer = self._server_told(asked)
            if fate == "doubled":
                answer = self._server_told(asked)
            if fate == "doubled later":
                threading.Timer(0.3, self._again, [asked]).start()
            if fate != "lost answer":
                line.sendall(answer[: at % (len(answer) + 1)] if fate == "cut answer" else answer)

    def _again(self, asked: bytes) -> None:
        with suppress(OSError):
            self._server_told(asked)

    def _server_told(self, asked: bytes, *, answer: bool = True) -> bytes:
        with socket.create_connection(("127.0.0.1", self._server), timeout=20) as line:
            line.sendall(asked)
            found = bytearray()
            while answer and (part := line.recv(65_536)):
                found += part
            return bytes(found)


def _whole_request(line: socket.socket) -> bytes:
    """A request with its body: devices open a connection for each."""
    found = bytearray()
    while b"\r\n\r\n" not in found:
        part = line.recv(65_536)
        if not part:
            raise OSError("half a request")
        found += part
    head, _gap, body = bytes(found).partition(b"\r\n\r\n")
    length = next(
        (int(one.partition(b":")[2]) for one in head.splitlines() if one.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        part = line.recv(65_536)
        if not part:
            raise OSError("half a body")
        body += part
    return head + b"\r\n\r\n" + body


class DeviceProcess:
    """A device's process, its folder, and killing it."""

    def __init__(self, folder: Path, config: dict[str, Any]) -> None:
        self.folder, self.kills = folder, 0
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, where it does not run."""
        if self._process is None:
            with (self.folder / "log").open("ab") as out:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "betterwork.modules.capture.tests.real_device", str(self.folder)],
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(timeout=30)
            self.kills += 1
        self._process = None

    def fell(self) -> str:
        """What it said where it ended by itself and not well; empty: it did not."""
        over = self._process is not None and self._process.poll() not in {None, 0}
        return (self.folder / "log").read_text(errors="replace")[-1500:] if over else ""

    def ended(self) -> bool:
        """Whether it ended well."""
        return self._process is not None and self._process.poll() == 0


def main(what: str, *words: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    Path(os.environ["BETTERWORK_HOME"]).mkdir(exist_ok=True)
    django.setup()
    if what == "make":
        make(*words)
    else:
        look()


if __name__ == "__main__":
    main(*sys.argv[1:])
