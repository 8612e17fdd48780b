"""Stories in a browser: an instance that is really served, and the people of the demonstration."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from betterwork.entry.demonstration.sign_ins import DOMAIN, PASS_PHRASE
from tests.stories.instance import Instance, home_make, served

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated home: made once for all stories of this run, also where several workers tell them."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (set CHROMIUM=/path/to/it)")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "home-of-the-stories"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.with_suffix(".made").exists():
            home_make(made)
            made.with_suffix(".made").touch()
    return made


@pytest.fixture(scope="module")
def instance(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A simulated instance, served; one for all stories of a file, in a home of its own."""
    mine = tmp_path_factory.mktemp("story") / "home"
    shutil.copytree(home, mine)
    with served(mine, make=False) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


Visit = Callable[..., Any]


@pytest.fixture
def visit(instance: Instance, browser: Any) -> Iterator[Visit]:
    """Open a window of its own; with a word of the cast, signed in as her. Faults of the console fail the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def opened(word: str = "", *, width: int = 1280, scripts: bool = True, language: str = "en") -> Any:
        context = browser.new_context(
            base_url=instance.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale=language,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if word:
            sign_in(page, instance, word)
        return page

    yield opened
    for context in contexts:
        context.close()
    # The browser itself writes one for each page that is not there, which stories ask for on purpose.
    assert [one for one in faults if not re.search("status of 4(04|10)", one)] == []


_CODES: dict[tuple[str, str], str] = {}
"""By instance and person: the homes are copies, so that codes of two instances are the same."""


def sign_in(page: Any, instance: Instance, word: str) -> None:
    """Sign in with the pass phrase and, where it is asked for, the code from her app."""
    page.goto("/account/login/")
    page.fill("input[name=login]", f"{word}@{DOMAIN}")
    page.fill("input[name=password]", PASS_PHRASE)
    page.click("main form button[type=submit] >> nth=0")
    if "/2fa/authenticate" in page.url:
        page.fill("input[name=code]", fresh_code(page, instance, word))
        page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url(f"{instance.url}/")


def fresh_code(page: Any, instance: Instance, word: str) -> str:
    """A code that was not used before in these stories: a code counts once."""
    code = instance.code(word)
    while _CODES.get((instance.url, word)) == code:
        page.wait_for_timeout(1_000)
        code = instance.code(word)
    _CODES[instance.url, word] = code
    return code


def shown(page: Any) -> str:
    """The words of the page's content."""
    return str(page.locator("main").inner_text())
