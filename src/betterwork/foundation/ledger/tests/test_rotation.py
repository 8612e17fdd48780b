"""Changing the instance's key: everything under the new one, and cut off at any moment nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger import rotations
from betterwork.foundation.ledger.instance_key import (
    WrongKey,
    fingerprint,
    instance_key,
    key_file,
    rewrap,
    unwrap,
    wrap,
)
from betterwork.foundation.ledger.models import PersonKey
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.queries import (
    entries_search,
    instance_key_check,
    key_in_use,
    ledger_faults,
)
from betterwork.foundation.ledger.services import entry_append, instance_key_rotate
from betterwork.foundation.ledger.tests.rotating import STEPS

AT = datetime(2015, 3, 1, tzinfo=UTC)
KEY, OTHER = "11" * 32, "22" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.BETTERWORK_HOME = tmp_path
    settings.LEDGER_KEY = ""
    monkeypatch.setattr(rotations, "ROTATIONS", {})
    monkeypatch.setattr("betterwork.foundation.ledger.services.ROTATIONS", rotations.ROTATIONS)
    return tmp_path


def told(person: str = "p-1") -> None:
    content = {"who": personal(person, "Chan Sokha")}
    entry_append(kind="audit", action="role.given", actor="p-0", subject=f"role {person}", content=content, at=AT)


def read(person: str = "p-1") -> list[object]:
    return [one.content["who"] for one in entries_search(subject=f"role {person}", opened=True).entries]


@pytest.mark.capability("P2")
@pytest.mark.django_db(transaction=True)
def test_after_a_change_everything_opens_with_the_new_key_alone_and_the_entry_names_both() -> None:
    with transaction.atomic():
        told()
        told("p-2")
    old, wrapped = instance_key(), {one.person: bytes(one.wrapped) for one in PersonKey.objects.all()}
    assert old is not None
    entry = instance_key_rotate(actor="operator", at=AT)
    new = instance_key()
    assert new not in (None, old)
    assert [path.name for path in key_file().parent.iterdir()] == ["ledger.key"]
    assert read() == read("p-2") == ["Chan Sokha"]
    assert all(bytes(one.wrapped) != wrapped[one.person] for one in PersonKey.objects.all())
    assert key_in_use() == fingerprint(new)
    (told_of,) = entries_search(action="ledger.key.changed").entries
    assert (told_of.number, told_of.content["before"]) == (entry.number, fingerprint(old))
    assert told_of.content["rewrapped"] == {"persons": 2}
    instance_key_check()
    assert list(ledger_faults()) == []
    with pytest.raises(WrongKey):
        unwrap(old, wrap(b"\x07" * 32, b"x", bound_to="b"), bound_to="b")


@pytest.mark.django_db(transaction=True)
def test_a_room_takes_its_secrets_along_and_one_that_cannot_stops_the_change() -> None:
    with transaction.atomic():
        told()
    old = instance_key()
    assert old is not None
    kept = [wrap(old, b"secret", bound_to="a room")]

    def along(before: bytes, after: bytes) -> int:
        kept[:] = [rewrap(before, after, one, bound_to="a room") for one in kept]
        return len(kept)

    rotations.rotation_add("a room", along)
    instance_key_rotate(actor="operator", at=AT)
    new = instance_key()
    assert new is not None and new != old
    assert unwrap(new, kept[0], bound_to="a room") == b"secret"
    (entry,) = entries_search(action="ledger.key.changed").entries
    assert entry.content["rewrapped"] == {"persons": 1, "a room": 1}

    rotations.rotation_add("a room", lambda before, after: rewrap(after, before, kept[0], bound_to="a room") and 1)
    with pytest.raises(WrongKey):
        instance_key_rotate(actor="operator", at=AT)
    assert instance_key() == new
    assert read() == ["Chan Sokha"]
    assert len(entries_search(action="ledger.key.changed").entries) == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_given_by_the_setting_is_changed_to_the_one_that_is_named_and_no_file_is_made(settings) -> None:
    settings.LEDGER_KEY = KEY
    with transaction.atomic():
        told()
    with pytest.raises(WrongUse, match="LEDGER_KEY gives the key"):
        instance_key_rotate(actor="operator", at=AT)
    with pytest.raises(WrongUse, match="key in use"):
        instance_key_rotate(actor="operator", at=AT, to=bytes.fromhex(KEY))
    instance_key_rotate(actor="operator", at=AT, to=bytes.fromhex(OTHER))
    with pytest.raises(WrongKey):
        read()
    settings.LEDGER_KEY = OTHER
    assert read() == ["Chan Sokha"]
    assert not key_file().parent.exists()


@pytest.mark.django_db
def test_there_is_nothing_to_change_where_there_is_no_key_and_no_other_key_is_taken_for_a_file() -> None:
    with pytest.raises(WrongUse, match="no key to change"):
        instance_key_rotate(actor="operator", at=AT)
    told()
    with pytest.raises(WrongUse, match="lies in a file"):
        instance_key_rotate(actor="operator", at=AT, to=bytes.fromhex(OTHER))


READ = """
import django; django.setup()
from betterwork.foundation.ledger.instance_key import key_file
from betterwork.foundation.ledger.queries import entries_search, instance_key_check

def read():
    page = entries_search(subject="role p-1", opened=True, limit=1000)
    return sorted(one.content["who"] for one in page.entries) == sorted(f"Name {n}" for n in range(250))

print(read(), len(entries_search(action="ledger.key.changed").entries))
"""
THEN_CHECK = READ + "instance_key_check(); print(read())"
AGAIN = "from betterwork.entry.command_line import run; assert run(['ledger', 'rotate-key']) == 0" + READ


def process(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BETTERWORK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings"}
    environment.pop("LEDGER_KEY", None)
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rotating")
    done = process(home, "-m", "betterwork.foundation.ledger.tests.rotating", "begun")
    assert done.returncode == 0, done.stderr
    return home


@pytest.mark.capability("P2")
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_instance_opens_and_the_change_can_be_made_again(
    begun: Path, tmp_path: Path, step: str
) -> None:
    home = Path(shutil.copytree(begun, tmp_path / "home"))
    done = process(home, "-m", "betterwork.foundation.ledger.tests.rotating", step)
    assert done.returncode == -signal.SIGKILL, (done.stdout, done.stderr)
    changed = 1 if step in {"adopt", "end"} else 0
    found = process(home, "-c", THEN_CHECK)  # as a process that runs on sees it, and then as one that starts
    assert found.stdout.splitlines() == [f"True {changed}", "True"], found.stderr
    again = process(home, "-c", AGAIN)
    assert again.stdout.splitlines()[-1:] == [f"True {changed + 1}"], again.stderr
    assert [path.name for path in (home / "keys").glob("ledger*")] == ["ledger.key"]
