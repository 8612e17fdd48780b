"""The screens of the app in a browser: what axe finds, what fits, what the keyboard reaches, what is saved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from betterwork.entry.web.headers import POLICY
from betterwork.foundation import console
from betterwork.modules.capture.tests import browser
from betterwork.modules.capture.tests.browser import (
    ASSETS,
    CHROMIUM,
    FLAGS,
    MADE,
    NO_CHROMIUM,
    PARTNER,
    PASSPHRASE,
    Room,
    serving,
)
from betterwork.modules.capture.words import words_in

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM), pytest.mark.capability("C2")]

FONTS = Path(console.__file__).parent / "static" / "console" / "fonts"
SHELL = f"""<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Better Work</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/capture/{ASSETS["style"]}"></head>
<body data-simulated="yes"><div id="app"></div>
<script type="module" src="/static/capture/{ASSETS["script"]}"></script></body></html>"""
WIDTHS = (320, 390, 820, 1280)
OTHER_TEXTS = {"ar": "هل جميع مخارج الطوارئ غير مقفلة؟", "km": "តើច្រកចេញសង្គ្រោះបន្ទាន់បើកចំហឬទេ?"}
TOO_SMALL = """() => [...document.querySelectorAll(
        'button, a[href], input, textarea, summary, label.box, label.chip-button')]
    .filter((one) => !one.closest('.unseen') && !one.matches('.skip, .box input, .chip-button input'))
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height && (box.width < 43.5 || box.height < 43.5))
    .map(([html, box]) => `${html} ${Math.round(box.width)} × ${Math.round(box.height)}`)"""
ONLY_SAID_BY_THE_BROWSER = re.compile(r"status of 404|ERR_INTERNET_DISCONNECTED|service-worker|bad HTTP response code")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room whose visit has what screens show: a second language, last time, a plan, a fact, a serious question."""
    plain = browser.package

    def package(me: str) -> dict[str, Any]:
        found = plain(me)
        points = found["tool"]["clusters"][0]["points"]
        questions = points[0]["questions"]
        for one in questions:
            one["texts"] |= OTHER_TEXTS
            one["guidance"] = {"en": "Try each door yourself."}
        questions[0]["serious"] = True
        fact = questions[0] | {"code": "F-01", "kind": "fact", "answer": "number", "unit": "workers", "most": "50000"}
        points.append({"code": "F", "name": "Facts", "questions": [fact | {"least": "1", "serious": False}]})
        found["history"] = [{"question": "OSH-1-01", "determination": "non-compliant", "on": "2025-11-12"}]
        found["actions"] = [{"question": "OSH-1-01", "text": "Open exit B2 in all shifts.", "state": "In progress"}]
        found["causes"] = [{"code": "nobody-checks", "name": "Nobody checks", "explained": ""}]
        mix = {"determination": "non-compliant", "cluster": "", "kinds": 2, "one_of": []}
        return found | {"rules": found["rules"] | {"mixes": [mix]}}

    monkeypatch.setattr(browser, "package", package)
    return Room()


@contextmanager
def app(room: Room, *, width: int, language: str = "en") -> Iterator[Any]:
    """The app as it is served, under the platform's policy of content; faults of the page fail the test."""
    from playwright.sync_api import Route, sync_playwright

    def fulfil(route: Route) -> None:
        path = "/" + route.request.url.split("/", 3)[3]
        if path == "/capture/":
            route.fulfill(body=SHELL, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        elif path.startswith("/capture/words/"):
            route.fulfill(body=json.dumps(words_in(Path(path).stem)), content_type="application/json")
        elif path.endswith(".css"):
            route.fulfill(body=(MADE / Path(path).name).read_text(encoding="utf-8"), content_type="text/css")
        elif path.startswith("/static/console/fonts/"):
            route.fulfill(body=(FONTS / Path(path).name).read_bytes(), content_type="font/woff2")
        else:
            route.continue_()

    faults: list[str] = []
    with serving(room) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 844}, service_workers="block", locale="en"
        )
        context.route(re.compile(r".*/(capture/$|capture/words/|static/.*\.css|static/console/).*"), fulfil)
        context.add_init_script(f"localStorage.setItem('capture.language', '{language}')")
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/capture/")
        page.wait_for_selector("h1")
        yield page
        chromium.close()
    assert [one for one in faults if not ONLY_SAID_BY_THE_BROWSER.search(one)] == []


def begun(page: Any) -> None:
    """Make the pass phrase, take the visit along, open it."""
    for number in (0, 1):
        page.locator("input[type=password]").nth(number).fill(PASSPHRASE)
    page.keyboard.press("Enter")
    page.locator(".row .btn").click()
    page.locator(".take .btn").click()
    page.locator("button.row").first.click()
    page.wait_for_selector(".figures")


def menu(page: Any, words: dict[str, str], entry: str) -> None:
    """Go to an entry of the menu, which stands beside the page where there is room."""
    if not page.locator(".side").is_visible():
        page.locator(".bar-more").click()
    shown = page.locator(".side-list:visible").get_by_role("button", name=words[f"menu.{entry}"])
    shown.first.click()


def question(page: Any, code: str) -> None:
    """Find a question by its code, from the overview."""
    page.locator(".search input").fill(code)
    page.locator(".search .row").first.click()
    page.wait_for_selector(".asked")


def every_screen(page: Any, room: Room, words: dict[str, str], look: Callable[[str], None]) -> None:
    """Go through the whole app as somebody does, and look at each screen."""
    look("pass phrase")
    begun(page)
    look("overview")
    question(page, "OSH-1-01")
    page.locator(".found label").nth(1).click()
    page.locator(".question-rests label.chip").nth(0).click()
    page.locator(".question-rests label.chip").nth(2).click()
    for one in page.locator("details.more summary").all():
        one.click()
    look("question")
    page.locator(".bar-back").click()
    question(page, "F-01")
    page.locator(".with-unit input").fill("90000")
    look("fact out of bounds")
    page.locator(".bar-back").click()
    look("overview with something not saved")
    question(page, "F-01")
    page.locator(".with-unit input").fill("900")
    menu(page, words, "interviews")
    page.locator(".head .btn").click()
    page.locator(".vault textarea").fill("Sokha: it is locked.")
    look("interview")
    for entry in ("interviews", "visit", "files", "send", "settings", "help", "captures", "list"):
        menu(page, words, entry)
        look(entry)
    operation = {"about": "question:OSH-1-01", "field": "determination", "value": "compliant", "bases": []}
    room.operations.append(
        {**operation, "id": "0" * 12 + "7" + "0" * 3 + "8" + "0" * 15, "device": PARTNER, "by": PARTNER}
        | {"made": "2026-11-23T05:00:00Z", "number": len(room.operations) + 1}
    )
    menu(page, words, "send")
    page.get_by_role("button", name=words["send.now"], exact=True).click()
    menu(page, words, "conflicts")
    page.wait_for_selector(".side-value")
    look("conflicts")
    page.locator(".bar-concern").click()
    look("concern")
    menu(page, words, "lock")
    page.wait_for_selector("input[type=password]")
    look("locked")


@pytest.mark.capability("P3")
@pytest.mark.parametrize("language", ["en", "km", "ar"])
def test_no_screen_has_a_fault_scrolls_sideways_or_has_something_too_small_to_hit(room: Room, language: str) -> None:
    """On the narrowest phone, a phone, a tablet and a laptop."""
    from axe_playwright_python.sync_playwright import Axe

    axe, faults = Axe(), list[str]()

    def look(name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(100)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{name} scrolls sideways at {width}")
            faults.extend(f"{name} at {width}: {one}" for one in page.evaluate(TOO_SMALL))
            if width == WIDTHS[0]:  # what axe looks at does not differ from the phone's
                continue
            for one in axe.run(page).response["violations"]:
                faults.append(f"{name} at {width}: {one['id']} {[node['html'][:120] for node in one['nodes'][:3]]}")

    with app(room, width=WIDTHS[-1], language=language) as page:
        every_screen(page, room, words_in(language), look)
    assert faults == []


@pytest.mark.capability("P3")
@pytest.mark.parametrize(("language", "onward"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_the_keyboard_reaches_everything_and_never_writes_where_she_types(
    room: Room, language: str, onward: str
) -> None:
    def code(page: Any) -> str:
        return str(page.locator(".place span").first.inner_text())

    def pressed(page: Any, key: str, until: Callable[[], bool]) -> None:
        page.keyboard.press(key)
        for _ in range(50):
            if until():
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{key} did nothing")

    with app(room, width=1280, language=language) as page:
        begun(page)
        pressed(page, "/", lambda: page.evaluate("document.activeElement.id") == "search")
        page.keyboard.press("Escape")
        page.locator(".head .btn").click()
        page.wait_for_selector(".asked")
        first = code(page)
        pressed(page, "2", lambda: page.locator(".found input").nth(1).is_checked())
        pressed(page, "j", lambda: code(page) != first)
        assert page.evaluate("document.activeElement.tagName") == "H1"
        pressed(page, "k", lambda: code(page) == first)
        pressed(page, onward, lambda: code(page) != first)
        pressed(page, "k", lambda: code(page) == first)
        pressed(page, "n", lambda: page.evaluate("document.activeElement.dataset.key") == "note")
        page.keyboard.type("jk 12 ?/c")
        assert page.locator("[data-key=note]").input_value() == "jk 12 ?/c"
        assert code(page) == first
        page.keyboard.press("Escape")
        pressed(page, "l", lambda: page.locator("[data-key=later]").get_attribute("aria-pressed") == "true")
        pressed(page, "c", lambda: page.locator(".bar-concern").count() == 0)
        page.go_back()
        page.wait_for_selector(".asked")
        page.keyboard.press("?")
        page.locator("dialog label.box").click()  # single keys can be turned off
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.wait_for_timeout(300)
        assert code(page) == first


@pytest.mark.capability("C3")
def test_what_is_typed_survives_a_lock_and_a_reload_at_once_and_no_address_tells_of_it(room: Room) -> None:
    with app(room, width=390) as page:
        page.on("dialog", lambda asked: asked.accept())
        begun(page)
        question(page, "OSH-1-02")
        page.locator("[data-key=note]").fill("Chained, both sides.")
        menu(page, words_in("en"), "lock")
        page.locator("input[type=password]").fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_selector(".asked")
        assert page.locator("[data-key=note]").input_value() == "Chained, both sides."
        page.locator("[data-key=note]").fill("Chained, all sides.")
        assert page.locator(".bar-state b").inner_text() == words_in("en")["state.typing"]
        page.reload()
        page.locator("input[type=password]").fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_selector(".figures")
        question(page, "OSH-1-02")
        assert page.locator("[data-key=note]").input_value() == "Chained, all sides."
        assert page.url.endswith("/capture/")
        assert set(page.evaluate("history.state")) == {"depth"}
        assert set(page.evaluate("Object.keys(localStorage)")) <= {"capture.language"}


def shown(page: Any, text: str) -> bool:
    """Whether that text is on the screen, at once or in a moment."""
    from playwright.sync_api import TimeoutError as Late

    try:
        page.get_by_text(text).first.wait_for(timeout=5_000)
    except Late:
        return False
    return True


def test_a_number_that_cannot_be_right_stays_where_she_typed_it_through_leaving_locking_and_a_reload(
    room: Room,
) -> None:
    words = words_in("en")

    def box() -> Any:
        return page.locator(".with-unit input")

    with app(room, width=390) as page:
        page.on("dialog", lambda asked: asked.accept())
        begun(page)
        question(page, "F-01")
        box().fill("90000")
        page.locator(".bar-back").click()
        assert page.locator(".bar-state b").inner_text() == words["state.typing"]
        page.get_by_role("button", name=re.compile(words["list.unsaved"])).click()
        assert page.locator(".row .tag", has_text=words["state.typing"]).count() == 1
        page.locator("button.row", has_text="F-01").click()
        assert box().input_value() == "90000"
        assert shown(page, "From 1 to 50,000."), "it says why"
        assert shown(page, words["wrong.kept"])
        menu(page, words, "lock")
        page.locator("input[type=password]").fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_selector(".asked")
        assert box().input_value() == "90000"
        page.reload()
        page.locator("input[type=password]").fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_selector(".figures")
        menu(page, words, "send")
        page.get_by_role("button", name=words["finish.do"]).click()
        assert shown(page, words["unsaved.note"].replace("{count}", "1")), "before it is removed with the visit"
        page.keyboard.press("Escape")
        menu(page, words, "home")
        question(page, "F-01")
        assert box().input_value() == "90000"
        box().fill("900")
        page.locator(".bar-back").click()
        page.wait_for_selector(".figures")
        assert page.get_by_role("button", name=re.compile(words["list.unsaved"])).count() == 0
        question(page, "F-01")
        assert box().input_value() == "900"
        assert {one["value"] for one in room.operations if one["field"] == "answer"} <= {"900"}


@pytest.mark.capability("C3")
def test_the_screens_say_that_interviews_stay_until_tomorrow_and_send_them_when_she_says_so(room: Room) -> None:
    words = words_in("en")
    with app(room, width=390) as page:
        begun(page)
        menu(page, words, "interviews")
        page.locator(".head .btn").click()
        page.locator(".vault textarea").fill("It is locked.")
        page.locator(".vault textarea").blur()
        menu(page, words, "send")
        page.get_by_role("button", name=words["send.now"], exact=True).click()
        assert shown(page, words["held.title"])
        assert shown(page, words["state.held"].replace("{count}", "1"))
        assert page.locator(".bar-state b").inner_text() == words["state.saved"], "it was not sent, and nobody says so"
        assert room.operations == []
        page.get_by_role("button", name=words["held.send"], exact=True).click()
        page.locator(".bar-state b", has_text=words["state.sent"]).wait_for()
        assert [one["value"] for one in room.operations] == ["It is locked."]
        assert page.get_by_text(words["held.title"]).count() == 0


def test_taking_a_visit_along_tells_how_far_it_is(room: Room) -> None:
    words = words_in("en")
    with app(room, width=390) as page:
        page.evaluate(
            """() => {
                window.told = [];
                const look = () => document.querySelectorAll(".take progress").forEach((one) =>
                    told.push(`${one.value}/${one.max} ${one.nextElementSibling.textContent}`));
                const all = {subtree: true, childList: true, characterData: true};
                new MutationObserver(look).observe(document.body, all);
            }"""
        )
        begun(page)
        told = page.evaluate("told")
        for step, text in ((1, "take.asking"), (3, "take.storing")):
            assert any(one.startswith(f"{step}/3") and words[text] in one for one in told), told
        assert any(one.startswith("2/3") and "kB" in one for one in told), told


def test_the_app_says_that_data_are_simulated_where_the_page_says_so(room: Room) -> None:
    with app(room, width=390, language="km") as page:
        strip = page.locator(".strip")
        assert strip.inner_text().split() == [
            words_in("km")["simulated.word"],
            *words_in("km")["simulated.note"].split(),
        ]
