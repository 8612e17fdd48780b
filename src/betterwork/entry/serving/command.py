"""``betterwork serve``: the web server, and the worker beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from betterwork.core.errors import BetterWorkError
from betterwork.entry.serving.rules import LOCAL, Instance, serving_faults
from betterwork.foundation.doors.checks import doors_required
from betterwork.foundation.doors.commands import command_door
from betterwork.foundation.doors.policy import OPERATOR_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS = 8


@command_door(OPERATOR_ONLY)
@click.command(short_help="Start the web server and the worker.")
@click.option("--host", help="Address to listen on; this machine only when BETTERWORK_URL is localhost, else all.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; the one of BETTERWORK_URL, else 8000.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Without the worker: start it elsewhere with betterwork jobs work.")
@click.option("--check", is_flag=True, help="Only say whether this instance may be served.")
def serve(host: str | None, port: int | None, processes: int, no_worker: bool, check: bool) -> None:
    """Serve the pages, and do the work off the request, until stopped with Ctrl-C.

    Reached by others than this machine, an instance needs https in BETTERWORK_URL, a mail server and keys that do not
    lie beside its data; it is refused while one is missing.

    \b
    Examples:
      betterwork serve
      BETTERWORK_URL=https://work.example betterwork serve --check
      betterwork serve --port 9000 --processes 4 --no-worker
    """
    from django.conf import settings

    origin = settings.BETTERWORK_URL
    faults = serving_faults(instance_here())
    if faults:
        raise BetterWorkError("this instance is not served yet:\n  " + "\n  ".join(faults))
    if check:
        click.echo(f"may be served at {origin}")
        return
    # Past the proxy anybody could say where she comes from: behind one, only this machine is listened to.
    near = origin.host in LOCAL or settings.SECURE_PROXY_SSL_HEADER
    address = host or ("127.0.0.1" if near else "0.0.0.0")  # noqa: S104 - the point of serving
    if origin.host in LOCAL and address not in LOCAL:
        raise BetterWorkError("BETTERWORK_URL says localhost: set it to the address that others use, with https")
    if processes > 1 and "sqlite" in str(settings.DATABASES["default"]["ENGINE"]):
        raise BetterWorkError("the embedded database has one writer: more processes do not help; leave --processes out")
    doors_required()
    static_collect()
    with worker(start=not no_worker):
        click.echo(f"Better Work is at {origin} (stop with Ctrl-C)")
        sys.stdout.flush()
        web_serve(address, port or origin.port or 8000, processes)


def instance_here() -> Instance:
    """What must be known of this instance before it is served."""
    from django.conf import settings

    from betterwork.modules.registry.queries import simulated

    names = ("MAIL_URL", "SECRET_KEY", "LEDGER_KEY", "VAULT_KEY", "FILES_KEY")
    given = {name: bool(os.environ.get(name) or os.environ.get(f"{name}_FILE")) for name in names}
    origin = settings.BETTERWORK_URL
    return Instance(origin.host, origin.secure, simulated(), settings.BETTERWORK_DEBUG, given)


def static_collect() -> None:
    """Put styles, fonts and scripts where they are served from, named by their content and compressed."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, clear=False, skip_checks=True)


def web_serve(address: str, port: int, processes: int) -> None:
    """Run the web server until it is told to stop."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ["BETTERWORK_LOGS"] = "1"
    Server(
        "betterwork.entry.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        log_enabled=False,
        respawn_failed_workers=True,
    ).serve()


@contextmanager
def worker(*, start: bool) -> Iterator[None]:
    """The worker beside the web server: begun again when it ends by itself, ended when the server is."""
    if not start:
        yield
        return
    kept = KeptRunning([sys.executable, "-m", "betterwork.entry.command_line", "jobs", "work"])

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    kept.start()
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        kept.stop()


class KeptRunning:
    """A process that is begun again when it ends: a worker ends itself when a job will not stop in time."""

    def __init__(self, words: list[str], *, pause: float = 2.0) -> None:
        self.words, self.pause = words, pause
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Begin it."""
        self._thread.start()

    def stop(self) -> None:
        """End it: asked first, made to after a while."""
        self._stopping.set()
        with self._lock:
            process = self._process
            if process is not None:
                process.terminate()
        if process is not None:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(timeout=5)

    def _keep(self) -> None:
        environment = {**os.environ, "BETTERWORK_LOGS": "1"}
        while True:
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    self.words, stdin=subprocess.DEVNULL, env=environment
                )
            process.wait()
            if self._stopping.wait(self.pause):
                return
