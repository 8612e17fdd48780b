"""A simulated instance that is really served, for stories told in a browser."""

from __future__ import annotations

import re
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
from betterwork.modules.registry.models import Factory
Factory.objects.bulk_create(
    Factory(country=country, outside_id=str(n), name=f"SIMULATED Works {country} {n:03}")
    for country in ("VN", "JO", "KH") for n in range(1, 61)
)
"""


class Instance:
    """Where it is served, and how to act on its machine."""

    def __init__(self, home: Path, url: str, log: Path) -> None:
        self.home, self.url, self.log = home, url, log

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
        [sys.executable, "-m", module, *words], env=environment, capture_output=True, text=True, check=False
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
    url, log = f"http://localhost:{port}", home.with_suffix(".log")
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "betterwork.entry.command_line", "serve"],
            env={**environment_for(home), "BETTERWORK_URL": url},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 60
        while not _answers(f"{url}/health/live"):
            assert server.poll() is None and time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield Instance(home, url, log)
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.read())
    except (urllib.error.URLError, OSError):
        return False
