"""A simulated instance that is really served, for stories told in a browser."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from betterwork.entry.demonstration.home import environment_for, home_start_afresh
from betterwork.entry.demonstration.sign_ins import DOMAIN

FACTORIES = """
from datetime import timedelta
from django.utils import timezone
from betterwork.modules.registry.batches import Cycle, Filling, factories_fill
from betterwork.modules.registry.models import Factory
Factory.objects.bulk_create(
    Factory(country=country, outside_id=str(n), name=f"SIMULATED Works {country} {n:03}")
    for country in ("VN", "JO", "KH") for n in range(1, 61)
)
now = timezone.now()
taking_part = Factory.objects.filter(country="VN", outside_id__in=["1", "2", "3", "4", "5"]).order_by("pk")
cycle = Cycle(1, now.date() - timedelta(days=400))
fillings = [Filling(one, cycles=[cycle]) for one in taking_part]
factories_fill(actor="operator", fillings=fillings, reason="SIMULATED", at=now)
"""
"""Five of them take part, and are overdue: somebody has to be visited."""
ROOT = Path(__file__).parents[2]


class Instance:
    """Where it is served, and how to act on its machine."""

    def __init__(self, home: Path, url: str, log: Path) -> None:
        self.home, self.url, self.log = home, url, log
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        with self.log.open("ab") as out:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "betterwork.entry.command_line", "serve"],
                env={**environment_for(self.home), "BETTERWORK_URL": self.url},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while not _answers(f"{self.url}/health/live"):
            assert self._server.poll() is None and time.monotonic() < until, self.mails()
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask the server to end; make it where it does not."""
        if self._server is None:
            return
        self._server.terminate()
        try:
            self._server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
        self._server = None

    def kill(self) -> None:
        """Kill the server and its worker as a power cut would: no process of it does anything more."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait(timeout=30)
        self._server = None

    def module(self, name: str, *words: str) -> str:
        """What a module prints that is run with this instance's home: of the platform, or of these stories."""
        return run(self.home, name, *words, url=self.url)

    def command(self, *words: str) -> str:
        """What a command of the platform prints, run by the operator."""
        return run(self.home, "betterwork.entry.command_line", *words, url=self.url)

    def code(self, word: str) -> str:
        """The code that her app would show now."""
        step = "betterwork.entry.demonstration.people_step"
        return run(self.home, step, "code", f"{word}@{DOMAIN}", url=self.url).strip()

    def mails(self) -> str:
        """Everything the server has printed, mails among it."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def link_in_mail(self, part: str) -> str:
        """The last link in a printed mail whose address holds ``part``. Waits for it a little."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found = re.findall(
                rf"{re.escape(self.url)}[^\s\"<>]*{re.escape(part)}[^\s\"<>]*", self.mails().replace("=\n", "")
            )
            if found:
                return str(found[-1]).rstrip(".")
            time.sleep(0.2)
        raise AssertionError(f"no mail with a link to {part}")


def run(home: Path, module: str, *words: str, url: str = "http://localhost:8000") -> str:
    """Run a module of the platform in a home; what it printed."""
    environment = {**environment_for(home), "BETTERWORK_URL": url}
    done = subprocess.run(
        [sys.executable, "-m", module, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def home_make(home: Path) -> None:
    """Make a simulated home with a few factories, its people, committees, and the draft of a tool."""
    home_start_afresh(home)
    run(home, "betterwork.entry.command_line", "ledger", "head")
    environment = {**environment_for(home), "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings"}
    subprocess.run([sys.executable, "-c", f"import django; django.setup(){FACTORIES}"], env=environment, check=True)
    run(home, "betterwork.entry.demonstration.people_step", "make")
    run(home, "betterwork.entry.demonstration.programme_step")


@contextmanager
def served(home: Path, *, make: bool = True) -> Iterator[Instance]:
    """Serve a simulated home on a free port; with ``make`` it is made first."""
    if make:
        home_make(home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Instance(home, f"http://localhost:{port}", home.with_suffix(".log"))
    try:
        found.start()
        yield found
    finally:
        found.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.read())
    except (urllib.error.URLError, OSError):
        return False
