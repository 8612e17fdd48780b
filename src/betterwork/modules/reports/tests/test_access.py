"""The report for people who read with a keyboard, a screen reader, a phone or on paper."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

pytestmark = pytest.mark.capability("I3")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (set CHROMIUM=/path/to/it)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@needs_chromium
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(browser: Any, folder: Path, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=True)
    page.goto((folder / "index.html").absolute().as_uri())
    found = Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    page.close()


@needs_chromium
def test_the_first_stop_of_the_keyboard_leads_to_the_report(browser: Any, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.html").absolute().as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


@needs_chromium
def test_every_printed_sheet_says_that_data_are_simulated(browser: Any, folder: Path, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine (poppler-utils)")
    page = browser.new_page()
    page.goto((folder / "index.html").absolute().as_uri())
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    page.close()
    text = os.popen(f"pdftotext -layout '{tmp_path / 'printed.pdf'}' -").read()
    sheets = text.rstrip("\f\n").split("\f")
    assert len(sheets) > 8
    assert [number for number, sheet in enumerate(sheets, 1) if "SIMULATED DATA" not in sheet] == []


def test_the_pdf_passes_a_pdf_ua_check(folder: Path) -> None:
    import page as checker

    report = checker.validate_pdf(folder / "report.pdf", profile=checker.ValidationProfile.PDF_UA_1)
    assert report.rules.total > 0
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def test_the_check_does_refuse_a_pdf_without_tags(folder: Path, tmp_path: Path) -> None:
    import page as checker

    with pikepdf.open(folder / "report.pdf") as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.MarkInfo
        pdf.save(tmp_path / "bare.pdf")
    assert not checker.is_pdf_compliant(tmp_path / "bare.pdf", profile="ua1")


def test_the_pdf_has_title_language_headings_tables_and_texts_for_its_charts(folder: Path) -> None:
    with pikepdf.open(folder / "report.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Viet Nam: compliance synthesis report, February 2014 to February 2015"
            assert metadata["pdfuaid:part"] == "1"
        elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") is not None]
    kinds = [str(one.get("/S")) for one in elements]
    assert kinds.count("/Table") >= 20 and kinds.count("/TH") >= 60
    assert kinds.count("/H1") >= 9 and kinds.count("/H2") >= 8
    figures = [one for one in elements if str(one.get("/S")) == "/Figure"]
    assert len(figures) >= 7
