"""Walking through every page that links lead to: axe, narrow screens, scripts off.

Pages are found by following links, one of each kind, so that a page added later is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from conftest import EVERYTHING
from django.urls import Resolver404, resolve

from tests.stories.conftest import Visit
from tests.stories.instance import Instance

WHO = ["geneva", "advisor.vietnam", *(["leader.vietnam", "factory"] if EVERYTHING else []), ""]
NARROW = 320
NO_PAGES = {"account_logout", "capture:app"}
"""Signing out would end the walk; the app for visits is no page of the console and has screens and tests of its own."""
REACHED = {
    "geneva": {"visits:due", "visits:plan", "visits:visit", "visits:change", "visits:services", "capture:progress"},
    "advisor.vietnam": {"visits:calendar", "visits:time", "capture:capture", "capture:answers", "capture:conflicts",
                        "capture:device_lost", "alerts:raise", "alerts:concern"},
    "leader.vietnam": {"visits:plans", "visits:accept", "visits:new", "alerts:concern", "alerts:step", "alerts:named"},
}  # fmt: skip
"""What must be among the pages of some, so that a page without a link to it is missed."""


def pages_of(page: Any, begin: str) -> Iterator[str]:
    """The addresses of one page of each kind that links lead to, from the page ``begin`` on."""
    waiting, seen = [begin], set()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(urlsplit(address).path)
        if kind is None or kind in seen or kind in NO_PAGES:
            continue
        seen.add(kind)
        yield address
        for href in page.evaluate("[...document.querySelectorAll('a[href]')].map(one => one.href)"):
            parts = urlsplit(href)
            if parts.netloc == urlsplit(page.url).netloc and "format=csv" not in parts.query:
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def kind_of(path: str) -> str | None:
    """The name of the URL; None where there is no page."""
    try:
        return str(resolve(path).view_name)
    except Resolver404:
        return None


def walked(visit: Visit, instance: Instance, word: str, language: str, *, without_scripts: bool) -> None:
    """Assert of every kind of page somebody of the cast gets to that everybody can use it."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit(word)
    if word == "advisor.vietnam":
        concern_raise(page)
    plain = page.context.browser.new_context(base_url=instance.url, java_script_enabled=False)
    for context in (page.context, plain):
        context.add_cookies([{"name": "django_language", "value": language, "url": instance.url}])
    plain.add_cookies([one for one in page.context.cookies() if one["name"] == "sessionid"])
    without = plain.new_page()
    faults, kinds = [], set()
    for path in pages_of(page, "/" if word else "/account/login/"):
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = opened(page, path)
        if answer is None:
            continue
        faults += [f"{path}: {fault}" for fault in faults_of(page, answer, language, Axe())]
        if without_scripts:
            without.goto(path)
            if without.locator("h1").all_inner_texts() != page.locator("h1").all_inner_texts():
                faults.append(f"{path}: another page without scripts")
        kinds.add(kind_of(urlsplit(path).path))
    plain.close()
    assert not faults, "\n".join(faults)
    assert len(kinds) > (15 if word == "geneva" else 3)
    assert REACHED.get(word, set()) - kinds == set()


def concern_raise(page: Any) -> None:
    """Raise a concern, so that there is one whose pages can be looked at: by her, and by who answers it."""
    page.goto("/concerns/raise/VN/")
    page.locator("input[name=kind]").first.check()
    page.locator("input[name=certainty]").first.check()
    page.fill("textarea[name=words]", "SIMULATED: two of four exits are locked while people work.")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def opened(page: Any, path: str) -> Any:
    """The answer; None for a file that is taken away rather than shown."""
    from playwright.sync_api import Error

    try:
        return page.goto(path)
    except Error as error:
        if "Download is starting" in str(error):
            return None
        raise


def faults_of(page: Any, answer: Any, language: str, axe: Any) -> list[str]:
    """What is wrong with the page that is open now."""
    found = [] if answer.status == 200 else [f"answers {answer.status}"]
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} headings of the first level")
    direction = "rtl" if language == "ar" else "ltr"
    if page.locator("html").get_attribute("dir") != direction:
        found.append(f"is not {direction}")
    for one in axe.run(page).response["violations"]:
        found.append(f"{one['id']}: {one['nodes'][0]['html'][:160]}")
    page.set_viewport_size({"width": NARROW, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > NARROW:
        found.append(f"is {wide} wide on a screen of {NARROW}")
    return found
