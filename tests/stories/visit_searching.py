"""Searching the profile folder of a browser byte by byte: every file as it lies there, and unpacked where it is packed.

A browser packs much of what it keeps. Its databases are tables of LevelDB, whose blocks are pressed with Snappy and
whose keys leave out what they share with the key before; their journals are cut into pages; what a page keeps may be
pressed once more; what was fetched lies as it came over the line, pressed with gzip; other things lie in SQLite, where
a long text is spread over pages. A text in any of these would not be found by looking at the bytes of the file alone.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

TABLE_ENDS = bytes.fromhex("57fb808b247547db")
"""The last bytes of a table of LevelDB."""
PRESSED_VALUE = b"\xff\x11\x02"
"""Before a value that Chromium pressed with Snappy before it gave it to its database."""
SQLITE_BEGINS, GZIP_BEGINS = b"SQLite format 3\0", b"\x1f\x8b\x08"
PAGE, PAGE_HEAD = 32_768, 7
MOST = 64 * 1024 * 1024
"""Nothing in a profile is larger once unpacked: a larger length was read where none stands."""


class Damaged(ValueError):
    """These bytes are not what they were taken for."""


def rare(text: str) -> str:
    """The word of a sentence that stands nowhere else: what kept only a part of it is found too."""
    return max(text.split(), key=len)


def written_as(text: str) -> Iterator[bytes]:
    """The ways in which a browser may write a text: as it is, wide, escaped, and in base64 however it falls."""
    for plain in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield plain
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + plain)
            whole = coded[-(-shift * 4 // 3) : len(coded) - 4]  # without what its neighbours have a part in
            yield whole
            yield whole.replace(b"+", b"-").replace(b"/", b"_")
    yield json.dumps(text).strip('"').encode()


def found_in(folder: Path, texts: Iterable[str], *, pieces: Iterable[bytes] = ()) -> list[str]:
    """Every text (or piece of a file) that lies in a file of the folder, with that file; names are looked at too."""
    wanted = [(repr(text), form) for text in texts for form in {*written_as(text)}]
    wanted += [(f"a piece of a file, {piece[:8].hex()}…", piece) for piece in pieces]
    assert wanted and min(len(form) for _told, form in wanted) >= 8, "so short a text stands in any noise"
    found = set()
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        with suppress(FileNotFoundError):
            where = path.relative_to(folder)
            for content in (str(where).encode(), *unpacked(path)):
                found |= {f"{told} in {where}" for told, form in wanted if form in content}
    return sorted(found)


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a file as they lie there, and whatever can be unpacked out of them."""
    raw = path.read_bytes()
    parts = [raw]
    if raw[-8:] == TABLE_ENDS:
        parts += table_entries(raw)
    if path.suffix == ".log" or path.name.startswith("MANIFEST-"):
        parts.append(journal_joined(raw))
    if raw.startswith(SQLITE_BEGINS):
        parts.append(sqlite_cells(path))
    for part in parts:
        yield part
        yield from _each(part, PRESSED_VALUE, lambda at, part=part: snappy_unpacked(part[at + 3 :]))
        yield from _each(part, GZIP_BEGINS, lambda at, part=part: zlib.decompressobj(wbits=31).decompress(part[at:]))


def _each(content: bytes, begins: bytes, unpack: Callable[[int], bytes]) -> Iterator[bytes]:
    at = content.find(begins)
    while at >= 0:
        with suppress(Damaged, zlib.error):
            yield unpack(at)
        at = content.find(begins, at + 1)


def table_entries(raw: bytes) -> Iterator[bytes]:
    """Keys and values of a table of LevelDB, whole: its index is read, and each block it names is unpacked."""
    with suppress(IndexError):
        at = len(raw) - 48
        for _skipped in range(2):
            at = _number(raw, at)[1]
        offset, at = _number(raw, at)
        size, at = _number(raw, at)
        for _key, handle in _block_entries(_block(raw, offset, size)):
            offset, after = _number(handle, 0)
            for key, value in _block_entries(_block(raw, offset, _number(handle, after)[0])):
                yield key + b"\0" + value


def _block(raw: bytes, offset: int, size: int) -> bytes:
    held, kind = raw[offset : offset + size], raw[offset + size]
    if kind == 1:
        return snappy_unpacked(held)
    assert kind == 0, f"a block is packed in a way that this search does not know: {kind}"
    return held


def _block_entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little")
    at, key = 0, b""
    while at < end:
        shared, at = _number(block, at)
        own, at = _number(block, at)
        size, at = _number(block, at)
        key, at = key[:shared] + block[at : at + own], at + own
        yield key, block[at : at + size]
        at += size


def _number(raw: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    found = shift = 0
    while True:
        byte = raw[at]
        found, at, shift = found | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return found, at
        if shift > 63:
            raise Damaged("no number stands here")


def snappy_unpacked(packed: bytes) -> bytes:
    """What Snappy pressed; what follows it is not looked at. Raises Damaged."""
    try:
        size, at = _number(packed, 0)
        if size > MOST:
            raise Damaged("no length stands here")
        made = bytearray()
        while len(made) < size:
            tag, at = packed[at], at + 1
            kind, length = tag & 3, (tag >> 2) + 1
            if kind == 0:
                if length > 60:
                    more = length - 60
                    length, at = int.from_bytes(packed[at : at + more], "little") + 1, at + more
                if length > len(packed) - at:
                    raise Damaged("less stands here than was said")
                made += packed[at : at + length]
                at += length
                continue
            if kind == 1:
                length, back, at = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | packed[at], at + 1
            else:
                wide = 2 if kind == 2 else 4
                back, at = int.from_bytes(packed[at : at + wide], "little"), at + wide
            if not 0 < back <= len(made):
                raise Damaged("it points before its beginning")
            part = bytes(made[-back:])
            made += (part * (length // back + 1))[:length]
    except IndexError as error:
        raise Damaged("it ends too early") from error
    return bytes(made)


def journal_joined(raw: bytes) -> bytes:
    """The records of a journal of LevelDB one after the other, without the heads that cut a record into pieces."""
    made = bytearray()
    for start in range(0, len(raw), PAGE):
        page, at = raw[start : start + PAGE], 0
        while at + PAGE_HEAD <= len(page):
            size, kind = int.from_bytes(page[at + 4 : at + 6], "little"), page[at + 6]
            if not 1 <= kind <= 4:
                break
            made += page[at + PAGE_HEAD : at + PAGE_HEAD + size]
            at += PAGE_HEAD + size
    return bytes(made)


def sqlite_cells(path: Path) -> bytes:
    """Everything in the tables of a database of SQLite, each text and each run of bytes whole."""
    made = bytearray()
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
        database.text_factory = bytes
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            with suppress(sqlite3.Error):
                for row in database.execute(f'select * from "{name.decode()}"'):
                    for cell in row:
                        made += (cell if isinstance(cell, bytes) else str(cell).encode()) + b"\0"
    return bytes(made)
