"""A device of the story of a visit: a Chromium whose profile is kept, the app in it, and what lies on its disk."""

from __future__ import annotations

import base64
import os
import re
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from betterwork.modules.capture.words import words_in
from tests.stories.conftest import CHROMIUM, FLAGS, sign_in
from tests.stories.instance import Instance
from tests.stories.visit_searching import found_in
from tests.stories.visit_writing import BYTES

WORDS = words_in("en")
PATIENCE = 20_000
SAID_BY_THE_BROWSER = re.compile(
    r"status of (4(01|04|09|10)|5\d\d)|service"
    r"|ERR_(INTERNET_DISCONNECTED|CONNECTION|CONTENT_LENGTH|INCOMPLETE|EMPTY|FAILED|NETWORK|ABORTED|SOCKET)"
)
"""What a browser writes by itself while there is no network or no server."""
ENGINE = """() => {
    const find = (node) => {
        if (!node || typeof node !== "object") return null;
        if (node.props?.engine?.syncNow) return node.props.engine;
        for (const one of [node.__k, node.props?.children].flat()) {
            const found = one && find(one);
            if (found) return found;
        }
        return null;
    };
    window.engine = find(document.getElementById("app").__k);
    if (!window.engine) throw new Error("the app's own engine was not found: did Preact change how it keeps its tree?");
}"""
"""The engine that the pages of the app themselves use: not a second one."""
LEFT = """async () => {
    const answers = [], folder = [];
    for (const name of await caches.keys()) {
        const paths = (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
        answers.push(...paths.filter((path) => !path.startsWith("/static/") && !path.startsWith("/capture/")));
    }
    for await (const name of (await navigator.storage.getDirectory()).keys()) folder.push(name);
    return {
        databases: (await indexedDB.databases()).map((one) => one.name),
        kept: Object.keys(localStorage).filter((name) => name !== "capture.language"),
        answers,
        session: Object.keys(sessionStorage),
        folder,
    };
}"""
"""Whatever a page can keep."""


class Device:
    """One advisor's device."""

    def __init__(self, browser: Any, instance: Instance, word: str, profile: Path) -> None:
        self.instance, self.word, self.profile = instance, word, profile
        self.passphrase = f"seven lanterns above the {word.partition('.')[0]}"
        self._browser = browser
        self.faults: list[str] = []
        self.asked: list[str] = []
        """What this device asked of the API, in order."""
        self.pieces: list[bytes] = []
        """Pieces out of the middle of every photo, as the telephone made it and as the app keeps it."""
        self._cookies: list[Any] = []
        self.context: Any = None
        self.page: Any = None

    def start(self, *, offline: bool = False) -> None:
        """Open the browser on its profile."""
        self.context = self._browser.browser_type.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            args=FLAGS,
            base_url=self.instance.url,
            viewport={"width": 1280, "height": 900},
            locale="en",
        )
        self.context.add_init_script("localStorage.setItem('capture.language', 'en')")  # as she would choose it once
        self.context.add_cookies(self._cookies)  # as a browser that goes on where it stopped: she is still signed in
        self.context.set_offline(offline)
        self.page = self.context.pages[0]
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on(
            "request", lambda one: self.asked.append(f"{one.method} {one.url}") if "/api/" in one.url else None
        )
        self.page.on("dialog", lambda one: one.accept())

    def sign_in(self) -> None:
        """Sign in at the console, as anybody does; a browser that still is has nothing to do."""
        self.page.goto("/account/login/")
        if self.page.locator("input[name=login]").count():
            sign_in(self.page, self.instance, self.word)

    def app(self) -> None:
        """Go to the app."""
        self.page.goto("/capture/")
        self.page.wait_for_selector("#app h1")

    def unlock(self) -> None:
        """Say the pass phrase of this device, and find the app's engine."""
        self.page.wait_for_selector("input[type=password]")
        self.page.fill("input[type=password]", self.passphrase)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".bar-state")
        self.page.evaluate(ENGINE)
        self.menu("home")
        self.page.wait_for_selector(".figures")

    def take(self) -> str:
        """Choose the pass phrase, take the one visit along, open it; the key of its capture."""
        for number in (0, 1):
            self.page.locator("input[type=password]").nth(number).fill(self.passphrase)
        self.page.keyboard.press("Enter")
        self.page.locator(".row .btn").click()
        self.page.locator(".take .btn").click()
        self.page.locator("button.row").first.click()
        self.page.wait_for_selector(".figures")
        self.page.evaluate(ENGINE)
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        found: str = self.page.evaluate("engine.captures()[0].capture")
        return found

    def offline(self, cut: bool) -> None:
        """Cut the network, or bring it back."""
        self.context.set_offline(cut)

    def slow(self, bytes_a_second: int) -> None:
        """Make the line slow on the way up; -1: as fast as it is."""
        given = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        self.context.new_cdp_session(self.page).send("Network.emulateNetworkConditions", given)

    def answer_lost(self) -> None:
        """The answer to what it sends next does not arrive: the server took it, and this device is not told."""

        def lost(route: Any) -> None:
            route.fetch()
            route.abort()

        self.context.route("**/sync", lost, times=1)

    # -- where she goes, and what she presses

    def menu(self, entry: str) -> None:
        """Go to an entry of the menu beside the page."""
        self.page.locator(".side-list:visible").get_by_role("button", name=WORDS[f"menu.{entry}"]).first.click()

    def question(self, code: str) -> None:
        """Find a question by its code, from the overview."""
        self.menu("home")
        self.page.locator(".search input").fill(code)
        self.page.locator(".search .row", has_text=code).first.click()
        self.page.wait_for_selector(".asked")

    def choose(self, number: int) -> None:
        """Choose a determination: 0 compliant, 1 not compliant."""
        self.page.locator(".found label, .boxes-in label").nth(number).click()

    def rests_on(self, *sources: str) -> None:
        """Mark kinds of source."""
        for source in sources:
            self.page.locator(".question-rests label.chip", has_text=WORDS[f"source.{source}"]).first.click()

    def write(self, label: str, text: str) -> None:
        """Type into the box with that label, and leave it."""
        box = self.page.get_by_label(WORDS[label], exact=True).first
        box.click()
        box.press_sequentially(text)
        box.blur()

    def saved(self) -> None:
        """Wait until the frame says that all she wrote is saved."""
        said = re.compile(f"{re.escape(WORDS['state.saved'])}|{re.escape(WORDS['state.sent'])}")
        self.page.locator(".bar-state b", has_text=said).wait_for()

    def attach(self, path: Path, *, document: bool = False) -> None:
        """Add a photo, or a document, through the page; wait until it is saved."""
        before = self.page.locator(".picture-button").count()
        self.page.locator("label.chip-button input[type=file]").nth(int(document)).set_input_files(str(path))
        self.page.locator(".picture-button").nth(before).wait_for()
        if not document:
            self._pieces_of(path.read_bytes())

    def _pieces_of(self, content: bytes) -> None:
        self.pieces += [content[at : at + 32] for at in (len(content) // 3, len(content) // 2)]

    def remember_photos(self) -> None:
        """Keep pieces of the photos as the app has them, to look for them on the disk."""
        for name in self.files():
            content = self.content(name)
            if content.startswith(b"\xff\xd8"):
                self._pieces_of(content)

    # -- sending

    def send(self, *, interviews: bool = True, within: float = 60) -> None:
        """Press "Send now" until nothing waits; the interviews of today stay, where that is not pressed too."""
        until = time.monotonic() + within
        while True:
            self.menu("send")
            for button in ("send.now", "held.send") if interviews else ("send.now",):
                with suppress(Exception):
                    self.page.get_by_role("button", name=WORDS[button], exact=True).click(timeout=500)
            self.page.evaluate("engine.syncNow().catch(() => undefined)")  # until that round is over
            waits = self.pending()
            if not interviews:
                waits.pop("held")
            if not any(waits.values()) and not self.page.evaluate("engine.status.problem"):
                return
            assert time.monotonic() < until, f"{self.word} still waits with {waits}: {self.problem()}"
            self.page.wait_for_timeout(200)

    def resumed(self, name: str) -> int:
        """From which byte on this device sent a file, since what it asked was last forgotten."""
        offsets = [int(one.partition("offset=")[2].partition("&")[0]) for one in self.asked if f"{name}?offset=" in one]
        assert offsets, f"no piece of {name} was sent: {self.asked[-5:]}"
        return offsets[0]

    def pending(self) -> dict[str, int]:
        """What the server does not have yet."""
        found: dict[str, int] = self.page.evaluate("engine.status.pending")
        return found

    def problem(self) -> Any:
        """What the app says is wrong."""
        return self.page.evaluate("engine.status.problem")

    # -- what it holds

    def operations(self) -> dict[str, dict[str, Any]]:
        """Every operation on this device, as it lies in its tables: own ones and those that the server gave."""
        raw = self.page.evaluate(
            """() => [...[...engine.opened.rows.own.values()].map((one) => ({...one.operation, its: one.state})),
                      ...[...engine.opened.rows.seen.values()].flatMap((one) => one.operations)]"""
        )
        found: dict[str, dict[str, Any]] = {}
        for one in raw:
            found.setdefault(one["id"], one)
        return found

    def files(self) -> dict[str, int]:
        """The photos and documents whose bytes are here: sha256 → size."""
        rows = self.page.evaluate("[...engine.opened.rows.files.values()].map((one) => [one.sha256, one.size])")
        return dict(rows)

    def content(self, name: str) -> bytes:
        """The bytes of a file, as the app has them."""
        return base64.b64decode(self.page.evaluate(BYTES, name))

    def left(self) -> dict[str, list[str]]:
        """What this page keeps in the browser, without the shell of the app and her choice of a language."""
        found: dict[str, list[str]] = self.page.evaluate(LEFT)
        return found

    # -- the end of it

    def kill(self) -> None:
        """Kill every process of this browser at once, as a power cut would."""
        self._cookies = self.context.cookies()
        found = processes(self.profile)
        assert found, "no process of this browser was found"
        for one in found:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        until = time.monotonic() + 10
        while processes(self.profile) and time.monotonic() < until:
            time.sleep(0.02)
        assert not processes(self.profile)
        with suppress(Exception):
            self.context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the browser in good order."""
        with suppress(Exception):
            self._cookies = self.context.cookies()
            self.context.close()

    def complaints(self) -> list[str]:
        """Faults of the app's own."""
        return [one for one in self.faults if not SAID_BY_THE_BROWSER.search(one)]

    def lies_on_the_disk(self, texts: Iterable[str]) -> list[str]:
        """Which of these texts, and which pieces of photos, lie in the profile, and in which file."""
        return found_in(self.profile, texts, pieces=self.pieces)


def processes(profile: Path) -> list[int]:
    """The processes of the browser whose profile that is."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}" in (folder / "cmdline").read_text(errors="replace").split("\0"):
                found.append(int(folder.name))
    return sorted(found)
