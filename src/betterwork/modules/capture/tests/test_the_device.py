"""What a device promises of its disk: nothing saved is lost, and nothing lies there in the open."""

from __future__ import annotations

import base64
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from betterwork.modules.capture.tests.browser import (
    CAPTION,
    CAPTURE,
    CHROMIUM,
    JPEG_WITH_PLACE,
    NO_CHROMIUM,
    PASSPHRASE,
    Room,
    device,
    opened,
    problem,
    unlocked,
)

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM), pytest.mark.capability("C2")]

SECRET = "Exit B2 chained at dawn, ខ្មែរ"
WORDS = "they lock us in after supper"


def disk(profile: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of the browser's folder."""
    for path in profile.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path, path.read_bytes()


def found_on_the_disk(profile: Path, *texts: str) -> list[str]:
    """Files that hold one of these texts, in any of the ways in which a browser writes text."""
    wanted = []
    for text in texts:
        wanted += [
            text.encode(),
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            json.dumps(text).strip('"').encode(),
        ]
        plain = text.encode()
        wanted += [base64.b64encode(plain[shift:])[:-4] for shift in range(3)]
    assert min(len(one) for one in wanted) >= 8, "so short a text stands in any noise"
    return [str(path) for path, content in disk(profile) if any(one in content for one in wanted)]


def test_nothing_that_was_written_lies_on_the_disk_in_the_open(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("secret => view.write('question:OSH-1-01', 'reason', secret)", SECRET)
        about = page.evaluate("view.newInterview()")
        page.evaluate("([about, words]) => view.write(about, 'words', words)", [about, WORDS])
        page.evaluate(JPEG_WITH_PLACE)
        page.evaluate("engine.syncNow(true)")
        assert {one["value"] for one in room.operations if one["field"] in {"reason", "words"}} == {SECRET, WORDS}
        page.evaluate("engine.lock()")
        assert page.evaluate("engine.status.lock") == "locked"
        assert problem(page, "view.value('question:OSH-1-01', 'reason')") == "locked"
        used = [str(path) for path, content in disk(tmp_path) if b"betterwork-capture" in content]
        assert used, "the browser wrote its database somewhere else: this test would see nothing"
        texts = (SECRET, WORDS, PASSPHRASE, "Factory One", CAPTION, "Is exit OSH-1-01 open?")
        assert found_on_the_disk(tmp_path, *texts) == []
    assert found_on_the_disk(tmp_path, SECRET, WORDS, PASSPHRASE, "Factory One", "Is exit OSH-1-01 open?") == []


def test_the_search_of_the_disk_finds_what_lies_there_in_the_open(tmp_path: Path, address: str) -> None:
    with device(tmp_path, address) as page:
        page.evaluate("secret => localStorage.setItem('a', secret)", SECRET)
        time.sleep(1)
    assert found_on_the_disk(tmp_path, SECRET)


def test_after_everything_was_sent_and_confirmed_no_database_is_left(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("secret => view.write('question:OSH-1-01', 'reason', secret)", SECRET)
        page.evaluate(JPEG_WITH_PLACE)
        page.evaluate("capture => engine.finish(capture)", CAPTURE)
        assert page.evaluate("engine.status.lock") == "empty"
        assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
        assert (
            page.evaluate("async () => (await caches.keys()).length + localStorage.length + sessionStorage.length") == 0
        )
    assert found_on_the_disk(tmp_path, SECRET, WORDS) == []
    assert len(room.operations) == 2 and len(room.files) == 1


def test_nothing_is_removed_while_the_server_lacks_something(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("view.write('question:OSH-1-01', 'determination', 'compliant')")
        page.evaluate("engine.syncNow()")
        room.operations.clear()
        assert problem(page, "await engine.finish(argument)", CAPTURE) == "not-complete"
        assert page.evaluate("view.value('question:OSH-1-01', 'determination')") == "compliant"


def test_a_browser_killed_in_the_middle_has_lost_nothing_that_it_called_saved(tmp_path: Path, address: str) -> None:
    """The browser's own process is killed five times over at different moments; what it said was saved is all there."""
    saved: set[str] = set()
    with device(tmp_path, address) as page:
        opened(page)
    for attempt in range(5):
        saved |= _write_until_killed(tmp_path, address, attempt)
    assert len(saved) > 20
    with device(tmp_path, address) as page:
        unlocked(page)
        held = page.evaluate(
            "view.history('visit', 'summary').concat(view.history('visit', 'not_covered')).map(one => one.value)"
        )
    assert saved <= set(held)


def _write_until_killed(profile: Path, address: str, attempt: int) -> set[str]:
    said: set[str] = set()
    killed: list[int] = []
    with suppress(Exception), device(profile, address) as page:  # there is nothing left to be closed in good order
        page.on("console", lambda message: said.add(message.text) if message.text.startswith("text") else None)
        unlocked(page)
        page.evaluate(
            """attempt => { void (async () => {
                for (let at = 0; ; at++) {
                    const text = `text ${attempt} ${at}`;
                    await view.write("visit", at % 2 ? "summary" : "not_covered", text);
                    console.log(text);
                }
            })(); }""",
            attempt,
        )
        page.wait_for_timeout(200 + 130 * attempt)
        for process in _processes(profile):
            os.kill(process, signal.SIGKILL)
            killed.append(process)
        page.wait_for_timeout(10)
    assert killed
    assert not _processes(profile)
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        (profile / name).unlink(missing_ok=True)
    return said


def _processes(profile: Path) -> list[int]:
    """The processes of the browser whose profile that is, the first one first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}" in (folder / "cmdline").read_text(errors="replace").split("\0"):
                found.append(int(folder.name))
    return sorted(found)


def test_every_write_waits_for_the_disk(tmp_path: Path, room: Room, address: str) -> None:
    with device(tmp_path, address) as page:
        page.evaluate(
            """() => {
                window.written = [];
                const before = IDBDatabase.prototype.transaction;
                IDBDatabase.prototype.transaction = function (tables, mode, options) {
                    if (mode === "readwrite") written.push(options?.durability ?? "default");
                    return before.call(this, tables, mode, options);
                };
            }"""
        )
        opened(page)
        page.evaluate("view.write('visit', 'summary', 'one')")
        page.evaluate("engine.syncNow()")
        written = page.evaluate("written")
        assert len(written) > 4
        assert set(written) == {"strict"}


def test_a_wrong_passphrase_opens_nothing_and_makes_one_wait(tmp_path: Path, address: str) -> None:
    with device(tmp_path, address) as page:
        assert problem(page, "await engine.create('short')") == "passphrase-short"
        opened(page)
        page.evaluate("engine.lock()")
        tries = [problem(page, "await engine.unlock('not the passphrase')") for _ in range(4)]
        assert tries == ["passphrase-wrong"] * 3 + ["passphrase-too-soon"]
        assert page.evaluate("engine.status.lock") == "locked"
        assert page.evaluate("engine.status.tryAgainAt") > time.time() * 1000 - 5000
    with device(tmp_path, address) as page:  # closing the browser does not shorten it
        assert page.evaluate("engine.status.lock") == "locked"
        page.wait_for_timeout(2500)
        unlocked(page)
        assert page.evaluate("engine.status.lock") == "unlocked"


def test_another_passphrase_opens_what_the_old_one_wrote_and_the_old_one_nothing(tmp_path: Path, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("secret => view.write('visit', 'summary', secret)", SECRET)
        assert (
            problem(page, "await engine.changePassphrase('wrong wrong wrong', argument)", "a new one, long")
            == "passphrase-wrong"
        )
        page.evaluate("old => engine.changePassphrase(old, 'a new one, long enough')", PASSPHRASE)
        page.evaluate("engine.lock()")
        assert problem(page, "await engine.unlock(argument)", PASSPHRASE) == "passphrase-wrong"
        page.evaluate("engine.unlock('a new one, long enough')")
        assert page.evaluate("capture => engine.open(capture).value('visit', 'summary')", CAPTURE) == SECRET


def test_a_record_moved_or_changed_on_the_disk_does_not_open(tmp_path: Path, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("view.write('visit', 'summary', 'one').then(() => view.write('visit', 'not_covered', 'two'))")
        page.evaluate("engine.lock()")
        page.evaluate(
            """() => new Promise((done, fail) => {
                const asked = indexedDB.open("betterwork-capture");
                asked.onsuccess = () => {
                    const own = asked.result.transaction("own", "readwrite").objectStore("own");
                    const names = own.getAllKeys();
                    names.onsuccess = () => {
                        const one = own.get(names.result[0]);
                        one.onsuccess = () => { own.put(one.result, names.result[1]).onsuccess = () => done(); };
                    };
                };
                asked.onerror = fail;
            })"""
        )
        assert problem(page, "await engine.unlock(argument)", PASSPHRASE) == "file-damaged"


def test_a_second_tab_waits_until_it_takes_over(tmp_path: Path, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        second = page.context.new_page()
        second.goto(f"{address}/capture/")
        second.wait_for_selector("body[data-ready]", state="attached")
        assert second.evaluate("engine.status.problem.code") == "other-tab"
        assert problem(second, "await engine.unlock(argument)", PASSPHRASE) == "other-tab"
        second.evaluate("engine.takeOver()")
        unlocked(second)
        assert page.evaluate("[engine.status.lock, engine.status.problem.code]") == ["locked", "other-tab"]


def test_the_device_locks_when_nobody_touches_it(tmp_path: Path, address: str) -> None:
    with device(tmp_path, address) as page:
        opened(page)
        page.evaluate("() => { const now = Date.now; Date.now = () => now() + 10 * 60_000 + 1; }")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert page.evaluate("engine.status.lock") == "locked"
