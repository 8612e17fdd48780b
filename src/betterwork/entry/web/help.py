"""The documentation, as pages of the platform."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.doors.pages import page, page_render
from betterwork.foundation.doors.policy import EVERYBODY_MAY

DOCS = Path(__file__).parents[1] / "docs"
"""A link to the repository's ``docs``, which a built package holds as a copy."""
SECTIONS = {
    "tutorial": _("To begin with"),
    "how-to": _("How to do it"),
    "reference": _("To look up"),
    "explanation": _("Why it is so"),
    "algorithms": _("How each figure is made"),
    "decisions": _("What was decided, and why"),
}
READERS = {
    "everybody": _("For everybody"),
    "staff": _("For staff of the programme"),
    "running": _("For those who run the platform, or build on it"),
}
FOR: dict[str, dict[str, str]] = {
    "everybody": {
        "how-to": "sign-in read-the-evidence",
        "reference": "glossary",
        "explanation": "notices releases synthesis-report what-is-kept-of-a-person who-decides",
        "algorithms": "*",
    },
    "running": {
        "how-to": "back-up-and-restore change-the-look compute-on-spark keep-the-vault receive-webhooks rotate-keys "
        "run-jobs translate use-postgresql use-the-api verify-the-ledger",
        "reference": "access-matrix capabilities commands dependencies evidence-tables settings",
        "explanation": "audiences backup demonstration-data events-and-jobs evidence-store files "
        "how-secrets-are-tested ledger translations trust vault",
        "algorithms": "document-digest ledger-chain",
        "decisions": "*",
    },
}
"""reader → section → its pages, ``*`` for the others of the section. What stands nowhere here is for staff."""
_NAME = re.compile(r"[a-z0-9][a-z0-9/-]{0,150}")  # a longer one the disk would refuse with an error


@page(EVERYBODY_MAY, audience=PUBLIC)
def help_start(request: HttpRequest) -> HttpResponse:
    """Where help begins: every page by who reads it."""
    return page_render(request, "entry/help.html", {"sections": sections(), "body": "", "name": ""})


@page(EVERYBODY_MAY, audience=PUBLIC)
def help_page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the documentation."""
    path = DOCS / f"{name.strip('/')}.md"
    if not _NAME.fullmatch(name.strip("/")) or not path.is_file():
        raise Http404
    title, body = rendered(path, name.strip("/"))
    values = {"title": title, "body": mark_safe(body), "sections": sections(), "name": name}  # noqa: S308 - ours
    return page_render(request, "entry/help.html", values)


@cache
def sections() -> list[tuple[Any, list[tuple[Any, list[tuple[str, str]]]]]]:
    """(reader in words, [(section in words, [(name, title)])]) of all pages."""
    found: dict[str, list[tuple[Any, list[tuple[str, str]]]]] = {reader: [] for reader in READERS}
    for section, words in SECTIONS.items():
        pages = [one for one in sorted((DOCS / section).glob("*.md")) if one.stem != "README"]
        for reader, parts in found.items():
            own = [(f"{section}/{one.stem}", title_of(one)) for one in pages if _reader(section, one.stem) == reader]
            if own:
                parts.append((words, own))
    return [(READERS[reader], parts) for reader, parts in found.items() if parts]


def _reader(section: str, page: str) -> str:
    named = [reader for reader, pages in FOR.items() if page in pages.get(section, "").split()]
    others = [reader for reader, pages in FOR.items() if pages.get(section) == "*"]
    return next(iter(named + others), "staff")


def title_of(path: Path) -> str:
    """The first heading of a page."""
    with path.open(encoding="utf-8") as file:
        return next((line.lstrip("# ").strip() for line in file if line.startswith("#")), path.stem)


@cache
def rendered(path: Path, name: str) -> tuple[str, str]:
    """(title, body as HTML without the title). Links between pages lead to help; raw HTML stays text."""
    tokens: list[Token] = (parser := MarkdownIt("commonmark", {"html": False}).enable("table")).parse(
        path.read_text(encoding="utf-8")
    )
    title = path.stem
    if tokens and tokens[0].type == "heading_open":
        title, tokens = tokens[1].content.replace("`", ""), tokens[3:]
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrSet("href", _href(str(child.attrGet("href") or ""), name))
    options: Any = parser.options
    return title, str(parser.renderer.render(tokens, options, {}))


def _href(href: str, name: str) -> str:
    """A link of a page, as it works among the pages of help."""
    target, hash_mark, part = href.partition("#")
    if ":" in target or not target.endswith(".md"):
        return href
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), target)).removesuffix(".md")
    return f"/help/{joined}/{hash_mark}{part}" if not joined.startswith("..") else "/help/"
