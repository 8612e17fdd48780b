"""Bytes as the texts that are in them: also behind gzip, in workbooks and documents, and in mails."""

from __future__ import annotations

import base64
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_TAG = re.compile(r"<[^>]*>")


def texts_in(data: bytes, depth: int = 0) -> Iterator[str]:
    """The texts in some bytes: as they are, decoded, and unpacked, packages in packages up to three deep."""
    if depth > 3:
        return
    if data[:2] == b"\x1f\x8b":
        yield from texts_in(gzip.decompress(data), depth + 1)
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                yield name
                yield from texts_in(package.read(name), depth + 1)
    elif data[:5] == b"%PDF-":
        yield from _texts_of_pdf(data, depth)
    elif data[:1] == b"\x78" and (unpacked := _unpacked(data)):
        yield from texts_in(unpacked, depth + 1)
    else:
        yield from _plain(data, depth)


def texts_of_mail(message: Any) -> Iterator[str]:
    """Everything that goes out with a mail: headers, texts, attachments."""
    yield from (str(message.subject), str(message.body), *map(str, message.extra_headers.values()))
    yield from (*message.to, *message.cc, *message.bcc, *message.reply_to, str(message.from_email))
    for content, _kind in getattr(message, "alternatives", []):
        yield from texts_in(str(content).encode())
    for one in message.attachments:
        name, content = (one[0], one[1]) if isinstance(one, tuple) else ("", one.as_bytes())
        yield str(name)
        yield from texts_in(content if isinstance(content, bytes) else str(content).encode())


def _plain(data: bytes, depth: int) -> Iterator[str]:
    text = data.decode("utf-8", errors="replace")
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text)
    if "<" in text:
        yield _TAG.sub("", text)
    if "\x00" in text:
        yield text.replace("\x00", "")
    for found in _BASE64.findall(data) if depth < 2 else ():
        yield from _of_base64(found, depth)


def _of_base64(found: bytes, depth: int) -> Iterator[str]:
    try:
        data = base64.b64decode(found.translate(bytes.maketrans(b"-_", b"+/")) + b"==")
    except ValueError:
        return
    unpacked = _unpacked(data) if data[:1] == b"\x78" else None
    if unpacked:
        yield from texts_in(unpacked, depth + 2)
    elif all(byte >= 32 or byte in b"\t\r\n" for byte in data[:16]):
        yield data.decode("utf-8", errors="replace")


def _unpacked(data: bytes) -> bytes | None:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return None


def _texts_of_pdf(data: bytes, depth: int) -> Iterator[str]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    yield one.read_bytes().decode("latin-1")
                except pikepdf.PdfError:
                    continue
            elif isinstance(one, pikepdf.Dictionary):
                yield from (str(value) for value in one.values() if isinstance(value, pikepdf.String))
