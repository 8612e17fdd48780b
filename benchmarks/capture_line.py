"""How long a slow line keeps an advisor from her first question: ``python benchmarks/capture_line.py``.

A browser that has never seen the app opens it, makes a pass phrase, takes a visit along and opens its first question.
Between it and the server lies a line of 400 kbit/s with 400 ms there and back, through which everything goes: also
what the service worker keeps meanwhile, which the browser's own slow motion would let through unhindered. ``--kbits``
and ``--ms`` take another line, ``--quick`` goes the way once. What a person takes to read and type does not count, nor
the one or two ways more that https takes. SIMULATED.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

Line = tuple[str, str, str, bool | None]
ROOT = Path(__file__).resolve().parents[1]
TIMES = 3
SMALL_ENOUGH = 120_000
"""Bytes of code and styles, compressed."""
AWAY = {"DATABASE_URL", "DATABASE_URL_FILE", "VAULT_DATABASE_URL", "VAULT_DATABASE_URL_FILE"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PASSPHRASE = "three kettles sing at dawn"
COME = """() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
    .map((one) => [new URL(one.name).pathname, one.transferSize])"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--kbits", type=int, default=400)
    parser.add_argument("--ms", type=int, default=400)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.fill:
        print(json.dumps(fill()))
        return
    for name, budget, measured, reached in lines(quick=arguments.quick, kbits=arguments.kbits, ms=arguments.ms):
        word = {True: "reached", False: "missed", None: ""}[reached]
        print(f"{name:<76}  {budget:>10}  {measured:>22}  {word}".rstrip())


def lines(*, quick: bool = False, kbits: int = 400, ms: int = 400) -> list[Line]:
    """The figures for the table of ``make bench``."""
    small = code_and_styles()
    found: list[Line] = [
        ("capture app: code and styles, compressed", f"< {SMALL_ENOUGH // 1000} kB", f"{small / 1000:.1f} kB",
         small <= SMALL_ENOUGH),
    ]  # fmt: skip
    browser = os.environ.get("CHROMIUM") or next((one for name in BROWSERS if (one := shutil.which(name))), None)
    if not browser:
        return [*found, ("capture app on a slow line: no Chromium on this machine", "", "not measured", None)]
    with tempfile.TemporaryDirectory(prefix="betterwork-bench-") as folder:
        home = Path(folder)
        with serving(home, kbits, ms) as (url, session):
            went = [way(browser, home / f"profile-{n}", url, session) for n in range(1 if quick else TIMES)]
    sent = went[-1]["bytes"]
    on = f"capture app, {kbits} kbit/s and {ms} ms"

    def took(name: str, what: str) -> Line:
        return (f"{on}: {name}", "", f"{median(one[what] for one in went):.1f} s", None)

    return [
        *found,
        took("first page, nothing on the device", "page"),
        took("pass phrase made", "phrase"),
        took(f"visit taken along, {went[-1]['questions']} questions", "take"),
        took("first question, all of that together", "question"),
        took("next start, from the device", "again"),
        ("  come over the line until then: code and styles", "", f"{sent['code'] / 1000:.1f} kB", None),
        ("  the visit with its tool, in one language", "", f"{sent['tool'] / 1000:.1f} kB", None),
        ("  fonts that the page asked for", "", f"{sent['fonts'] / 1000:.1f} kB", None),
        ("  everything else", "", f"{sent['else'] / 1000:.1f} kB", None),
    ]


def code_and_styles() -> int:
    """Bytes of everything that the app serves as code and styles, compressed."""
    made = ROOT / "src" / "betterwork" / "modules" / "capture" / "static" / "capture"
    return sum(len(gzip.compress(one.read_bytes(), 9)) for one in made.iterdir() if one.suffix in {".js", ".css"})


# --- the way of an advisor -------------------------------------------------------------------------


def way(browser: str, profile: Path, url: str, session: str) -> dict[str, Any]:
    """Seconds of each part of the way to the first question, and what came over the line."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=browser, args=["--no-sandbox", "--disable-gpu"], base_url=url, locale="en",
            viewport={"width": 390, "height": 844},
        )  # fmt: skip
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.pages[0]
        page.set_default_timeout(180_000)
        begun = time.perf_counter()
        page.goto("/capture/", wait_until="commit")
        page.locator("input[type=password]").nth(1).wait_for()
        first = time.perf_counter()
        for number in (0, 1):
            page.locator("input[type=password]").nth(number).fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.locator(".row .btn").first.wait_for()
        phrase = time.perf_counter()
        page.locator(".row .btn").first.click()
        page.locator(".take .btn").click()
        page.locator("button.row").first.click()
        page.wait_for_selector(".figures")
        taken = time.perf_counter()
        questions = page.locator(".figures b").first.inner_text().rpartition("/")[2]
        page.locator(".head .btn").click()
        page.wait_for_selector(".asked")
        asked = time.perf_counter()
        came = sizes(page.evaluate(COME))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_timeout(1_000)
        leaving = time.perf_counter()
        page.reload(wait_until="commit")
        page.wait_for_selector("input[type=password]")
        again = time.perf_counter()
        context.close()
    return {
        "page": first - begun, "phrase": phrase - first, "take": taken - phrase, "question": asked - begun,
        "again": again - leaving, "bytes": came, "questions": questions,
    }  # fmt: skip


def sizes(came: list[tuple[str, int]]) -> dict[str, int]:
    """What came over the line, by what it is."""
    found = {"code": 0, "tool": 0, "fonts": 0, "else": 0}
    for path, size in came:
        if path.endswith("/take"):
            found["tool"] += size
        elif path.endswith(".woff2"):
            found["fonts"] += size
        elif path.endswith((".js", ".css")):
            found["code"] += size
        else:
            found["else"] += size
    return found


# --- the line --------------------------------------------------------------------------------------


@contextmanager
def slow_line(port: int, to: int, kbits: int, ms: int) -> Iterator[None]:
    """A port behind which the other one lies, at the end of a line that all connections share."""
    loop = asyncio.new_event_loop()
    made = loop.run_until_complete(_Shared(to, kbits, ms).listen(port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_ended(made), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)


async def _ended(made: asyncio.Server) -> None:
    """Hang up on whoever is still there."""
    made.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)


class _Shared:
    """One line for all connections: what one of them uses the others wait for."""

    def __init__(self, to: int, kbits: int, ms: int) -> None:
        self._to, self._rate, self._way = to, kbits * 1000 / 8, ms / 2000
        self._free = {"up": 0.0, "down": 0.0}

    async def listen(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", port)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * self._way)  # they greet each other first
        with suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            await asyncio.gather(self._carried("up", reader, back), self._carried("down", there, writer))

    async def _carried(self, direction: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

        async def arrive() -> None:
            while True:
                due, part = await under_way.get()
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if not part:
                    return writer.close()
                if not writer.is_closing():
                    writer.write(part)
                with suppress(OSError):
                    await writer.drain()

        arriving = asyncio.ensure_future(arrive())
        part = b"begun"
        while part:
            part = b""
            with suppress(OSError):
                part = await reader.read(1_400)
            self._free[direction] = max(self._free[direction], time.monotonic()) + len(part) / self._rate
            await under_way.put((self._free[direction] + self._way, part))
        await arriving


# --- the server ------------------------------------------------------------------------------------


@contextmanager
def serving(home: Path, kbits: int, ms: int) -> Iterator[tuple[str, str]]:
    """An instance with a visit of today, served at the end of the line; its address, and a session of the advisor."""
    port, behind = free_port(), free_port()
    url = f"http://localhost:{port}"
    kept = {name: value for name, value in os.environ.items() if name not in AWAY}
    environment = {
        **kept, "BETTERWORK_HOME": str(home / "instance"), "BETTERWORK_URL": url,
        "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings",
    }  # fmt: skip
    (home / "instance").mkdir(parents=True)
    done = subprocess.run([sys.executable, __file__, "--fill"], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"no visit could be made:\n{done.stderr}")
    words = [sys.executable, "-m", "betterwork.entry.command_line", "serve", "--no-worker", "--port", str(behind)]
    server = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not listens(behind):
            if server.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.05)
        with slow_line(port, behind, kbits, ms):
            yield url, json.loads(done.stdout.splitlines()[-1])["session"]
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def fill() -> dict[str, str]:
    """An advisor who is signed in, and a visit of hers that is under way today."""
    import django

    django.setup()
    from allauth.mfa.models import Authenticator
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from betterwork.foundation.access.models import Grant
    from betterwork.foundation.people.models import Person
    from betterwork.modules.capture.tests.making import ONE, visit_made

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    at = timezone.now()
    person = Person.objects.create_user(
        "advisor@bench.example",
        name="SIMULATED Advisor",
        public_id=ONE,
        state=Person.ACTIVE,
        invited_at=at,
        joined_at=at,
    )
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    Grant.objects.create(
        person=ONE, role="advisor", scope="country:VN", starts=at, given_by="operator", given_at=at,
        confirmed_by="operator", confirmed_at=at,
    )  # fmt: skip
    visit_made(day=timezone.localdate())
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"session": client.cookies["sessionid"].value}


if __name__ == "__main__":
    main()
