"""What is restored is what was: every row, file and seal, on both databases and across them."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup.rules import NotEmpty
from betterwork.foundation.backup.tests.conftest import Server
from betterwork.foundation.backup.tests.filling import joined
from betterwork.foundation.backup.tests.instances import KEY, Instance, backed_up, digests, entered, restored
from betterwork.foundation.events.models import Event
from betterwork.foundation.files.queries import files_faults
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.services import jobs_rescue
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import instance_faults, ledger_head
from betterwork.foundation.ledger.seals import missing_seals
from betterwork.foundation.people.models import Person
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.services import vault_open
from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, LATER, WORDS
from betterwork.foundation.vault.verifying import vault_faults

pytestmark = pytest.mark.capability("P2")


def holds() -> None:
    """Everything that can be verified about the instance entered holds."""
    assert list(instance_faults(expect=ledger_head())) == []
    assert list(vault_faults()) == []
    assert list(files_faults()) == []
    assert missing_seals() == []
    for statement in ("UPDATE ledger_entry SET action = 'x.y'", "DELETE FROM ledger_entry"):
        with pytest.raises(DatabaseError, match="sealed"), connections["default"].cursor() as cursor:
            cursor.execute(statement)


def works() -> None:
    """It can be written to: no number is given twice."""
    person = joined("Somebody New", "somebody.new@member.example")
    assert person.pk > Person.objects.exclude(pk=person.pk).order_by("-pk")[0].pk
    last = Event.objects.order_by("-number")[0].number
    assert Event.objects.create(name="told", content="{}", at=LATER).number == 6 > last + 1
    item = VaultItem.objects.order_by("pk")[0]
    assert vault_open(actor=ADVISOR_ONE, item_id=item.pk, at=LATER).content["text"] == WORDS
    assert list(instance_faults()) == []


def test_a_restored_instance_has_identical_digests_and_works(taken: dict[str, Any], empty: Instance) -> None:
    (empty.home / "keys").mkdir(parents=True)
    (empty.home / "keys" / "ledger.key").write_text("ab" * 32)
    with entered(empty):
        whole = restored(taken["sealed"], KEY).whole
        assert digests() == taken["digests"]
        assert ledger_head() == whole.head == taken["made"].taken.head
        assert (empty.home / "kept-by-a-room" / "deep" / "a name with ü & spaces.csv").exists()
        holds()
        works()
    aside = [one.read_text() for one in (empty.home / "keys").glob("ledger.key.before-restore-*")]
    assert aside == ["ab" * 32], "another key that lay there is never lost"


def test_between_sqlite_and_postgresql_nothing_changes(
    taken: dict[str, Any], empty: Instance, server: Server, tmp_path: Path
) -> None:
    there = server(tmp_path / "there")
    with entered(there):
        restored(taken["sealed"], KEY)
        assert digests() == taken["digests"]
        assert connections["default"].vendor == connections["vault"].vendor == "postgresql"
        holds()
        backed_up(tmp_path / "from-postgresql", KEY, with_keys=True)
        before = digests()
        works()
        again = server(tmp_path / "again")
    with entered(again):
        restored(tmp_path / "from-postgresql", KEY)
        assert digests() == before
    with entered(empty):
        restored(tmp_path / "from-postgresql", KEY)
        assert digests() == before
        holds()
        works()
    changed = {name for name, one in before.items() if taken["digests"].get(name) != one}
    assert changed == {"default.ledger_entry"}, "the entry that says that the second backup was taken, and no more"


def test_the_digest_of_a_table_tells_one_changed_value(source: Instance, tmp_path: Path) -> None:
    with entered(source.copied(tmp_path / "copy")):
        before = digests()
        Person.objects.filter(state=Person.ACTIVE).update(name="Canary Stayz")
        assert {name for name, one in digests().items() if before[name] != one} == {"default.people_person"}


def test_who_is_signed_in_and_who_works_on_a_job_is_not_carried(again: Instance, tmp_path: Path) -> None:
    with entered(again.copied(tmp_path / "copy")):
        assert not Session.objects.exists()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM usersessions_usersession")
            assert cursor.fetchone() == (0,)
        job = Job.objects.get(state="running")
        assert (job.worker, job.lease_until) == ("before-the-backup", job.started_at)
        assert jobs_rescue(at=LATER.replace(year=2027)) == 1
        assert not Job.objects.filter(state="running").exists()


def test_without_the_keys_nothing_is_opened(again: Instance) -> None:
    with entered(again):
        item = VaultItem.objects.order_by("pk")[0]
        with pytest.raises(BetterWorkError, match="key of the vault is not there"):
            vault_open(actor=ADVISOR_ONE, item_id=item.pk, at=LATER)
        assert not list(again.home.glob("keys/*.key"))


def test_stored_files_under_a_key_are_carried_as_they_lie(source: Instance, empty: Instance, tmp_path: Path) -> None:
    from betterwork.foundation.backup.tests.filling import file_given

    with entered(source.copied(tmp_path / "copy"), FILES_KEY="cd" * 32):
        file_given("under a key")
        backed_up(tmp_path / "b")
        before = digests()
    with entered(empty, FILES_KEY="cd" * 32):
        restored(tmp_path / "b")
        assert digests() == before
        assert list(files_faults()) == []
    assert b"under a key" not in b"".join(one.read_bytes() for one in empty.home.glob("files/*/*/*.sealed"))


def test_an_instance_that_holds_something_is_left_alone(taken: dict[str, Any], source: Instance) -> None:
    with entered(source):
        before = Entry.objects.count()
        with pytest.raises(NotEmpty, match="holds an instance already"):
            restored(taken["plain"])
        assert Entry.objects.count() == before


def test_a_vault_that_holds_something_is_left_alone(taken: dict[str, Any], source: Instance, empty: Instance) -> None:
    empty.home.mkdir()
    shutil.copy(source.home / "vault.sqlite3", empty.home)
    with entered(empty), pytest.raises(NotEmpty, match=r"vault\.sqlite3 holds"):
        restored(taken["plain"])


def test_a_home_that_holds_what_a_backup_brings_is_left_alone(taken: dict[str, Any], empty: Instance) -> None:
    (empty.home / "kept-by-a-room").mkdir(parents=True)
    (empty.home / "kept-by-a-room" / "mine").write_text("mine")
    with entered(empty), pytest.raises(NotEmpty, match="is there already"):
        restored(taken["plain"])
    assert (empty.home / "kept-by-a-room" / "mine").read_text() == "mine"


def test_a_plain_backup_opens_with_any_program(taken: dict[str, Any], tmp_path: Path) -> None:
    with tarfile.open(taken["plain"]) as tar:
        names = tar.getnames()
    assert names[0] == "backup.json"
    assert names[-1] == "manifest.json"
    subprocess.run(["tar", "xzf", taken["plain"], "-C", tmp_path], check=True)
    rows = (tmp_path / "tables" / "default" / "people_person" / "000001.jsonl").read_text().splitlines()
    assert len(rows) == 2
    assert "canary.stays@member.example" in "".join(rows)
    assert not subprocess.run(["gzip", "--test", taken["plain"]], check=False).returncode
