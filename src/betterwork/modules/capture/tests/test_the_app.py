"""The capture app as it is served: its shell, what is kept of it without a network, and the room behind it."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from betterwork.modules.capture.models import CaptureDevice, CaptureOperation, CaptureUpload
from betterwork.modules.capture.tests import making
from betterwork.modules.capture.tests.browser import ASSETS, CHROMIUM, FLAGS, NO_CHROMIUM, PASSPHRASE
from betterwork.modules.registry.queries import SIMULATED_MARK

in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)


def shell_list(cast: Any) -> dict[str, Any]:
    """What the service worker may keep."""
    text = cast.client("stranger").get("/capture/service-worker.js").content.decode()
    found: dict[str, Any] = json.loads(text.partition("=")[2].partition(";\n")[0])
    return found


def test_the_shell_opens_for_those_who_assess_and_for_nobody_else(cast: Any) -> None:
    status = {
        word: cast.client(word).get("/capture/").status_code for word in ("advisor", "leader", "buyer", "factory")
    }
    assert status == {"advisor": 200, "leader": 200, "buyer": 404, "factory": 404}
    assert cast.client("stranger").get("/capture/").url.startswith("/account/login/")


@pytest.mark.capability("P5")
def test_the_shell_names_nobody_and_carries_no_token(cast: Any) -> None:
    first, second = (cast.client(word).get("/capture/").content for word in ("advisor", "leader"))
    assert first == second
    assert b"csrf" not in first.lower()
    assert first.count(b"<h1>") == 1


def test_the_shell_says_that_data_are_simulated_and_is_another_version_of_the_app_then(
    cast: Any, tmp_path: Path, settings: Any
) -> None:
    settings.BETTERWORK_HOME = tmp_path
    plain = shell_list(cast)["version"]
    assert b"data-simulated" not in cast.client("advisor").get("/capture/").content
    (tmp_path / SIMULATED_MARK).touch()
    assert b'<body data-simulated="yes">' in cast.client("advisor").get("/capture/").content
    assert shell_list(cast)["version"] != plain, "devices would go on with the shell that they kept"


def test_what_the_worker_keeps_is_there_for_strangers_and_none_of_it_is_data(cast: Any) -> None:
    kept = shell_list(cast)
    assert kept["page"] == "/capture/"
    assert f"/static/capture/{ASSETS['script']}" in kept["assets"]
    stranger = cast.client("stranger")
    for address in (*kept["assets"], *kept["later"]):
        assert not address.startswith("/api")
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
        else:
            assert stranger.get(address).status_code == 200, address


def test_a_browser_asks_for_the_worker_anew_each_time(cast: Any) -> None:
    answer = cast.client("stranger").get("/capture/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer.headers  # its folder is all it may reach


def test_the_manifest_stays_inside_the_app(cast: Any) -> None:
    told = json.loads(cast.client("stranger").get("/capture/manifest.webmanifest").content)
    assert (told["start_url"], told["scope"], told["display"]) == ("/capture/", "/capture/", "standalone")


def test_the_app_learns_who_is_signed_in_and_gets_the_token_for_changes(cast: Any) -> None:
    answer = cast.client("advisor").get("/capture/who.json")
    assert json.loads(answer.content) == {"person": "p-advisor"}
    assert answer.cookies["csrftoken"].value
    assert answer.headers["Cache-Control"] == "no-store"
    assert cast.client("stranger").get("/capture/who.json").status_code == 302


def test_words_come_in_every_language_of_the_platform_and_in_no_other(cast: Any) -> None:
    stranger = cast.client("stranger")
    english = json.loads(stranger.get("/capture/words/en.json").content)
    assert english
    for language in ("km", "ar", "bn", "fr"):
        assert json.loads(stranger.get(f"/capture/words/{language}.json").content).keys() == english.keys()
    assert stranger.get("/capture/words/xx.json").status_code == 404


@pytest.fixture
def one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of a browser come several at a time, and the threads of a test's server share one connection.

    Two of them at once would stand in one transaction, and one would take the other's savepoint for its own: an
    error 500 that no server outside the tests can give.
    """
    turn, answer = threading.Lock(), WSGIHandler.__call__

    def in_turn(self: WSGIHandler, *asked: Any) -> Any:
        with turn:
            return answer(self, *asked)

    monkeypatch.setattr(WSGIHandler, "__call__", in_turn)


@pytest.fixture
def visit(transactional_db: None) -> Any:
    """A visit of today that the advisor can take; made before a browser asks anything."""
    return making.visit_made(day=timezone.localdate())


@pytest.fixture
def page(
    tmp_path: Path,
    visit: Any,
    one_after_the_other: None,
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """A browser in which an advisor is signed in, at the app; its faults and the server's fail the test."""
    from playwright.sync_api import sync_playwright
    from tests.plugins.cast import Cast

    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop of its own running
    session = Cast().client("advisor").cookies["sessionid"].value
    address = live_server.url.replace("127.0.0.1", "localhost")
    faults: list[str] = []
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path), executable_path=CHROMIUM, args=FLAGS, base_url=address
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        found = context.pages[0]
        found.set_default_timeout(20_000)
        found.on("pageerror", lambda error: faults.append(str(error)))
        found.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        found.on("response", lambda one: faults.append(f"{one.status} {one.url}") if one.status >= 500 else None)
        found.goto("/capture/")
        yield found
        context.close()
    assert faults == []


FIRST_SCREEN = "#app input[type=password]"
"""What the app draws and the page that brings it does not: before, its own heading stands there."""


@in_a_browser
@pytest.mark.capability("C2")
def test_after_the_first_visit_the_app_opens_without_a_network_and_no_other_page_does(page: Any) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_selector("#app h1")
    page.reload()
    page.wait_for_selector(FIRST_SCREEN)
    heading = page.inner_text("#app h1")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(FIRST_SCREEN)
    assert page.inner_text("#app h1") == heading
    kept = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys()) {
                for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
            }
            return found;
        }"""
    )
    assert "/capture/" in kept
    assert not [one for one in kept if not one.startswith(("/capture/", "/static/capture/", "/static/console/"))]
    assert page.evaluate("fetch('/api/v1/capture/assignments').then(() => 'answered', () => 'failed')") == "failed"
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/captures/")


@in_a_browser
@pytest.mark.capability("C2")
def test_a_visit_goes_onto_the_device_and_back_to_the_room_and_leaves_nothing_behind(page: Any, visit: Any) -> None:
    page.evaluate(
        """async engine => {
            const made = await import(engine);
            window.engine = await made.openEngine();
            await window.engine.takeOver();
        }""",
        f"/static/capture/{ASSETS['engine']}",
    )
    page.evaluate("passphrase => engine.create(passphrase)", PASSPHRASE)
    (assignment,) = page.evaluate("engine.assignments()")
    assert assignment["visit"] == visit.pk
    taken = page.evaluate("visit => engine.take(visit, ['en'])", visit.pk)
    page.evaluate("capture => { window.view = engine.open(capture); }", taken["capture"])
    code = page.evaluate("view.progress().missing[0]")
    page.evaluate(
        """async code => {
            const about = `question:${code}`;
            await view.write(about, "determination", "non-compliant");
            await view.write(about, "reason", "Exit B2, second floor, chained.");
            const canvas = new OffscreenCanvas(400, 300);
            canvas.getContext("2d").fillRect(0, 0, 200, 200);
            const blob = await canvas.convertToBlob({type: "image/png"});
            await view.addFile(about, new File([blob], "exit.png", {type: "image/png"}), "Exit B2");
            const interview = view.newInterview();
            await view.write(interview, "source", "workers");
            await view.write(interview, "women", 6);
            await view.write(interview, "words", "They lock us in.");
        }""",
        code,
    )
    page.evaluate("engine.syncNow()")
    assert page.evaluate("engine.status.problem") is None
    assert page.evaluate("engine.status.pending") == {
        "operations": 0, "held": 3, "files": 0, "bytes": 0, "concerns": 0, "refused": 0,
    }  # fmt: skip
    assert set(CaptureOperation.objects.values_list("field", flat=True)) >= {"determination", "reason"}
    assert not CaptureOperation.objects.filter(about__startswith="interview").exists()
    assert CaptureUpload.objects.get().file is not None
    page.evaluate("capture => engine.finish(capture)", taken["capture"])
    assert CaptureDevice.objects.get().confirmed_at is not None
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
