"""The vault in one file and back; a new key; what verification finds; what stops a start."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, connections

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.ledger.keys import WrongKey
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.vault import keyring, queries, services, turns
from betterwork.foundation.vault.backup import BadBackup, backup_write, restore_read, vault_digest
from betterwork.foundation.vault.changing import Busy, changes_settle
from betterwork.foundation.vault.commands import vault
from betterwork.foundation.vault.keyring import key_file, next_file
from betterwork.foundation.vault.models import VaultChange, VaultItem, VaultKeyUse, VaultOwner
from betterwork.foundation.vault.queries import VaultFault, vault_key_check
from betterwork.foundation.vault.services import (
    vault_backup,
    vault_change,
    vault_erase,
    vault_key_rotate,
    vault_open,
    vault_restore,
)
from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, ADVISOR_TWO, AT, INTERVIEW, LATER, interview_put
from betterwork.foundation.vault.verifying import vault_faults

pytestmark = [pytest.mark.django_db(databases=["default", "vault"])]


def backup() -> bytes:
    out = io.BytesIO()
    backup_write(out=out, at=AT)
    return out.getvalue()


def emptied() -> None:
    for model in (VaultItem, VaultOwner, VaultChange, VaultKeyUse):
        model.objects.all().delete()


@pytest.fixture
def items() -> list[str]:
    return [interview_put(INTERVIEW | {"number": number}).id for number in range(120)]


@pytest.mark.capability("P2")
def test_a_backup_put_back_has_identical_digests_of_every_row(items: list[str], tmp_path: Path) -> None:
    before, file = vault_digest(), tmp_path / "vault.backup"
    rows = list(VaultItem.objects.order_by("pk").values())
    assert vault_backup(actor="operator", path=file, at=AT) == before
    emptied()
    made = vault_restore(actor="operator", path=file, at=LATER)
    assert (made.rows, made.digest, made.left_out) == (before.rows, before.digest, ())
    assert vault_digest() == before
    assert list(VaultItem.objects.order_by("pk").values()) == rows
    assert vault_open(actor=ADVISOR_ONE, item_id=items[7], at=LATER).content["number"] == 7
    assert list(vault_faults()) == []
    actions = [one.action for one in entries_search(subject="vault all").entries]
    assert actions == ["vault.restored", "vault.restoring", "vault.backed-up"]


@pytest.mark.capability("P5")
def test_a_backup_is_ciphertext_also_of_what_the_outside_knows(items: list[str]) -> None:
    data = backup()
    for word in (b"canteen", b"Several workers", b"VN/2015-7", b"p-advisor", items[0].encode()):
        assert word not in data


def test_two_backups_of_the_same_have_no_common_part(items: list[str]) -> None:
    one, two = backup(), backup()
    assert one[300:340] not in two


@pytest.mark.parametrize("where", ["cut off", "changed", "swapped", "longer", "header", "nothing"])
def test_a_backup_that_is_not_whole_changes_nothing(items: list[str], where: str) -> None:
    data = backup()
    header, body = data.split(b"\n", 1)
    spoiled = {
        "cut off": data[:-40],
        "changed": data[:700] + bytes([data[700] ^ 1]) + data[701:],
        "swapped": header + b"\n" + _swapped(body),
        "longer": data + b"x",
        "header": header.replace(b"2015-03-01", b"2015-03-02") + b"\n" + body,
        "nothing": b"",
    }[where]
    before = vault_digest()
    with pytest.raises(BadBackup):
        restore_read(source=io.BytesIO(spoiled), replace=True)
    assert vault_digest() == before


def _swapped(body: bytes) -> bytes:
    length = int.from_bytes(body[1:5]) + 5
    second = int.from_bytes(body[length + 1 : length + 5]) + 5
    return body[length : length + second] + body[:length] + body[length + second :]


def test_a_restore_that_fails_in_the_middle_changes_nothing(items: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data, before = backup(), vault_digest()
    save, saved = VaultItem.save, []

    def fails(self: Any, **given: Any) -> None:
        saved.append(self)
        if len(saved) == 60:
            raise OSError("the disk is full")
        save(self, **given)

    monkeypatch.setattr(VaultItem, "save", fails)
    with pytest.raises(OSError, match="full"):
        restore_read(source=io.BytesIO(data), replace=True)
    assert vault_digest() == before


def test_a_restore_needs_the_same_key(items: list[str]) -> None:
    data = backup()
    key_file().write_text("ab" * 32)
    emptied()
    with pytest.raises(WrongKey, match="fingerprint"):
        restore_read(source=io.BytesIO(data))
    assert VaultItem.objects.count() == 0


def test_a_restore_into_a_vault_that_holds_something_must_be_meant(items: list[str]) -> None:
    data = backup()
    with pytest.raises(WrongUse, match="holds something"):
        restore_read(source=io.BytesIO(data))
    extra = interview_put().id
    assert restore_read(source=io.BytesIO(data), replace=True).rows == vault_digest().rows
    assert not VaultItem.objects.filter(pk=extra).exists()


@pytest.mark.capability("P5")
def test_what_was_erased_since_is_not_brought_back(items: list[str]) -> None:
    data = backup()
    vault_erase(actor="operator", item_id=items[3], at=LATER)
    assert restore_read(source=io.BytesIO(data), replace=True).left_out == (items[3],)
    assert VaultItem.objects.count() == len(items) - 1
    assert list(vault_faults()) == []


@pytest.mark.capability("P5")
def test_a_new_key_opens_everything_and_the_old_one_nothing(items: list[str]) -> None:
    old, ciphertext = key_file().read_text(), VaultItem.objects.get(pk=items[0]).ciphertext
    assert vault_key_rotate(actor="operator", at=LATER) == len(items)
    assert key_file().read_text() != old
    assert not next_file().exists()
    assert VaultItem.objects.get(pk=items[0]).ciphertext == ciphertext, "contents are not touched"
    assert vault_open(actor=ADVISOR_TWO, item_id=items[5], at=LATER).content["number"] == 5
    assert list(vault_faults()) == []
    (aside,) = key_file().parent.glob("vault.key.before-*")
    assert aside.read_text() == old
    new = key_file().read_text()
    key_file().write_text(old)
    with pytest.raises(WrongKey, match="another one"):
        vault_open(actor=ADVISOR_TWO, item_id=items[5], at=LATER)
    key_file().write_text(new)
    told = [one.action for one in entries_search(subject="vault all").entries]
    assert told == ["vault.key.rotated", "vault.key.rotating"]


@pytest.mark.parametrize("point", ["next_key_settled", "item"])
def test_a_new_key_cut_off_leaves_every_item_under_a_key_that_is_there(
    items: list[str], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def cut(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    if point == "item":
        monkeypatch.setattr(services.keys, "wrap", cut)
    else:
        settle = services.vault_settle
        monkeypatch.setattr(services, "vault_settle", lambda at: changes_settle(at=at))
        monkeypatch.setattr(services, "next_key_settled", cut)
    with pytest.raises(KeyboardInterrupt):
        vault_key_rotate(actor="operator", at=LATER)
    monkeypatch.undo()
    vault_key_check()
    assert vault_open(actor=ADVISOR_ONE, item_id=items[0], at=LATER).content["number"] == 0
    assert next_file().exists()
    if point == "next_key_settled":
        settle(at=LATER)
        assert not next_file().exists()
    assert vault_open(actor=ADVISOR_ONE, item_id=items[0], at=LATER).content["number"] == 0
    assert list(vault_faults()) == []


def test_a_key_from_the_setting_is_changed_for_one_that_is_given(items: list[str], settings: Any) -> None:
    settings.VAULT_KEY = key_file().read_text().strip()
    with pytest.raises(WrongUse, match="--new-key-file"):
        vault_key_rotate(actor="operator", at=LATER)
    vault_key_rotate(actor="operator", at=LATER, new=bytes.fromhex("5a" * 32))
    with pytest.raises(WrongKey):
        vault_open(actor=ADVISOR_ONE, item_id=items[0], at=LATER)
    settings.VAULT_KEY = "5a" * 32
    assert vault_open(actor=ADVISOR_ONE, item_id=items[0], at=LATER).content["number"] == 0


def faults() -> Iterator[str]:
    yield from (line for line in vault_faults())


@pytest.mark.capability("P2")
def test_verification_names_what_was_done_past_the_program() -> None:
    changed, gone, replaced, new = (interview_put().id for _ in range(4))
    assert list(faults()) == []
    VaultItem.objects.filter(pk=changed).update(outside={"group_size": 60})
    VaultItem.objects.filter(pk=gone).delete()
    older = VaultItem.objects.get(pk=replaced)
    vault_change(actor=ADVISOR_ONE, item_id=replaced, content="other words", at=LATER)
    older.save()
    stranger = VaultItem.objects.get(pk=new)
    stranger.pk = "f" * 32
    stranger.save(force_insert=True)
    found = sorted(faults())
    assert len(found) == 6
    for item, words in (
        (changed, "changed past the program"),
        (changed, "does not open"),
        (gone, "is gone"),
        (replaced, "changed past the program"),
        ("f" * 32, "has no entry"),
        ("f" * 32, "does not open"),
    ):
        assert [line for line in found if item in line and words in line], (item, words, found)


def test_two_who_change_the_same_item_do_not_lose_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    item = interview_put()
    stale = VaultItem.objects.get(pk=item.id)
    vault_change(actor=ADVISOR_ONE, item_id=item.id, content="first", at=AT)
    monkeypatch.setattr(services, "item_way_in", lambda **given: (stale, "opener"))
    with pytest.raises(Busy, match="meanwhile"):
        vault_change(actor=ADVISOR_TWO, item_id=item.id, content="second", at=AT)
    monkeypatch.undo()
    assert vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT).content == "first"
    with pytest.raises(Busy):
        interview_put(item_id=item.id)


def test_a_change_on_its_way_is_not_taken_for_one_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    item = interview_put()

    def cut(**given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("betterwork.foundation.vault.changing.entry_append", cut)
    with pytest.raises(KeyboardInterrupt):
        vault_change(actor=ADVISOR_ONE, item_id=item.id, content="second", at=AT)
    monkeypatch.undo()
    monkeypatch.setattr(turns, "WAITS", 0.1)
    with held_by_another_process(item.id):
        assert changes_settle(at=LATER) == 0
        with pytest.raises(Busy, match="at this moment"):
            vault_change(actor=ADVISOR_ONE, item_id=item.id, content="third", at=LATER)
        assert VaultChange.objects.count() == 1
    vault_change(actor=ADVISOR_ONE, item_id=item.id, content="third", at=AT)
    assert VaultChange.objects.count() == 0
    assert vault_open(actor=ADVISOR_ONE, item_id=item.id, at=AT).content == "third"


@contextmanager
def held_by_another_process(item: str) -> Iterator[None]:
    script = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDWR), 2); print(flush=True); input()"
    told = [sys.executable, "-c", script, str(turns.file_of(item))]
    if connection.vendor == "postgresql":
        given = connection.connection.info
        address = (
            f"host={given.host} port={given.port} user={given.user} dbname={given.dbname} password={given.password}"
        )
        script = (
            "import psycopg, sys; there = psycopg.connect(sys.argv[1], autocommit=True); "
            "there.execute('SELECT pg_advisory_lock(%s)', [int(sys.argv[2])]); print(flush=True); input()"
        )
        told = [sys.executable, "-c", script, address, str(turns.number_of(item))]
    with subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        yield
        other.kill()


def test_a_vault_in_the_main_database_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    vault_key_check()
    with monkeypatch.context() as patch:
        patch.setattr(queries, "_place", lambda alias: ("here",))
        with pytest.raises(VaultFault, match="same one"):
            vault_key_check()
    names = connections["vault"].introspection.table_names
    with monkeypatch.context() as patch:
        patch.setattr(
            connections["vault"].introspection, "table_names", lambda *given: [*names(*given), "ledger_entry"]
        )
        with pytest.raises(VaultFault, match="tables of the main one"):
            vault_key_check()
        patch.setattr(connections["vault"].introspection, "table_names", lambda *given: [])
        with pytest.raises(VaultFault, match="has not been made"):
            vault_key_check()


def test_another_key_stops_the_start(items: list[str]) -> None:
    key_file().write_text("ab" * 32)
    with pytest.raises(WrongKey, match="another one"):
        vault_key_check()
    assert len(list(vault_faults())) == 1
    with pytest.raises(WrongKey):
        backup()
    key_file().unlink()
    with pytest.raises(WrongKey, match="not there"):
        backup()
    assert not key_file().exists(), "no new key where the vault lies under another"


def test_an_empty_vault_needs_no_key_to_start() -> None:
    vault_key_check()
    assert keyring.key_found() is None


def test_the_operator_does_all_of_it_from_the_command_line_and_reads_nothing(items: list[str], tmp_path: Path) -> None:
    runner, file = CliRunner(), str(tmp_path / "v.backup")
    for words in (["verify"], ["backup", file], ["restore", file, "--replace"], ["rotate-key"], ["settle"], ["verify"]):
        done = runner.invoke(vault, words)
        assert done.exit_code == 0, (words, done.output, done.exception)
        assert "canteen" not in done.output
    assert Path(file).stat().st_mode & 0o077 == 0  # who opens which item stands beside the ciphertext
    with pytest.raises(BetterWorkError, match="there already"):
        runner.invoke(vault, ["backup", file], catch_exceptions=False)
    VaultItem.objects.filter(pk=items[0]).delete()
    assert runner.invoke(vault, ["verify"]).exit_code == 1
