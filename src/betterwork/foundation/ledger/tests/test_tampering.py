"""Somebody with full power over the database changes it, and `ledger verify` says where."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import ledger_faults
from betterwork.foundation.ledger.rules import AUDIT, entry_digest, moment
from betterwork.foundation.ledger.seals import drop_seals
from betterwork.foundation.ledger.services import NewEntry, entries_append
from betterwork.foundation.ledger.tests.appending import AT

TEXT = ("at", "kind", "action", "actor", "subject", "previous", "digest")
COLUMNS = ("number", *TEXT, "content")
APPENDED = 6  # after those of the first start, which seals what ships


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", *arguments]
    return subprocess.run(run, env={**os.environ, "BETTERWORK_HOME": str(home)}, capture_output=True, text=True)


def verify(home: Path, *arguments: str) -> tuple[int, list[str]]:
    done = command(home, "betterwork.entry.command_line", "ledger", "verify", *arguments)
    assert "Traceback" not in done.stderr
    return done.returncode, [line for line in done.stdout.splitlines() if "seals of" not in line]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("ledger")
    done = command(home, "betterwork.foundation.ledger.tests.appending", "2", "3", "1")
    assert done.returncode == 0, done.stderr
    assert verify(home)[0] == 0
    return home


@pytest.fixture
def home(untouched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untouched, tmp_path / "home"))


def tampered(home: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """What somebody with the file and a copy of sqlite3 does; the seals go first."""
    with closing(sqlite3.connect(home / "betterwork.sqlite3")) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement, values in statements:
            assert database.execute(statement, values).rowcount > 0


def rows(home: Path) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(home / "betterwork.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        return database.execute("SELECT * FROM ledger_entry ORDER BY number").fetchall()


def last_of(home: Path) -> int:
    """The number of the last entry."""
    return int(rows(home)[-1]["number"])


def victim_of(home: Path) -> int:
    """The number of the entry that is changed: among the appended ones, with some before and behind it."""
    return last_of(home) - APPENDED // 2


def rechained(home: Path, start: int) -> None:
    """Compute anew every digest from entry ``start`` on, as one who knows the formula would."""
    previous = {row["number"]: row["digest"] for row in rows(home)}.get(start - 1, "0" * 64)
    for number, row in enumerate((row for row in rows(home) if row["number"] >= start), start=start):
        words = {name: row[name] for name in ("kind", "action", "actor", "subject", "content")}
        name = entry_digest(number=number, at=_moment(row["at"]), previous=previous, **words)
        statement = "UPDATE ledger_entry SET number = ?, previous = ?, digest = ? WHERE number = ?"
        tampered(home, (statement, (number, previous, name, row["number"])))
        previous = name


def _moment(stored: str) -> str:
    return stored.replace(" ", "T") + ("" if "." in stored else ".000000") + "Z"


@pytest.mark.capability("P2")
@pytest.mark.parametrize("column", [*TEXT, "content"])
def test_one_changed_byte_in_the_file_is_found_and_its_entry_named(home: Path, column: str) -> None:
    victim = victim_of(home)
    value = rows(home)[victim - 1][column]
    changed = b"[" + value[1:] if column == "content" else ("b" if value[0] == "a" else "a") + value[1:]
    if column == "at":
        changed = value.replace(" ", "T")  # which reads as the same moment
    tampered(home, (f"UPDATE ledger_entry SET {column} = ? WHERE number = ?", (changed, victim)))
    status, lines = verify(home)
    assert status == 1
    # A kind that there is none of is told by SQLite too.
    assert [line for line in lines if not line.startswith("the database file")] == [
        f"entry {victim}: it was changed: its digest is another"
    ]


@pytest.mark.capability("P2")
def test_a_missing_entry_is_found_and_named(home: Path) -> None:
    victim = victim_of(home)
    tampered(home, ("DELETE FROM ledger_entry WHERE number = ?", (victim,)))
    assert verify(home) == (1, [f"entry {victim}: missing"])


@pytest.mark.capability("P2")
def test_two_reordered_entries_are_found_and_named(home: Path) -> None:
    victim = victim_of(home)
    swap = "UPDATE ledger_entry SET number = ? WHERE number = ?"
    tampered(home, (swap, (99, victim)), (swap, (victim, victim + 1)), (swap, (victim + 1, 99)))
    status, lines = verify(home)
    assert status == 1
    assert lines == [
        f"entry {victim}: it was changed: its digest is another",
        f"entry {victim + 1}: it was changed: its digest is another",
        f"entry {victim + 2}: it does not follow the entry before it",
    ]


def test_an_entry_slipped_in_at_the_end_without_its_digest_is_found(home: Path) -> None:
    victim, last = victim_of(home), last_of(home)
    names = "at, kind, action, actor, subject, content, previous, digest"
    copy = f"INSERT INTO ledger_entry (number, {names}) SELECT ?, {names} FROM ledger_entry WHERE number = ?"
    tampered(home, (copy, (last + 1, victim)))
    status, lines = verify(home)
    assert (status, lines[0].split(":")[0]) == (1, f"entry {last + 1}")


@pytest.mark.capability("P2")
def test_a_tail_cut_off_is_found_by_the_head_that_was_kept(home: Path) -> None:
    victim, last = victim_of(home), last_of(home)
    kept = command(home, "betterwork.entry.command_line", "ledger", "head").stdout.strip()
    assert verify(home, "--expect", kept)[0] == 0
    tampered(home, ("DELETE FROM ledger_entry WHERE number > ?", (victim,)))
    assert verify(home)[1] == []
    status, lines = verify(home, "--expect", kept)
    assert (status, lines) == (
        1,
        [f"entry {victim + 1}: the ledger ends before it: entries up to {last} were cut off"],
    )


@pytest.mark.capability("P2")
def test_a_tail_forged_and_chained_anew_is_found_by_the_head_that_was_kept(home: Path) -> None:
    victim, last = victim_of(home), last_of(home)
    kept = command(home, "betterwork.entry.command_line", "ledger", "head").stdout.strip()
    tampered(home, ("UPDATE ledger_entry SET actor = 'somebody-else' WHERE number = ?", (victim,)))
    rechained(home, victim)
    assert verify(home)[1] == []  # it agrees with itself; only what is kept elsewhere can tell
    status, lines = verify(home, "--expect", kept)
    assert status == 1
    assert lines[0].startswith(f"entry {last}: it is not the entry whose digest was kept elsewhere")


@pytest.mark.capability("P2")
def test_a_byte_flipped_in_the_file_itself_is_found_wherever_it_lies(home: Path) -> None:
    """Also in an index, which a reader may be given instead of the row."""
    path = home / "betterwork.sqlite3"
    whole = path.read_bytes()
    word = b"writer-0visit 0-1-1"  # actor and subject of one entry, as they lie in its row
    places = [place for place in range(len(whole)) if whole.startswith(word, place)]
    indexed = [place for place in range(len(whole)) if whole.startswith(b"visit 0-1-1", place)]
    assert places and len(indexed) > len(places)
    for place in {*places, *indexed}:
        path.write_bytes(whole[:place] + b"X" + whole[place + 1 :])
        assert verify(home)[0] == 1, f"at {place}"


def test_lost_seals_are_told_with_the_faults(home: Path) -> None:
    victim = victim_of(home)
    tampered(home, ("UPDATE ledger_entry SET actor = 'x' WHERE number = ?", (victim,)))
    done = command(home, "betterwork.entry.command_line", "ledger", "verify")
    assert "the seals of ledger_entry are gone" in done.stdout
    assert f"entry {victim}: " in done.stdout
    assert done.stderr.endswith("faults\n")


# -- on whichever database the tests use -----------------------------------------------------------


@pytest.fixture
def chain(db: None) -> Iterator[list[int]]:
    """A ledger whose seals somebody took off; the numbers of its entries."""
    contents = [{"n": 1}, {"who": "é"}, [["k", "key", "d"]], {}]
    new = [NewEntry(AUDIT, "visit.planned", "p-1", f"visit {n}", one, AT) for n, one in enumerate(contents)]
    with transaction.atomic():
        entries_append(new=new)
    drop_seals(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("ALTER TABLE ledger_entry DROP CONSTRAINT entry_of_a_known_kind")
            cursor.execute("ALTER TABLE ledger_entry DROP CONSTRAINT entries_count_from_1")
    yield list(Entry.objects.order_by("number").values_list("number", flat=True))
    if connection.vendor == "sqlite":  # no transaction takes this back, and later tests share the connection
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.capability("P2")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_single_change_of_any_row_in_the_database_is_found(chain: list[int], data: st.DataObject) -> None:
    assert list(ledger_faults()) == []
    number = data.draw(st.sampled_from(chain))
    column = data.draw(st.sampled_from(COLUMNS))
    before = transaction.savepoint()
    try:
        _change(number, column, data)
        faults = [fault.number for fault in ledger_faults()]
        assert number in faults or (column == "number" and faults)
    except IntegrityError:
        assume(False)
    finally:
        transaction.savepoint_rollback(before)


def _change(number: int, column: str, data: st.DataObject) -> None:
    """Change one byte of a column, or its moment, or its number, by statements of the database."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if column == "number":
            changed = data.draw(st.integers(-3, 40).filter(lambda new: new != number))
            cursor.execute("UPDATE ledger_entry SET number = %s WHERE number = %s", [changed, number])
        elif column == "at" and not sqlite:
            step = data.draw(st.integers(-5, 5).filter(bool))
            cursor.execute("UPDATE ledger_entry SET at = at + make_interval(secs => %s) WHERE number = %s",
                           [step / 1_000_000, number])  # fmt: skip
        else:
            read = f"CAST({column} AS BLOB)" if sqlite else column
            cursor.execute(f"SELECT {read} FROM ledger_entry WHERE number = %s", [number])
            value = cursor.fetchone()[0]
            old = value.encode() if isinstance(value, str) else bytes(value)
            place = data.draw(st.integers(0, len(old) - 1))
            any_byte = sqlite or column == "content"
            byte = data.draw(st.integers(0, 255) if any_byte else st.integers(97, 122))
            assume(byte != old[place] and (any_byte or old[place] < 128))
            new = old[:place] + bytes([byte]) + old[place + 1 :]
            if sqlite and column != "content":
                cursor.execute(f"UPDATE ledger_entry SET {column} = CAST(%s AS TEXT) WHERE number = %s", [new, number])
            else:
                written = new if column == "content" else new.decode()
                cursor.execute(f"UPDATE ledger_entry SET {column} = %s WHERE number = %s", [written, number])


@pytest.mark.capability("P2")
def test_missing_and_reordered_rows_of_the_database_are_found(chain: list[int]) -> None:
    last = chain[-1]
    Entry.objects.filter(number=last - 1).delete()
    assert [(fault.number, fault.what) for fault in ledger_faults()] == [(last - 1, "missing")]
    Entry.objects.filter(number=last - 2).update(number=last - 1)
    assert [fault.number for fault in ledger_faults()][:2] == [last - 2, last - 1]


def test_a_value_of_another_type_with_the_same_bytes_is_a_change(chain: list[int]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE ledger_entry SET actor = CAST(actor AS BLOB) WHERE number = %s", [chain[-1]])
        else:  # typed columns: the only way to other bytes that read alike is another moment
            cursor.execute("UPDATE ledger_entry SET at = 'infinity' WHERE number = %s", [chain[-1]])
    assert [fault.number for fault in ledger_faults()] == [chain[-1]]


def test_memory_is_bounded_because_entries_are_read_in_parts(chain: list[int], monkeypatch) -> None:
    monkeypatch.setattr("betterwork.foundation.ledger.queries._AT_ONCE", 2)
    assert list(ledger_faults()) == []
    assert moment(AT) == "2015-03-01T09:30:00.000000Z"


# -- power cuts ------------------------------------------------------------------------------------


@pytest.mark.capability("P2")
def test_a_power_cut_in_the_middle_of_appends_keeps_what_was_acknowledged_and_a_chain_that_holds(
    home: Path, pytestconfig: pytest.Config
) -> None:
    chance = random.Random(f"{os.environ.get('BETTERWORK_SEED') or pytestconfig.option.hypothesis_seed}/power cut")
    run = [sys.executable, "-m", "betterwork.foundation.ledger.tests.appending", "1000000", "3", "2"]
    last = last_of(home)
    for _ in range(3):
        environment = {**os.environ, "BETTERWORK_HOME": str(home)}
        appending = subprocess.Popen(run, env=environment, stdout=subprocess.PIPE, text=True)
        assert appending.stdout
        told = [int(appending.stdout.readline())]
        time.sleep(chance.uniform(0, 0.3))
        os.kill(appending.pid, signal.SIGKILL)
        told += [int(line) for line in appending.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        assert appending.wait() == -signal.SIGKILL
        status, lines = verify(home)
        assert status == 0, lines
        entries = rows(home)
        kept = [row["number"] for row in entries]
        assert max(told) <= kept[-1]
        assert kept == list(range(1, len(kept) + 1))
        # Three entries a transaction, whole or not at all, after those of the first start.
        assert sum(row["actor"].startswith("writer-") for row in entries) % 3 == 0
        assert last < kept[-1]
        last = kept[-1]
