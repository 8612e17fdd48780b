"""Damage for export files: what disks, editors, transfers and people do to them. All chance comes from the seed."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

Damage = Callable[[bytes, random.Random], bytes]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _flip_bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _delete(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice([1, 1, 2, 7, 80, 900]) :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    pieces = [
        *(b"\0", b"\0" * 300, b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xe2\x80\xa8", b"\xed\xa0\x80"),
        *(b",", b";", b"\r", b"\n", b"\r\n\r\n", b"'", b"\\", b"x" * 200_000, b"=1+1", b"0", b" "),
    ]
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.choice(pieces) + data[start:]


def _quote(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        data = data[:start] + chance.choice([b'"', b'""', b'",', b',"', b'"\n']) + data[start:]
    return data


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _cut_the_beginning(data: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(len(data)) :]


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _swap_lines(data: bytes, chance: random.Random) -> bytes:
    lines = _lines(data)
    for _ in range(chance.randint(1, 10)):
        first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _repeat_lines(data: bytes, chance: random.Random) -> bytes:
    lines = _lines(data)
    for _ in range(chance.randint(1, 10)):
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"".join(lines)


def _join_lines(data: bytes, chance: random.Random) -> bytes:
    lines = _lines(data)
    at = chance.randrange(len(lines))
    lines[at] = lines[at].rstrip(b"\r\n")
    return b"".join(lines)


def _swap_fields(data: bytes, chance: random.Random) -> bytes:
    lines = _lines(data)
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(lines))
        fields = lines[at].split(b",")
        first, second = chance.randrange(len(fields)), chance.randrange(len(fields))
        fields[first], fields[second] = fields[second], fields[first]
        lines[at] = b",".join(fields)
    return b"".join(lines)


def _swap_fields_between_lines(data: bytes, chance: random.Random) -> bytes:
    lines = _lines(data)
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    one, two = lines[first].split(b","), lines[second].split(b",")
    at = chance.randrange(min(len(one), len(two)))
    one[at], two[at] = two[at], one[at]
    lines[first], lines[second] = b",".join(one), b",".join(two)
    return b"".join(lines)


def _nonsense_field(data: bytes, chance: random.Random) -> bytes:
    lines = _lines(data)
    nonsense = [
        "",
        "-1",
        "1e9",
        "9" * 40,
        "31/02/2014",
        "2014-01-01",
        "N/A",
        "TRUE",
        "NaN",
        "១",
        "\u202e",
        "null",
        "a" * 999,
    ]
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(lines))
        fields = lines[at].split(b",")
        fields[chance.randrange(len(fields))] = chance.choice(nonsense).encode()
        lines[at] = b",".join(fields)
    return b"".join(lines)


DAMAGES: tuple[Damage, ...] = (
    _flip, _flip_bits, _delete, _insert, _quote, _truncate, _cut_the_beginning, _swap_lines, _repeat_lines, _join_lines,
    _swap_fields, _swap_fields_between_lines, _nonsense_field,
)  # fmt: skip


BYTES_ONLY = 7
"""The first so many kinds of damage need no lines of text."""


def damaged(name: str, data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """One file with one to three kinds of damage, and what they were. Half of the workbooks are damaged inside."""
    if name.endswith(".xlsx") and chance.random() < 0.5:
        return _damaged_inside(data, chance)
    damages = DAMAGES if data[1:2].isalpha() and name.endswith(".csv") else DAMAGES[:BYTES_ONLY]
    chosen = [chance.choice(damages) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
    for damage in chosen:
        data = damage(data, chance) if data else data
    return data, ", ".join(damage.__name__.strip("_").replace("_", " ") for damage in chosen)


def _damaged_inside(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """A workbook that is a sound archive of a damaged part."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        parts = old.namelist()
        chosen = chance.choice([*parts, *["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"] * 5])
        damage = chance.choice([*DAMAGES[:BYTES_ONLY], _other_digits, _other_digits])
        for part in parts:
            content = old.read(part)
            new.writestr(part, damage(content, chance) if part == chosen and content else content)
    return written.getvalue(), f"{damage.__name__.strip('_')} inside {chosen}"


def _other_digits(data: bytes, chance: random.Random) -> bytes:
    """Numbers of the XML changed: the places of cells, indices of shared texts, types and styles."""
    changed = bytearray(data)
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    for at in chance.sample(digits, min(len(digits), chance.randint(1, 30))):
        changed[at] = chance.choice(b"0123456789")
    return bytes(changed)
