"""The search that is to find an answer on a disk: it finds what a real browser writes, wherever a page can keep things.

Without this a profile in which nothing is found would prove nothing.
"""

from __future__ import annotations

import base64
import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.stories.conftest import CHROMIUM, FLAGS
from tests.stories.visit_searching import PRESSED_VALUE, Damaged, found_in, rare, snappy_unpacked, unpacked

pytestmark = pytest.mark.capability("C2")

PLANTED = {
    "localStorage": "hazelnutbarometer",
    "localStorage, wide": "licoricecompass",
    "sessionStorage": "apricotlanterns",
    "IndexedDB, a text": "rhubarbsextants",
    "IndexedDB, a text that is pressed": "sorrelastrolabe",
    "IndexedDB, bytes": "fennelsundials1",
    "IndexedDB, a key": "parsnipgnomons1",
    "IndexedDB, a file": "turnipalmanacs1",
    "Cache": "cardamomorrery1",
    "a file system of its own": "chervilquadrant",
    "the cache of what was fetched": "damsontelescope",
    "the address": "elderberryvanes",
    "the title": "gooseberrygauge",
}
KEEP = """async (planted) => {
    localStorage.setItem("one", planted["localStorage"]);
    localStorage.setItem("two", planted["localStorage, wide"] + "\u1780");
    sessionStorage.setItem("one", planted["sessionStorage"]);
    document.title = planted["the title"];
    history.replaceState({}, "", "?" + planted["the address"]);
    await fetch("/pressed");
    const cache = await caches.open("one");
    await cache.put("/one", new Response(planted["Cache"]));
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle("one", { create: true })).createWritable();
    await file.write(planted["a file system of its own"]);
    await file.close();
    const database = await new Promise((resolve) => {
        const asked = indexedDB.open("one", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("one");
        asked.onsuccess = () => resolve(asked.result);
    });
    const bytes = new TextEncoder().encode(planted["IndexedDB, bytes"]);
    const pressed = "the same again and again ".repeat(4000) + planted["IndexedDB, a text that is pressed"];
    const values = [planted["IndexedDB, a text"], pressed, bytes, new Blob([planted["IndexedDB, a file"]])];
    for (const [at, value] of values.entries()) {
        await new Promise((resolve) => {
            const work = database.transaction("one", "readwrite", { durability: "strict" });
            work.objectStore("one").put(value, planted["IndexedDB, a key"] + at);
            work.oncomplete = resolve;
        });
    }
}"""


class Handler(BaseHTTPRequestHandler):
    """A page without anything in it, and something that is sent pressed and may be kept."""

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        pressed = self.path == "/pressed"
        words = "the same again and again " * 50 + PLANTED["the cache of what was fetched"]
        body = gzip.compress(words.encode()) if pressed else b"<!doctype html><title>One</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        if pressed:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def address() -> Iterator[str]:
    """A server of that page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (set CHROMIUM=/path/to/it)")
def test_whatever_a_page_keeps_in_a_browser_is_found_in_its_profile(address: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    profile, told = tmp_path / "profile", list[str]()
    with sync_playwright() as playwright:
        for turn in range(2):  # opened again it packs its journals into tables
            context = playwright.chromium.launch_persistent_context(str(profile), executable_path=CHROMIUM, args=FLAGS)
            page = context.pages[0]
            page.goto(address)
            if not turn:
                page.evaluate(KEEP, PLANTED)
                page.wait_for_timeout(500)
                told += found_in(profile, PLANTED.values())
                assert told, "while it runs"
            else:
                page.evaluate("new Promise((resolve) => { indexedDB.open('one', 1).onsuccess = resolve; })")
                page.wait_for_timeout(500)
            context.close()
            told += found_in(profile, PLANTED.values())
    assert [name for name, word in PLANTED.items() if word not in "\n".join(told)] == []
    raw = b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file() and not path.is_symlink())
    assert PLANTED["the cache of what was fetched"].encode() not in raw, "it was to lie there pressed"


def test_a_text_is_found_however_a_browser_writes_it(tmp_path: Path) -> None:
    text, other = "SIMULATED the quincebarrel door", "SIMULATED the cinnamonvalve"
    ways = (
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        base64.b64encode(b"ab" + text.encode()),
        gzip.compress(b"before it " + text.encode()),
    )
    for number, form in enumerate(ways):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "LOG").write_bytes(b"\x01\x02" + form + b"\x03")
        assert found_in(folder, [text])
        assert found_in(folder, [rare(text)])
        assert found_in(folder, [rare(other)]) == []
        assert bool(found_in(folder, [rare(other)], pieces=[form[3:19]]))


def test_what_snappy_pressed_is_unpacked_and_noise_is_called_noise(tmp_path: Path) -> None:
    packed = bytes([17, 4 << 2]) + b"quinc" + bytes([1, 5]) + bytes([7 << 2]) + b"e barrel"
    # seventeen bytes: five as they are, four from five back, eight as they are
    assert snappy_unpacked(packed + b"rest") == b"quincquine barrel"
    (tmp_path / "one").write_bytes(b"noise" + PRESSED_VALUE + packed + b"noise")
    assert b"quincquine barrel" in list(unpacked(tmp_path / "one"))
    for noise in (b"", b"\xff" * 20, bytes([9, 1, 5]), packed[:9]):
        with pytest.raises(Damaged):
            snappy_unpacked(noise)
