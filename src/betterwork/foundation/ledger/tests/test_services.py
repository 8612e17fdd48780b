"""Appending: in the transaction of what is recorded, one after the other, audited services."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from betterwork.core.canonical import NotCanonical
from betterwork.core.errors import BetterWorkError
from betterwork.foundation.ledger import auditing
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.queries import entries_search, ledger_faults, ledger_head
from betterwork.foundation.ledger.rules import AUDIT, BadEntry
from betterwork.foundation.ledger.services import NewEntry, entries_append, entry_append
from betterwork.foundation.ledger.tests.appending import append

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
LATER = datetime(2015, 3, 2, tzinfo=UTC)


def appended(subject: str = "visit 1", content: object = None) -> Entry:
    return entry_append(kind=AUDIT, action="visit.planned", actor="p-1", subject=subject, content=content or {}, at=AT)


@pytest.mark.django_db
def test_entries_are_chained_without_a_gap() -> None:
    before = ledger_head()
    first = appended()
    more = entries_append(new=[NewEntry(AUDIT, "visit.moved", "p-1", f"visit {n}", {"n": n}, AT) for n in range(5)])
    assert first.previous == before.digest
    assert [row.number for row in [first, *more]] == list(range(before.number + 1, before.number + 7))
    assert [row.previous for row in more] == [first.digest, *(row.digest for row in more[:-1])]
    assert str(ledger_head()) == f"{more[-1].number}:{more[-1].digest}"
    assert list(ledger_faults()) == []


@pytest.mark.django_db
def test_nothing_to_append_appends_nothing() -> None:
    before = ledger_head()
    assert entries_append(new=[]) == []
    assert ledger_head() == before


@pytest.mark.django_db
@pytest.mark.parametrize("content", [{"rate": 0.5}, {"é": 1}, {"$personal": ["p-1", ""]}])
def test_content_without_one_canonical_form_is_refused(content) -> None:
    before = ledger_head()
    with pytest.raises(NotCanonical), transaction.atomic():
        appended(content=content)
    assert ledger_head() == before


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_can_be_appended() -> None:
    with pytest.raises(BetterWorkError, match="in the transaction of what it records"):
        appended()


@pytest.mark.django_db
def test_an_entry_goes_when_what_it_records_is_rolled_back() -> None:
    before = ledger_head()
    with pytest.raises(RuntimeError), transaction.atomic():
        appended()
        raise RuntimeError
    assert ledger_head() == before


# -- audited services ------------------------------------------------------------------------------


def state(row: PersonKey) -> dict[str, object]:
    return {"made": row.made_at.isoformat()}


def subject(row: PersonKey) -> str:
    return f"test {row.person}"


@audited("test.added", subject=subject, state=state)
def added(*, person: str, actor: str = "operator", at: datetime) -> PersonKey:
    return PersonKey.objects.create(person=person, wrapped=b"w", made_at=at)


@audited("test.changed", subject=subject, state=state, of="row")
def changed(*, row: PersonKey, actor: str, at: datetime) -> PersonKey:
    row.made_at = at
    row.save()
    return row


@audited("test.removed", subject=subject, state=state, of="row")
def removed(*, row: PersonKey, actor: str, at: datetime) -> None:
    row.delete()


@pytest.mark.django_db
@pytest.mark.capability("P2")
def test_an_audited_service_writes_who_did_what_before_and_after() -> None:
    row = added(person="p-7", at=AT)
    row.made_at = datetime(1999, 1, 1, tzinfo=UTC)  # what the caller did in memory is not what was stored
    changed(row=row, actor="p-2", at=LATER)
    removed(row=row, actor="p-3", at=LATER)
    entries = entries_search(subject="test p-7").entries
    first, last = "2015-03-01T09:30:00+00:00", "2015-03-02T00:00:00+00:00"
    assert [(one.action, one.actor, one.content) for one in entries] == [
        ("test.removed", "p-3", {"before": {"made": last}, "after": None}),
        ("test.changed", "p-2", {"before": {"made": first}, "after": {"made": last}}),
        ("test.added", "operator", {"before": None, "after": {"made": first}}),
    ]
    assert [one.at for one in entries] == [LATER, LATER, AT]


@pytest.mark.django_db
@pytest.mark.capability("P2")
def test_when_the_entry_cannot_be_written_the_write_is_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadEntry):
        added(person="p-8", actor="Chan Sokha", at=AT)

    def refuse(**_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(auditing, "entry_append", refuse)
    with pytest.raises(OSError, match="full"):
        added(person="p-8", at=AT)
    assert not PersonKey.objects.exists()


@pytest.mark.django_db
def test_a_service_that_fails_leaves_no_entry() -> None:
    before = ledger_head()

    @audited("test.failed", subject=subject, state=state)
    def failing(*, actor: str, at: datetime) -> PersonKey:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        failing(actor="p-1", at=AT)
    assert ledger_head() == before


def test_a_service_without_actor_and_moment_cannot_be_declared_audited() -> None:
    with pytest.raises(TypeError, match="must take the keywords actor, at, row"):
        audited("test.wrong", subject=subject, state=state, of="row")(lambda *, row, at: row)


@pytest.mark.django_db
def test_an_audited_state_may_hold_personal_values() -> None:
    declared = audited("test.named", subject=subject, state=lambda row: {"name": personal(row.person, "Chan Sokha")})
    declared(lambda *, actor, at: PersonKey(person="p-9"))(actor="p-1", at=AT)
    (entry,) = entries_search(action="test.named", opened=True).entries
    assert entry.content["after"] == {"name": "Chan Sokha"}


# -- several writers -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("P2")
def test_writers_at_the_same_time_leave_one_chain_without_fork_or_gap(tmp_path: Path) -> None:
    if connection.vendor == "sqlite":  # a file: the database of the tests lies in memory, for one writer
        before, lines = _appended_in_processes(tmp_path)
        assert sorted(lines) == list(range(before + 3, before + 3 * 40 + 1, 3))
        return
    before = ledger_head().number
    threads = [threading.Thread(target=append, args=(10, 3, one)) for one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger_head().number == before + 4 * 10 * 3
    assert list(ledger_faults()) == []


def _appended_in_processes(home: Path) -> tuple[int, list[int]]:
    """How many entries the first start wrote, and the last entry of each transaction of two processes since."""
    command = [sys.executable, "-m", "betterwork.foundation.ledger.tests.appending"]
    environment = {**os.environ, "BETTERWORK_HOME": str(home)}
    subprocess.run([*command, "0", "0", "0"], env=environment, check=True)
    with closing(sqlite3.connect(home / "betterwork.sqlite3")) as database:
        ((before,),) = database.execute("SELECT count(*) FROM ledger_entry").fetchall()
    running = [
        subprocess.Popen([*command, "10", "3", "2"], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    lines = [line for one in running for line in one.communicate()[0].split()]
    assert [one.returncode for one in running] == [0, 0]
    verify = [sys.executable, "-m", "betterwork.entry.command_line", "ledger", "verify"]
    done = subprocess.run(verify, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    return before, [int(line) for line in lines]
