"""What the console serves is made from the sources of today, stands alone, and turns with the language."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils import translation

ROOM = Path(__file__).parents[1]
STATIC = ROOM / "static" / "console"
TEMPLATES = ROOM / "templates"
FRONTEND = ROOM.parents[3] / "frontend"
CSS = (STATIC / "console.css").read_text(encoding="utf-8")
ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))


def digest_of_sources(frontend: Path) -> str:
    """As build.mjs computes it: the name and content of each source, in the order of names."""
    names = ["build.mjs", "package.json", "package-lock.json"]
    names += [f"scss/{path.name}" for path in (frontend / "scss").iterdir()]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (frontend / name).read_bytes() + b"\n")
    return digest.hexdigest()


def test_the_committed_files_were_made_from_the_sources_of_today() -> None:
    today = digest_of_sources(FRONTEND)
    said = (STATIC / "made-from.txt").read_text(encoding="utf-8").strip()
    assert said == today, "frontend/ changed since the stylesheet was made: run `make styles` and commit the result"
    assert f"Made from {today}" in CSS.splitlines()[0]


def test_the_stylesheet_asks_for_files_that_are_there_and_for_nothing_from_elsewhere() -> None:
    asked = set(re.findall(r'url\("?((?!data:)[^")]+)', CSS))
    assert {one.removeprefix("fonts/") for one in asked} == {path.name for path in (STATIC / "fonts").iterdir()}
    assert "@import" not in CSS
    assert set(re.findall(r"https?://[^/'\" )]+", CSS)) <= {"http://www.w3.org"}


def test_every_script_of_the_languages_has_its_font() -> None:
    for character in "aéőếកকع":
        assert any(_in_ranges(character, ranges) for ranges in re.findall(r"unicode-range:([^}]+)}", CSS)), character


def _in_ranges(character: str, ranges: str) -> bool:
    for one in ranges.split(","):
        first, _, last = one.strip().removeprefix("U+").partition("-")
        if int(first, 16) <= ord(character) <= int(last or first, 16):
            return True
    return False


def test_the_stylesheet_is_small() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) < 30_000


def test_the_stylesheet_knows_no_left_and_no_right() -> None:
    rules = re.sub(r'\[dir="?rtl"?\][^{]*\{[^}]*\}|background-position:[^;}]+|url\("data:[^"]*"\)', "", CSS)
    found = re.findall(
        r"(?:margin|padding|border|inset|scroll-margin)-(?:left|right)|[;{](?:left|right):|:(?:left|right)[;}]", rules
    )
    assert not found


def test_versions_are_exact_and_the_lock_names_no_place() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
    assert "resolved" not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")


def test_what_is_included_is_named_with_its_version_and_licence() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    provenance = (STATIC / "README.md").read_text(encoding="utf-8")
    for name, version in package["devDependencies"].items():
        assert re.search(rf"\| `{re.escape(name)}` \| {re.escape(version)} \| [A-Z][\w.-]+ \|", provenance), name
        if name != "sass":  # makes the stylesheet, is not in it
            assert (STATIC / "licences" / f"{name.replace('@', '').replace('/', '-')}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_holds_nothing_that_the_content_security_policy_forbids(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for forbidden in (r"\sstyle=", r"<style", r"<script(?![^>]*\ssrc=)", r"\son[a-z]+=", r"hx-on", r"javascript:"):
        assert not re.search(forbidden, source, re.IGNORECASE), forbidden
    assert not re.search(r"hx-trigger=\"[^\"]*\[", source), "filters of hx-trigger are evaluated, which is forbidden"


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    sources = "".join(path.read_text(encoding="utf-8") for path in ALL_TEMPLATES)
    asked = set(re.findall(r'<c-icon name="([a-z]+)"', sources)) | set(re.findall(r'icons\.svg" %}#([a-z]+)', sources))
    assert asked
    assert asked <= there


@pytest.mark.parametrize("status", ["400", "403", "404", "500", "503"])
def test_an_error_page_renders_without_database_and_context_and_says_what_to_do_now(status: str) -> None:
    with translation.override("ar"):
        made = get_template(f"{status}.html").render()
    assert made.count("<h1>") == 1
    assert '<html lang="ar" dir="rtl">' in made
    assert made.count("<p>") >= 2
    assert 'href="/"' in made


def test_an_error_page_renders_when_the_static_files_were_never_collected(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    assert "/static/console/console.css" in get_template("500.html").render()
