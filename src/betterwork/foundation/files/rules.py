"""What a file may be: the kinds that are taken, how large, how it is named. Nothing here opens one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
PDF = "application/pdf"
TEXT, CSV = "text/plain", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ENDINGS = {
    JPEG: "jpg",
    PNG: "png",
    GIF: "gif",
    WEBP: "webp",
    PDF: "pdf",
    TEXT: "txt",
    CSV: "csv",
    XLSX: "xlsx",
    DOCX: "docx",
}
"""The kinds of file that are taken, and how the name of each ends when it is given back."""
PICTURES = frozenset({JPEG, PNG, GIF, WEBP})
"""What a page may show in place; everything else is only ever saved."""

MOST_PIXELS = 60_000_000
"""Of all frames of a picture together: a telephone makes 12 to 50 million."""
MOST_FRAMES = 500
MOST_PARTS = 5_000
"""Parts of a workbook or document."""
MOST_UNPACKED = 200_000_000
"""Bytes that a workbook, a document or one stream of a PDF may unpack to."""
MOST_RATIO = 300
"""How many times its size one part may unpack to, where it is large; honest tables stay below 50."""
MOST_OBJECTS = 300_000
"""Objects of a PDF."""
LONGEST_NAME = 150

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<?php", "{\\rtf", "%!ps", "#!")


@dataclass(frozen=True, slots=True)
class Clean:
    """A file as it will be stored: its kind and its bytes, without what said who made it, where and with what."""

    media_type: str
    data: bytes


def name_clean(name: str, media_type: str) -> str:
    """The name a person gave, fit to be given back: no folders, no invisible signs, the ending of its real kind.

    Signs that turn the direction of writing go too: they let ``fdp.exe`` read as a PDF.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" or sign in "\u200c\u200d")
    stem = " ".join(kept.replace('"', "'").split()).strip(". ")
    ending = ENDINGS[media_type]
    if "." in stem and re.fullmatch(r"[A-Za-z0-9]{1,8}", stem.rpartition(".")[2]):
        stem = stem.rpartition(".")[0].strip(". ")
    return f"{stem[:LONGEST_NAME] or 'file'}.{ending}"


def path_of(digest: str, *, encrypted: bool) -> str:
    """Where the bytes with this digest lie in the storage; those under a key have a name of their own."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}{'.sealed' if encrypted else ''}"


def digest_in(path: str) -> str | None:
    """The digest whose bytes lie at a path of the storage; None for a path that is not one of ours."""
    name = path.rpartition("/")[2].removesuffix(".sealed")
    ours = re.fullmatch(r"[0-9a-f]{64}", name) and path in (
        path_of(name, encrypted=False),
        path_of(name, encrypted=True),
    )
    return name if ours else None


def text_is_plain(text: str) -> bool:
    """Whether a text is one for reading: no control signs of a program, not a page, a drawing or a script."""
    return not _CONTROL.search(text) and not text.lstrip().lower().startswith(_MARKUP)


def text_is_table(lines: list[str]) -> bool:
    """Whether the first lines of a text are rows of one width (two columns or more) with one sign between."""
    rows = [line for line in lines if line.strip()]
    return len(rows) > 1 and any(
        rows[0].count(sign) > 0 and len({_unquoted(row).count(sign) for row in rows}) == 1 for sign in ",;\t"
    )


def part_is_bomb(*, packed: int, unpacked: int) -> bool:
    """Whether one part of a packed file unpacks to more than any honest one."""
    return unpacked > MOST_UNPACKED or (unpacked > 1_000_000 and unpacked > packed * MOST_RATIO)


def _unquoted(row: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', "", row)
