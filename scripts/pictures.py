"""Pictures of a report to look at: the page on a laptop and a phone and each page of the PDF, in colour and in grey.

    python scripts/pictures.py var/demo/reports/viet-nam [-o var/pictures]

Needs the system's Chromium (CHROMIUM=/path/to/it where it is elsewhere) for the page and pdftoppm
(poppler-utils) for the PDF; says which is missing, makes what it can and ends with status 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

WIDTHS = {"laptop": 1280, "phone": 390}
SLICE = {"laptop": 1500, "phone": 1700}
DEMO = Path("var/demo/reports")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync")


def newest() -> Path | None:
    """The demonstration's report written last."""
    return max((path.parent for path in DEMO.glob("*/index.html")), key=lambda one: one.stat().st_mtime, default=None)


def chromium() -> str | None:
    """Where the system's Chromium is."""
    return os.environ.get("CHROMIUM") or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def page_pictures(report: Path, out: Path) -> list[Path]:
    """The page, whole, cut into slices that a person can look at."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for name, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto((report / "index.html").absolute().as_uri())
            whole = out / f"page-{name}.png"
            page.screenshot(path=whole, full_page=True)
            with Image.open(whole) as picture:
                for number, top in enumerate(range(0, picture.height, SLICE[name]), 1):
                    bottom = min(top + SLICE[name], picture.height)
                    part = out / f"page-{name}-{number:02}.png"
                    picture.crop((0, top, picture.width, bottom)).save(part)
                    made.append(part)
            whole.unlink()
        page = browser.new_page()
        page.goto((report / "index.html").absolute().as_uri())
        page.pdf(path=out / "page-printed.pdf", prefer_css_page_size=True, print_background=False)
        browser.close()
    return made


def pdf_pictures(pdf: Path, out: Path, name: str) -> list[Path]:
    """Each page of a PDF."""
    subprocess.run(["pdftoppm", "-r", "80", "-png", str(pdf), str(out / name)], check=True)
    return sorted(out.glob(f"{name}-*.png"))


def in_grey(pictures: list[Path]) -> None:
    """The same without colour: what a black-and-white printer and some eyes make of it."""
    from PIL import Image

    for path in pictures:
        with Image.open(path) as picture:
            picture.convert("L").save(path.with_name(f"{path.stem}-grey.png"))


def main() -> int:
    """Make the pictures and say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path, nargs="?", help="folder of a report; the newest of the demonstration")
    parser.add_argument("-o", "--output", type=Path, default=Path("var/pictures"))
    given = parser.parse_args()
    report = given.report or newest()
    if report is None or not (report / "index.html").is_file():
        print(f"pictures: no report in {report or DEMO}: make one with betterwork demo", file=sys.stderr)
        return 2
    given.output.mkdir(parents=True, exist_ok=True)
    for old in given.output.glob("*.png"):
        old.unlink()
    pictures, missing = [], []
    if chromium():
        pictures += page_pictures(report, given.output)
    else:
        missing.append("no Chromium found: no pictures of the page")
    if shutil.which("pdftoppm"):
        pictures += pdf_pictures(report / "report.pdf", given.output, "pdf")
        if (given.output / "page-printed.pdf").is_file():
            pictures += pdf_pictures(given.output / "page-printed.pdf", given.output, "printed")
    else:
        missing.append("no pdftoppm found (poppler-utils): no pictures of the PDF")
    in_grey(pictures)
    print(f"{len(pictures)} pictures in {given.output}, each also in grey")
    for line in missing:
        print(f"pictures: {line}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
