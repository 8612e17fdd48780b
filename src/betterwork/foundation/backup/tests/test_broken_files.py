"""A backup that is not whole is refused in one line, before anything is touched."""

from __future__ import annotations

import io
import random
import tarfile
from pathlib import Path
from typing import Any

import pytest
from conftest import HEAVY

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup import envelope, rules, taking
from betterwork.foundation.backup.archive import Writer
from betterwork.foundation.backup.envelope import BLOCK, GZIP_HEAD, PlainSink, SealedSink, source_open
from betterwork.foundation.backup.reading import backup_read
from betterwork.foundation.backup.rules import BadBackup
from betterwork.foundation.backup.services import backup_check
from betterwork.foundation.backup.snapshots import Snapshot
from betterwork.foundation.backup.tests.instances import KEY, Instance, backed_up, entered, restored, silent
from betterwork.foundation.ledger.keys import WrongKey

pytestmark = pytest.mark.capability("P2")
CHANGES = 400 if HEAVY else 40


def read(data: bytes, key: bytes | None) -> None:
    backup_read(io.BytesIO(data), key)


def one_line(error: BaseException) -> str:
    assert isinstance(error, BetterWorkError)
    assert "\n" not in str(error)
    return str(error)


@pytest.mark.parametrize("form", ["plain", "sealed"])
def test_one_changed_byte_is_found_wherever_it_is(taken: dict[str, Any], form: str) -> None:
    data, key = taken[form].read_bytes(), KEY if form == "sealed" else None
    read(data, key)
    chance = random.Random(7)
    places = [*range(0, 300, 7), *range(len(data) - 200, len(data), 7)]
    places += [chance.randrange(len(data)) for _each in range(CHANGES)]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(BetterWorkError) as found:
            read(bytes(changed), key)
        one_line(found.value)


@pytest.mark.parametrize("form", ["plain", "sealed"])
def test_a_backup_that_is_cut_off_or_goes_on_is_found(taken: dict[str, Any], form: str) -> None:
    data, key = taken[form].read_bytes(), KEY if form == "sealed" else None
    chance = random.Random(8)
    for length in [0, 1, 11, 200, len(data) - 1, *(chance.randrange(len(data)) for _each in range(20))]:
        with pytest.raises(BetterWorkError) as found:
            read(data[:length], key)
        one_line(found.value)
    with pytest.raises(BadBackup):
        read(data + b"\0", key)


def test_a_sealed_backup_cut_between_two_pieces_is_found() -> None:
    out = io.BytesIO()
    sink = SealedSink(out, KEY)
    sink.write(b"x" * (3 * BLOCK + 5))
    sink.close()
    header = out.getvalue().index(b"\n") + 1
    piece = BLOCK + 16
    data = out.getvalue()
    pieces = [data[header + n * piece : header + (n + 1) * piece] for n in range(4)]

    def opened(*parts: bytes) -> int:
        source, total = source_open(io.BytesIO(data[:header] + b"".join(parts)), KEY), 0
        while found := source.read(BLOCK):
            total += len(found)
        return total

    assert opened(*pieces) == 3 * BLOCK + 5
    for wrong in (pieces[:3], pieces[:1], [], [*pieces, pieces[3]], [pieces[1], pieces[0], *pieces[2:]], pieces[1:]):
        with pytest.raises(BadBackup):
            opened(*wrong)


def test_a_wrong_key_no_key_and_no_backup_are_told_apart(taken: dict[str, Any], tmp_path: Path) -> None:
    sealed = taken["sealed"].read_bytes()
    with pytest.raises(WrongKey, match="not the key of this backup") as found:
        read(sealed, bytes(32))
    one_line(found.value)
    with pytest.raises(BadBackup, match="under a key"):
        read(sealed, None)
    for data in (b"", b"PK\x03\x04 something else", GZIP_HEAD, b"SQLite format 3\0" * 10):
        with pytest.raises(BadBackup) as found:
            read(data, None)
        one_line(found.value)


def test_a_later_format_is_refused(source: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(source.copied(tmp_path / "copy")):
        for module in (taking, envelope):
            monkeypatch.setattr(module, "VERSION", 2)
        backed_up(tmp_path / "plain")
        backed_up(tmp_path / "sealed", KEY)
        monkeypatch.undo()
        for name, key in (("plain", None), ("sealed", KEY)):
            with pytest.raises(BadBackup, match="has format 2"):
                backup_check(path=tmp_path / name, key=key, progress=silent)


def test_a_backup_of_a_later_program_is_refused(
    source: Instance, empty: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = Snapshot.migrations

    def later(shot: Snapshot) -> dict[str, list[tuple[str, str]]]:
        return {name: [*rows, ("people", "9999_of_next_year")] for name, rows in now(shot).items()}

    with entered(source.copied(tmp_path / "copy")):
        monkeypatch.setattr(Snapshot, "migrations", later)
        backed_up(tmp_path / "later")
    with entered(empty):
        with pytest.raises(BadBackup, match="people 9999_of_next_year"):
            restored(tmp_path / "later")
        assert list(empty.home.iterdir()) == []


def rewritten(data: bytes, change: dict[str, bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """A plain backup whose outside holds, and whose members somebody changed."""
    out = io.BytesIO()
    writer = Writer(PlainSink(out))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            found = change.get(member.name, content.read())
            if found is not None:
                writer.add(member.name, found)
    for name, found in (more or {}).items():
        writer.add(name, found)
    writer.close()
    return out.getvalue()


def test_members_are_held_against_the_manifest(taken: dict[str, Any]) -> None:
    data = taken["plain"].read_bytes()
    read(rewritten(data, {}), None)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        stored = next(name for name in tar.getnames() if name.startswith("files/"))
    persons = "tables/default/people_person/000001.jsonl"
    for change in ({persons: b"[]\n"}, {persons: None}, {stored: b"other"}, {stored: None}, {"manifest.json": b"{}"}):
        with pytest.raises(BadBackup) as found:
            read(rewritten(data, change), None)
        one_line(found.value)
    for name in ("after.txt", "files/../../etc/passwd"):
        with pytest.raises(BadBackup):
            read(rewritten(data, {}, {name: b""}), None)
    with pytest.raises(BadBackup, match="no end"):
        read(rewritten(data, {"manifest.json": None}), None)


def test_a_file_that_leads_out_of_the_home_is_refused(tmp_path: Path) -> None:
    from betterwork.foundation.backup.folders import kept_path

    assert kept_path(tmp_path, "a/b%20c") == tmp_path / "a" / "b c"
    for name in ("../x", "%2e%2e/x", "/etc/x", "a/%2e%2e/%2e%2e/x", "keys/x", "betterwork.sqlite3", "a%2Fb", ""):
        with pytest.raises(BadBackup):
            kept_path(tmp_path, name)
    assert rules.thing_of("files/a/../b") is None
    assert rules.thing_of("files//b") is None
