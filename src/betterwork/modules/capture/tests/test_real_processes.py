"""Schedules of faults with real processes: a served platform, devices that speak HTTP, a bad line, SIGKILL for all.

What happens is drawn from a seed that is printed; when exactly it happens the machine's own scheduling has a say in,
so a seed makes the same kind of trouble again and not the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import HEAVY

from betterwork.core.capture.device import state_of
from betterwork.core.capture.merging import fold
from betterwork.core.capture.operations import operation_trusted
from betterwork.modules.capture.tests.real_device import Journal
from betterwork.modules.capture.tests.real_processes import TOKEN, BadLine, DeviceProcess, RealServer, free_port

pytestmark = pytest.mark.capability("C2")

SCHEDULES = 20 if HEAVY else 3
TOGETHER = 4
"""So many schedules run beside each other against one server: it is killed for all of them."""
DEVICES, SECONDS = 2, 6.0
ROOT = Path(__file__).parents[5]
NOT_HERE = ("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_KEY", "LEDGER_KEY", "FILES_KEY", "FILES_STORAGE")


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """A PostgreSQL of its own for as long as it is needed, and the addresses of its two databases."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binary = str(found[-1]) if found else shutil.which("initdb")
    if not binary:
        pytest.skip("no PostgreSQL binaries on this machine")
    folder = Path(tempfile.mkdtemp())  # where its user may go: the folders of pytest are closed to others
    where, data, port, root = Path(binary).parent, folder / "data", free_port(), os.geteuid() == 0
    data.mkdir()
    folder.chmod(0o711)

    def ran(*words: str) -> None:
        command = ["runuser", "-u", "postgres", "--", *words] if root else list(words)
        subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)

    if root:
        shutil.chown(data, "postgres")
    ran(str(where / "initdb"), "-D", str(data), "--username=betterwork", "--auth=trust", "--encoding=UTF8", "--no-sync")
    # It is never killed here, only what asks it: it need not wait for the disk.
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    options += " -c max_connections=200 -c fsync=off"
    ran(str(where / "pg_ctl"), "start", "--silent", "--wait", "-D", str(data), "-l", str(data / "log"), "-o", options)
    try:
        for name in ("betterwork", "vault"):
            ran(str(where / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "betterwork", name)
        address = f"postgres://betterwork@127.0.0.1:{port}"
        yield {"DATABASE_URL": f"{address}/betterwork", "VAULT_DATABASE_URL": f"{address}/vault"}
    finally:
        ran(str(where / "pg_ctl"), "stop", "--silent", "--mode=fast", "-D", str(data))
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a home on one of the two databases."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_HERE}
    given = kept | {"BETTERWORK_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    if request.param == "sqlite":
        yield given
        return
    with cluster() as addresses:
        yield given | addresses


def inside(environment: dict[str, str], *words: str) -> Any:
    """What the helper says from inside the home."""
    command = [sys.executable, "-m", "betterwork.modules.capture.tests.real_processes", *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return json.loads(done.stdout)


class Schedule:
    """One visit, its devices, the line they share, and when they are killed."""

    def __init__(self, seed: int, capture: str, made: dict[str, Any], server: RealServer, folder: Path) -> None:
        self.seed, self.capture, self.chance = seed, capture, Random(seed)
        self.line = BadLine(server.port, Random(self.chance.random()))
        config = {
            "seed": seed,
            "capture": capture,
            "where": made["where"],
            "token": TOKEN,
            "url": f"http://127.0.0.1:{self.line.port}",
            "host": f"localhost:{server.port}",
        }
        self.devices = [
            DeviceProcess(
                folder / f"device-{number}",
                config | {"session": made["sessions"][number % 2], "device": f"{number + 1:x}" * 32},
            )
            for number in range(DEVICES)
        ]
        self.kills = sorted((self.chance.random() * SECONDS, self.chance.randrange(DEVICES)) for _ in range(3))

    def turn(self, now: float) -> None:
        """Kill whose time has come, and start it again."""
        while self.kills and self.kills[0][0] <= now:
            device = self.devices[self.kills.pop(0)[1]]
            device.kill()
            device.start()
        for device in self.devices:
            assert not device.fell(), f"seed {self.seed}: {device.fell()}"


def test_after_any_schedule_with_real_processes_devices_and_server_are_equal_and_nothing_is_lost_or_doubled(
    environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    made = inside(environment, "make", str(SCHEDULES))
    server = RealServer(environment, tmp_path / "server.log")
    happened: Counter[str] = Counter()
    schedules = []
    try:
        server.start()
        for first in range(0, SCHEDULES, TOGETHER):
            some = [
                Schedule(begun + number, made["captures"][number], made, server, tmp_path / f"schedule-{number}")
                for number in range(first, min(first + TOGETHER, SCHEDULES))
            ]
            schedules += some
            _together(some, server, Random(begun + first))
        told = inside(environment, "look")
    except AssertionError as error:
        raise AssertionError(f"SEED={begun}: {error}") from error
    finally:
        for one in schedules:
            one.line.close()
            for device in one.devices:
                device.kill()
        server.kill()
    assert told["faults"] == [], f"SEED={begun}"
    for one in schedules:
        happened.update(_checked(one, told["captures"][one.capture]))
    happened["server killed"] = server.kills - 1  # the last time it was over
    with capsys.disabled():
        sys.stdout.write(f"\n{SCHEDULES} schedules, SEED={begun}: {dict(happened)}\n")
    for fault in ("server killed", "device killed", "dropped", "cut", "doubled", "lost answer", "cut answer"):
        assert happened[fault], f"SEED={begun}: nothing was {fault}: this test saw no trouble"
    assert happened["operations"] > SCHEDULES * 20
    assert happened["refused"] and happened["files"] and happened["vault"]


def _together(some: list[Schedule], server: RealServer, chance: Random) -> None:
    """Some schedules at once: trouble for some seconds, then a good line until all have settled."""
    began, deaths = time.monotonic(), sorted(SECONDS * (0.15 + 0.8 * chance.random()) for _ in range(2))
    for one in some:
        for device in one.devices:
            device.start()
    while (now := time.monotonic() - began) < SECONDS or deaths:
        if deaths and deaths[0] <= now:
            deaths.pop(0)
            server.kill()
            time.sleep(chance.random() / 2)
            server.start()
        for one in some:
            one.turn(now)
        time.sleep(0.02)
    for one in some:
        one.turn(SECONDS)
        one.line.good = True
        for device in one.devices:
            (device.folder / "settle").touch()
    until = time.monotonic() + 120
    while not all(device.ended() for one in some for device in one.devices):
        for one in some:
            one.turn(SECONDS)
            assert time.monotonic() < until, f"seed {one.seed}: it does not settle"
        time.sleep(0.05)


def _checked(one: Schedule, there: dict[str, Any]) -> Counter[str]:
    """Devices and server are equal, nothing is lost, nothing doubled, every byte is there; what happened."""
    where = f"seed {one.seed}"
    held = {raw["id"]: operation_trusted(raw) for raw in (*there["plain"], *there["vault"])}
    assert len(held) == len(there["plain"]) + len(there["vault"]), f"{where}: an operation is there twice"
    assert there["numbers"] == list(range(1, there["number"] + 1)), f"{where}: numbers have gaps"
    assert there["stands"], f"{where}: what the server says stands is not what its operations make"
    interviews = {name for name, raw in held.items() if raw.about.startswith("interview:")}
    assert interviews == {raw["id"] for raw in there["vault"]}, f"{where}: an interview lies outside the vault"
    expected, happened = fold(held.values()).canonical(), Counter(one.line.happened)
    written: set[str] = set()
    for device in one.devices:
        disk = Journal(device.folder).disk
        said = set((device.folder / "said").read_text(encoding="utf-8").split())
        assert not disk.queue, f"{where}: it still waits"
        assert disk.seen.keys() == held.keys(), f"{where}: a device lacks operations, or holds others"
        assert all(held[name].digest() == mine.digest() for name, mine in disk.seen.items()), f"{where}: changed"
        assert state_of(disk).canonical() == expected, f"{where}: a device shows something else"
        assert said <= held.keys() | disk.refused.keys(), f"{where}: something that was called saved is lost"
        assert not held.keys() & disk.refused.keys(), f"{where}: taken and refused"
        assert set(disk.refused) <= set(there["refused"]), f"{where}: refused, and not kept"
        mine = {
            name
            for name, raw in held.items()
            if raw.device == json.loads((device.folder / "config.json").read_text())["device"]
        }
        written |= mine
        for path in (device.folder / "files").iterdir():
            named = any(raw.field == f"file.{path.name}" and raw.value for raw in held.values())
            if named:
                assert there["files"][path.name] == hashlib.sha256(path.read_bytes()).hexdigest(), f"{where}: a file"
                happened["files"] += 1
        happened.update({"device killed": device.kills, "refused": len(disk.refused)})
    assert written == held.keys(), f"{where}: the server has what no device wrote"
    return happened + Counter({"operations": len(held), "vault": len(there["vault"])})
