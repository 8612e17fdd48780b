"""A process that writes without a pause into both databases and the files, while backups are taken."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from betterwork.foundation.backup.snapshots import MAIN, Snapshot
from betterwork.foundation.backup.tests.filling import file_given
from betterwork.foundation.backup.tests.instances import AT, Instance, backed_up, ended, entered, forked, restored
from betterwork.foundation.events.models import Event
from betterwork.foundation.files.queries import files_faults
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import instance_faults, ledger_head
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.rules import ERASED
from betterwork.foundation.vault.services import vault_change, vault_erase, vault_settle
from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, INTERVIEW, interview_put
from betterwork.foundation.vault.verifying import vault_faults


def write_on_and_on() -> None:
    number = 0
    while True:
        number += 1
        Event.objects.create(name="told", content=str(number), at=AT)
        item = interview_put(INTERVIEW | {"number": number})
        vault_change(actor=ADVISOR_ONE, item_id=item.id, content={"number": number}, at=AT)
        if number % 3 == 0:
            vault_erase(actor=ADVISOR_ONE.id, item_id=item.id, at=AT)
        file_given(f"while writing {number}")


@contextmanager
def others_write() -> Iterator[None]:
    """Somebody writes into the instance entered, for as long as this lasts."""
    child = forked(write_on_and_on)
    try:
        while not Event.objects.filter(content="2").exists():
            time.sleep(0.01)
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        assert ended(child) == -signal.SIGKILL, "the writer ended before the backups did"


def taken_while_others_write(instance: Instance, fresh: list[Instance], tmp_path: Path) -> None:
    """Take a backup for each of the fresh instances, restore it there, and see that everything holds."""
    heads = []
    with entered(instance), others_write():
        for number, _each in enumerate(fresh):
            heads.append(backed_up(tmp_path / str(number), bytes(32), with_keys=True).taken.head)
            before = Entry.objects.count()
            while Entry.objects.count() < before + 6:
                time.sleep(0.01)
    assert len(set(heads)) == len(heads)
    for number, (one, head) in enumerate(zip(fresh, heads, strict=True)):
        with entered(one):
            restored(tmp_path / str(number), bytes(32))
            assert ledger_head() == head
            assert list(instance_faults(expect=head)) == []
            vault_settle(at=AT.replace(year=2027))
            assert list(vault_faults()) == []
            assert list(files_faults()) == []
            assert VaultItem.objects.count() > 11


def disagreements(shot: Snapshot) -> list[str]:
    """Items of the vault that are not what the ledger of the same snapshot says, and of which no change is waiting."""
    told: dict[str, Any] = {}
    with shot.databases[MAIN].cursor() as cursor:
        cursor.execute("SELECT action, subject, content FROM ledger_entry WHERE action LIKE 'vault.%%' ORDER BY number")
        for action, subject, content in cursor.fetchall():
            said = orjson.loads(bytes(content))
            if "version" in said:
                told[subject.partition(" ")[2]] = None if action == ERASED else said["version"]
    with shot.databases["vault"].cursor() as cursor:
        cursor.execute("SELECT id, version FROM vault_vaultitem")
        there = dict(cursor.fetchall())
        cursor.execute("SELECT item FROM vault_vaultchange")
        waiting = {item for (item,) in cursor.fetchall()}
    assert len(told) > 11
    return [item for item in set(told) | set(there) if item not in waiting and told.get(item) != there.get(item)]
