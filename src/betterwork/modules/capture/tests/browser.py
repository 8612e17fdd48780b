"""A browser with a profile of its own, and a small server beside it that answers the capture app as the room does.

The server here is for the device's promises alone (what lies on its disk, what survives a cut): it keeps what came in
plain lists. What the room itself answers is tested beside its services, and in the stories.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from betterwork.entry.web.headers import POLICY

MADE = Path(__file__).parents[1] / "static" / "capture"
ASSETS: dict[str, Any] = json.loads((MADE / "assets.json").read_text(encoding="utf-8"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
NO_CHROMIUM = "no Chromium on this machine (set CHROMIUM=/path/to/it)"
PASSPHRASE = "three kettles sing at dawn"
ME, PARTNER = "a" * 32, "b" * 32
VISIT, CAPTURE = "visit-1", "c" * 32
QUESTIONS = [f"OSH-1-{number:02}" for number in range(1, 21)]
CAPTION = "Exit B2 beside the canteen"
JPEG_WITH_PLACE = """async () => {
    const canvas = new OffscreenCanvas(2000, 1000);
    const context = canvas.getContext("2d");
    context.fillStyle = "#a33"; context.fillRect(0, 0, 2000, 1000);
    const plain = new Uint8Array(await (await canvas.convertToBlob({type: "image/jpeg", quality: 0.9})).arrayBuffer());
    const note = new TextEncoder().encode("Exif\\0\\0GPS 11.5564 N 104.9282 E");
    const segment = new Uint8Array([0xff, 0xe1, 0, note.length + 2, ...note]);
    const file = new File([plain.slice(0, 2), segment, plain.slice(2)], "IMG_0001.jpg", {type: "image/jpeg"});
    return view.addFile("question:OSH-1-01", file, "Exit B2 beside the canteen");
}"""


def package(me: str) -> dict[str, Any]:
    """What is taken onto the device: twenty questions of one cluster."""
    question = {
        "kind": "compliance", "guidance": {}, "legal": ["Law 7"], "serious": False, "public": True, "answer": "finding",
        "unit": "", "choices": [], "least": "", "most": "", "only_where_it_applies": False,
    }  # fmt: skip
    questions = [question | {"code": code, "texts": {"en": f"Is exit {code} open?"}} for code in QUESTIONS]
    points = [{"code": "OSH-1", "name": "Emergency", "questions": questions}]
    return {
        "capture": CAPTURE,
        "visit": {
            "visit": VISIT,
            "country": "KH",
            "factory": {"name": "Factory One"},
            "first_day": "2026-11-23",
            "last_day": "2026-11-24",
        },
        "team": [{"id": ME, "name": "Advisor One"}, {"id": PARTNER, "name": "Advisor Two"}],
        "me": me,
        "tool": {
            "tool": "t", "version": "1", "digest": "d", "in_force_from": "2026-01-01",
            "clusters": [{"code": "OSH", "name": "Safety", "points": points}],
        },
        "history": [],
        "actions": [],
        "rules": {
            "minimum_group": 5, "mixes": [], "picture_longest_side": 800, "picture_quality": 80, "lock_minutes": 10,
        },
        "causes": [],
    }  # fmt: skip


class Room:
    """What the server of a test holds, and how it is to fail."""

    def __init__(self) -> None:
        self.person: str | None = ME
        self.operations: list[dict[str, Any]] = []
        self.files: dict[str, bytearray] = {}
        self.sizes: dict[str, int] = {}
        self.concerns: dict[str, Any] = {}
        self.asked: list[str] = []
        self.refuse: dict[str, str] = {}
        """Field → reason for which its operations are refused."""
        self.cut_after: int | None = None
        """After how many more requests of the API the answers are lost."""
        self.gone = False
        self.state = "open"
        self.lock = threading.Lock()

    def api(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        """One request to the API: status and JSON (or bytes)."""
        parts = path.strip("/").split("/")[2:]
        if self.person is None:
            return 401, {"detail": "Sign in."}
        match parts:
            case ["capture", "assignments"]:
                item = {"visit": VISIT, "factory": "Factory One", "languages": ["en", "km", "ar"], "capture": CAPTURE}
                return 200, {"items": [item]}
            case ["capture", "assignments", _, "take"]:
                return 200, package(self.person)
            case ["alerts", "concerns"]:
                concern = json.loads(body)
                status = 200 if concern["id"] in self.concerns else 201
                self.concerns[concern["id"]] = concern
                return status, concern
            case ["capture", "captures", _, *_] if self.gone:
                return 404, {"detail": "There is no such page."}
            case ["capture", "captures", _, "sync"]:
                return 200, self.sync(json.loads(body))
            case ["capture", "captures", _, "hand-over"]:
                self.state = "handed-over"
                return 200, {}
            case ["capture", "captures", _, "confirm"]:
                return 200, self.confirm(json.loads(body))
            case ["capture", "captures", _, "files", sha256, *rest]:
                return self.file(method, sha256, rest, query, body)
        return 404, {"detail": "There is no such page."}

    def sync(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take each operation once; give what came after the number."""
        taken, refused = [], []
        held = {one["id"]: one for one in self.operations}
        for one in asked["operations"]:
            late = "handed-over" if self.state == "handed-over" and one["id"] not in held else ""
            if reason := self.refuse.get(one["field"], late):
                refused.append({"id": one["id"], "reason": reason, "words": "It is kept."})
                continue
            if one["id"] not in held:
                self.operations.append(one | {"by": self.person, "number": len(self.operations) + 1})
            taken.append(one["id"])
        given = [one for one in self.operations if one["number"] > asked["after"] and one["id"] not in taken][:1000]
        return {
            "taken": taken,
            "refused": refused,
            "operations": given,
            "cursor": len(self.operations),
            "interviews_cursor": 0,
            "more": False,
            "state": self.state,
        }

    def confirm(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Whether everything of that device is here."""
        ids = sorted(one["id"] for one in self.operations if one["device"] == asked["device"])
        digest = hashlib.sha256("".join(f"{one}\n" for one in ids).encode()).hexdigest()
        same = asked["operations"] == {"count": len(ids), "digest": digest}
        missing = [one for one in asked["files"] if len(self.files.get(one, b"")) != self.sizes.get(one, -1)]
        return {"complete": same and not missing, "missing": {"operations": not same, "files": missing}}

    def file(
        self, method: str, sha256: str, rest: list[str], query: dict[str, list[str]], body: bytes
    ) -> tuple[int, Any]:
        """A file on its way."""
        held = self.files.setdefault(sha256, bytearray())
        size = self.sizes.get(sha256, -1)
        if method == "GET" and not rest:
            return 200, bytes(held)
        if method == "PUT":
            if int(query["offset"][0]) != len(held):
                return 409, {"received": len(held), "complete": False}
            assert len(body) <= 256 * 1024
            held += body
            size = self.sizes[sha256] = int(query["size"][0])
            if len(held) == size and hashlib.sha256(held).hexdigest() != sha256:
                held.clear()
        return 200, {"received": len(held), "complete": len(held) == size}


PAGE = """<!doctype html><html lang="en"><title>Engine</title><body><div id="app"></div>
<script type="module" src="/begin.js"></script></html>"""
BEGIN = f"""import * as made from "/static/capture/{ASSETS["engine"]}";
window.made = made;
window.engine = await made.openEngine();
window.problem = (work) => work.then(() => "", (error) => `${{error.code ?? error.message}}`);
document.body.dataset.ready = "yes";"""


def _handler(room: Room) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Content-Security-Policy", POLICY),
                ("Cache-Control", "no-store"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if asked.path.startswith("/api/"):
                return self.api(asked.path, parse_qs(asked.query), body)
            if asked.path == "/capture/who.json":
                if room.person is None:
                    return self.answer(401, b"{}")
                return self.answer(200, json.dumps({"person": room.person}).encode())
            if asked.path == "/capture/":
                return self.answer(200, PAGE.encode(), "text/html")
            if asked.path == "/begin.js":
                return self.answer(200, BEGIN.encode(), "text/javascript")
            if asked.path.startswith("/static/capture/") and (MADE / Path(asked.path).name).is_file():
                return self.answer(200, (MADE / Path(asked.path).name).read_bytes(), "text/javascript")
            return self.answer(404, b"{}")

        do_POST = do_PUT = do_GET

        def api(self, path: str, query: dict[str, list[str]], body: bytes) -> None:
            with room.lock:
                room.asked.append(f"{self.command} {path}")
                status, told = room.api(self.command, path, query, body)
                if room.cut_after is not None:
                    room.cut_after -= 1
                    if room.cut_after < 0:  # it was done, and nobody hears of it
                        self.close_connection = True
                        return
            if isinstance(told, bytes):
                self.answer(status, told, "application/octet-stream")
            else:
                self.answer(status, json.dumps(told).encode())

    return Handler


@contextmanager
def serving(room: Room) -> Iterator[str]:
    """The server of a room, on a port of its own; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(room))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def device(profile: Path, address: str, *, zone: str = "Asia/Phnom_Penh") -> Iterator[Any]:
    """A page with the engine, in a browser whose profile lies in that folder, where it is that time of the day."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=FLAGS, timezone_id=zone
        )
        try:
            page = context.pages[0]
            page.set_default_timeout(30_000)
            page.goto(f"{address}/capture/")
            page.wait_for_selector("body[data-ready]", state="attached")
            yield page
        finally:
            context.close()


def opened(page: Any, *, take: bool = True) -> None:
    """Choose the passphrase and take the visit."""
    page.evaluate("passphrase => engine.create(passphrase)", PASSPHRASE)
    if take:
        page.evaluate("visit => engine.take(visit, ['en'])", VISIT)
        page.evaluate("capture => { window.view = engine.open(capture); }", CAPTURE)


def unlocked(page: Any) -> None:
    """Open the device again, and the capture on it."""
    page.evaluate("passphrase => engine.unlock(passphrase)", PASSPHRASE)
    page.evaluate("capture => { window.view = engine.open(capture); }", CAPTURE)


def problem(page: Any, script: str, *arguments: Any) -> str:
    """The code of what an expression of the page throws; empty where it throws nothing."""
    made: str = page.evaluate(f"async argument => await problem((async () => {{ {script} }})())", *arguments)
    return made
