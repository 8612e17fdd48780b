"""How fast captures come together: ``python benchmarks/capture.py``, with ``--quick`` few turns; and ``make bench``.

One answer and a batch of 250 (access check, conflict check, ledger), a batch with interviews, batches a second in
eight processes of the server, on SQLite and, where its binaries are found, on a temporary PostgreSQL with default
settings. On SIMULATED visits. What devices do is made before the clock runs and is in none of the figures; the database
works on the same processors. ``--cpu`` also prints the processor's time in the server's processes (the database of
PostgreSQL beside it is not in it), and how long a disk takes to keep what it was given: on a busy machine most of each
figure is waiting for these two.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

Line = tuple[str, str, str, bool | None]
CLIENTS = 8
BATCH = 250
BUDGETS = {"answer": 8.0, "batch": 40.0, "sqlite": 150.0, "postgresql": 300.0, "page": 100.0}
AWAY = {"DATABASE_URL", "DATABASE_URL_FILE", "VAULT_DATABASE_URL", "VAULT_DATABASE_URL_FILE"}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        import betterwork.entry.wsgi  # noqa: F401 - made ready as the web server is

        print(json.dumps(WORK[arguments.work[0]](*map(int, arguments.work[1:]))), flush=True)
        return
    for name, budget, measured, reached in lines(quick=arguments.quick, cpu=arguments.cpu):
        word = {True: "reached", False: "missed", None: ""}[reached]
        print(f"{name:<62}  {budget:>16}  {measured:>28}  {word}".rstrip())


def lines(*, quick: bool = False, cpu: bool = False) -> list[Line]:
    """The figures for the table of ``make bench``."""
    found: list[Line] = []
    if cpu:
        found.append((f"on {os.cpu_count()} processors; the disk keeps 64 kB", "", f"in {disk():.1f} ms", None))
    with tempfile.TemporaryDirectory(prefix="betterwork-bench-") as folder:
        Path(folder).chmod(0o755)
        found += _lines_of("sqlite", Path(folder) / "sqlite", {}, quick, cpu)
        with postgres(Path(folder) / "cluster") as urls:
            if urls:
                found += _lines_of("postgresql", Path(folder) / "postgresql", urls, quick, cpu)
            else:
                found.append(("capture on PostgreSQL: its binaries are not on this machine", "", "not measured", None))
    return found


def _lines_of(vendor: str, home: Path, urls: dict[str, str], quick: bool, cpu: bool) -> list[Line]:
    home.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if name not in AWAY}
    environment = {
        **kept, "BETTERWORK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings", **urls,
    }  # fmt: skip
    child(environment, "fill")
    one = child(environment, "single", "20" if quick else "200")
    turns = 10 if quick else 60
    many = clients(environment, turns)
    speed = CLIENTS * turns / many["s"]

    def took(name: str, budget: str) -> Line:
        measured, most = one[name], BUDGETS[budget]
        words = f"{measured['ms']:.1f} ms" + (f" ({measured['cpu_ms']:.1f} ms of processor)" if cpu else "")
        return (f"{vendor}: {TITLES[name]}", f"< {most:.0f} ms", words, measured["ms"] < most)

    each = 1000 * many["cpu"] / (CLIENTS * turns)
    words = f"{speed:,.0f} /s" + (f" ({each:.1f} ms of processor each)" if cpu else "")
    return [
        took("answer", "answer"),
        took("batch", "batch"),
        took("again", "batch"),
        (f"{vendor}: {TITLES['interviews']}", "", f"{one['interviews']['ms']:.1f} ms", None),
        (f"{vendor}: batches of {BATCH} a second, {CLIENTS} at once, made before", f"> {BUDGETS[vendor]:.0f} /s", words,
         speed > BUDGETS[vendor]),
        took("page", "page"),
    ]  # fmt: skip


TITLES = {
    "answer": "one answer taken",
    "batch": f"a batch of {BATCH} taken",
    "again": f"a batch of {BATCH} that conflicts with another device's",
    "interviews": "20 operations of interviews taken, into the vault",
    "page": "what stands of 250 questions, one page",
}


def disk() -> float:
    """Milliseconds that a write of 64 kB takes until a power cut would not undo it: in each batch there is one."""
    with tempfile.TemporaryFile() as file:
        taken = []
        for _turn in range(50):
            os.write(file.fileno(), os.urandom(65536))
            begun = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(1000 * (time.perf_counter() - begun))
    return median(taken)


def child(environment: dict[str, str], *work: str) -> Any:
    """Run one piece of work in a process of its own."""
    command = [sys.executable, __file__, "--work", *work]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the measurement {work} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def clients(environment: dict[str, str], turns: int) -> dict[str, float]:
    """Eight processes, each with a visit of its own, begin together; seconds until the last is done."""
    command = [sys.executable, __file__, "--work", "client"]
    started = [
        subprocess.Popen(
            [*command, str(number), str(turns)],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(CLIENTS)
    ]  # fmt: skip
    for one in started:
        assert one.stdout is not None
        one.stdout.readline()
    begun = time.perf_counter()
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [json.loads(one.communicate()[0].splitlines()[-1]) for one in started]
    return {"s": max(one["ended"] for one in told) - begun, "cpu": sum(one["cpu"] for one in told)}


@contextmanager
def postgres(folder: Path) -> Iterator[dict[str, str]]:
    """A temporary cluster with default settings; nothing where its binaries are not found."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    if not found[-1].is_file():
        yield {}
        return
    tools, data = found[-1].parent, folder / "data"
    data.mkdir(parents=True)
    # PostgreSQL refuses to run as root.
    as_other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_other:
        shutil.chown(data, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(tool: str, *words: str) -> None:
        subprocess.run([*as_other, str(tools / tool), *words], check=True, stdout=subprocess.DEVNULL, cwd="/",
                       stdin=subprocess.DEVNULL)  # fmt: skip

    run("initdb", "-D", str(data), "--username=betterwork", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    run("pg_ctl", "start", "--silent", "--wait", "-D", str(data), "-l", str(data / "log"), "-o", options)
    try:
        for name in ("betterwork", "vault"):
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "betterwork", name)
        url = f"postgres://betterwork@127.0.0.1:{port}"
        yield {"DATABASE_URL": f"{url}/betterwork", "VAULT_DATABASE_URL": f"{url}/vault"}
    finally:
        run("pg_ctl", "stop", "--silent", "--mode=fast", "-D", str(data))


# --- what children do ------------------------------------------------------------------------------


def fill() -> dict[str, int]:
    """A visit for each client, and one more."""
    from django.core.management import call_command
    from django.utils import timezone

    from betterwork.modules.capture.tests.making import taken, visit_made

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    for number in range(CLIENTS + 1):
        visit = visit_made(outside_id=str(number), key=f"{number:032x}", day=timezone.localdate())
        taken(visit, at=timezone.now())
    return {}


def _device(number: int, person: str = "p-advisor", device: str = "1" * 32) -> Any:
    from betterwork.modules.capture.models import Capture
    from betterwork.modules.capture.tests.making import Device

    return Device(Capture.objects.get(visit=f"{number:032x}"), person, device)


def _batches(number: int, turns: int, device: str = "1" * 32) -> list[list[dict[str, Any]]]:
    """Batches as a day gives them: determinations, reasons, sources, samples, each later one on top of the former."""
    from betterwork.modules.capture.tests.making import codes

    fields = (
        ("determination", "non-compliant"),
        ("reason", "SIMULATED: two of the four exits of the sewing hall were locked while people worked"),
        ("source.observation", True),
        ("sample.documents", {"looked": 12, "of": 40}),
    )
    asked, found, last = codes(), [], dict[tuple[str, str], str]()
    for turn in range(turns):
        batch = []
        for place in range(BATCH):
            code, (field, value) = asked[(turn * 60 + place // 4) % len(asked)], fields[place % 4]
            here = (code, field)
            name = f"0192f0c0{turn:04x}7{place % 4096:03x}8{number:03x}{place:012x}"
            before = last.get(here)
            last[here] = name
            text = f"{value} {turn}" if field == "reason" else value
            one = {"id": name, "about": f"question:{code}", "field": field, "value": text, "device": device}
            batch.append({**one, "bases": [before] if before else [], "made": "2026-11-23T05:40:12Z"})
        found.append(batch)
    return found


def _timed(work: Any) -> tuple[float, float]:
    begun, spent = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - spent)


def _middle(taken: list[tuple[float, float]]) -> dict[str, float]:
    return {"ms": median(one for one, _cpu in taken), "cpu_ms": median(cpu for _one, cpu in taken)}


def single(turns: int) -> dict[str, Any]:
    """One device alone."""
    from django.utils import timezone

    device, at = _device(CLIENTS), timezone.now()
    batches = _batches(CLIENTS, turns // 4 + 8)
    some = [[one] for batch in batches[: turns // BATCH + 1] for one in batch][: turns + 5]
    answers = [_timed(lambda one=one: device.sync(*one, at=at)) for one in some][5:]
    rest = batches[turns // BATCH + 1 :]
    taken = [_timed(lambda one=one: device.sync(*one, at=at)) for one in rest][3:]
    other = _device(CLIENTS, "p-partner", "2" * 32)
    other.sync(at=at)
    against = _batches(CLIENTS + 100, 8, "2" * 32)
    again = [_timed(lambda one=one: other.sync(*one, at=at)) for one in against][1:]
    return {
        "answer": _middle(answers), "batch": _middle(taken), "again": _middle(again), "interviews": _interviews(device),
        "page": _page(),
    }  # fmt: skip


def _interviews(device: Any) -> dict[str, float]:
    from django.utils import timezone

    from betterwork.modules.capture.tests.making import interview

    taken = []
    for turn in range(8):
        said = [interview(7000 + 20 * turn + n, f"SIMULATED words {n}", of=turn) for n in range(20)]
        taken.append(_timed(lambda said=said: device.sync(*said, at=timezone.now())))
    return _middle(taken[1:])


def _page() -> dict[str, float]:
    from django.conf import settings
    from django.test import Client
    from tests.plugins.cast import Cast

    from betterwork.modules.capture.models import Capture

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    client = Client(headers={"host": "localhost"})
    client.force_login(Cast().person("advisor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    url = f"/captures/{Capture.objects.get(visit=f'{CLIENTS:032x}').pk}/answers/"
    taken = []
    for _turn in range(8):
        taken.append(_timed(lambda: client.get(url)))
    assert client.get(url).status_code == 200
    return _middle(taken[2:])


def _until_taken(device: Any, batch: list[dict[str, Any]]) -> None:
    """Send a batch, again where the database was locked for longer than it waits: as a device does."""
    from django.db import OperationalError
    from django.utils import timezone

    for _turn in range(20):
        try:
            assert len(device.sync(*batch, at=timezone.now()).taken) == BATCH
        except OperationalError:
            continue
        return


def client(number: int, turns: int) -> dict[str, float]:
    """One of eight: says that it is ready, waits for the word, sends its batches one after the other."""
    device, batches = _device(number), _batches(number, turns + 1)
    _until_taken(device, batches[0])
    print("ready", flush=True)
    sys.stdin.readline()
    spent = time.process_time()
    for one in batches[1:]:
        _until_taken(device, one)
    # The clock of perf_counter is one for all processes of a machine.
    return {"ended": time.perf_counter(), "cpu": time.process_time() - spent}


WORK: dict[str, Any] = {"fill": fill, "single": single, "client": client}

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
