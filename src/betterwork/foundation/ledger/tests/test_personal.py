"""Personal values: hidden, opened with the key, erased with it, while the chain holds."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from betterwork.core.canonical import NotCanonical, canonical_bytes
from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.instance_key import WrongKey, instance_key, key_file
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.queries import (
    entries_search,
    instance_key_check,
    key_in_use,
    ledger_faults,
    persons_faults,
)
from betterwork.foundation.ledger.rules import AUDIT, BadEntry
from betterwork.foundation.ledger.services import entry_append, person_forget

AT = datetime(2015, 3, 1, tzinfo=UTC)
KEY, OTHER = "11" * 32, "22" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.BETTERWORK_HOME = tmp_path
    settings.LEDGER_KEY = ""
    return tmp_path


def told(person: str = "p-1", name: object = "Chan Sokha") -> Entry:
    content = {"role": "advisor", "who": [{"name": personal(person, name)}]}
    return entry_append(kind=AUDIT, action="role.given", actor="p-0", subject=f"role {person}", content=content, at=AT)


def read(*, opened: bool, person: str = "p-1") -> list[object]:
    found = entries_search(subject=f"role {person}", opened=opened).entries
    return [one.content["who"][0]["name"] for one in found]


@pytest.mark.django_db
@pytest.mark.capability("P5")
def test_a_personal_value_is_nowhere_in_the_tables_and_opens_with_the_key() -> None:
    entry = told()
    for row in [*Entry.objects.values(), *PersonKey.objects.values()]:
        assert b"Sokha" not in b"".join(bytes(v) if not isinstance(v, str) else v.encode() for v in _texts(row))
    assert read(opened=True) == ["Chan Sokha"]
    assert read(opened=False) == ["[personal]"]
    assert b"advisor" in bytes(entry.content)


def _texts(row: dict[str, object]) -> list[str | bytes]:
    return [value for value in row.values() if isinstance(value, str | bytes | memoryview)]


@pytest.mark.django_db
@pytest.mark.capability("P5")
def test_a_person_forgotten_is_erased_and_the_chain_holds() -> None:
    told()
    told("p-2", "Nguyễn Văn An")
    before = {row.number: row.digest for row in Entry.objects.all()}
    entry = person_forget(person_id="p-1", actor="p-0", at=AT)
    assert (entry.action, entry.subject, bytes(entry.content)) == ("person.forgotten", "person p-1", b"{}")
    assert list(ledger_faults()) == []
    assert {row.number: row.digest for row in Entry.objects.filter(number__in=before)} == before
    assert read(opened=True) == read(opened=False) == ["[erased]"]
    assert read(opened=True, person="p-2") == ["Nguyễn Văn An"]
    assert not PersonKey.objects.filter(person="p-1").exists()


@pytest.mark.django_db
@pytest.mark.capability("P5")
def test_what_is_said_of_a_person_after_she_was_forgotten_is_written_as_erased() -> None:
    told()
    first = person_forget(person_id="p-1", actor="p-0", at=AT)
    entry = told(name="Sokha again")
    assert bytes(entry.content).endswith(b'{"name":{"$personal":["p-1",""]}}]}')
    assert read(opened=True) == ["[erased]", "[erased]"]
    assert not PersonKey.objects.exists()
    assert person_forget(person_id="p-1", actor="p-0", at=AT).number == first.number
    assert list(ledger_faults()) == []


@pytest.mark.django_db
def test_the_same_value_of_two_persons_or_twice_of_one_looks_different() -> None:
    contents = [bytes(told(person).content)[-80:] for person in ("p-1", "p-2", "p-1")]
    assert len(set(contents)) == 3


@pytest.mark.django_db
def test_a_personal_value_never_gets_into_the_open_by_a_way_past_the_ledger() -> None:
    with pytest.raises(NotCanonical):
        canonical_bytes({"name": personal("p-1", "Chan Sokha")})
    with pytest.raises(NotCanonical), transaction.atomic():
        entry_append(
            kind=AUDIT, action="role.given", actor="p-0", subject="role p-1",
            content=[personal("p-1", "Chan Sokha")], at=AT, checked=True,
        )  # fmt: skip
    assert not entries_search(subject="role p-1").entries


@pytest.mark.django_db
def test_the_id_of_a_person_is_no_name_because_it_stays() -> None:
    with pytest.raises(BadEntry, match="opaque id"):
        personal("Chan Sokha", "anything")


@pytest.mark.django_db
@pytest.mark.capability("P5")
def test_a_key_destroyed_without_an_entry_and_one_that_came_back_are_found() -> None:
    first = told()
    told()
    told("p-2")
    assert list(persons_faults()) == []
    PersonKey.objects.filter(person="p-1").delete()
    assert [(one.number, one.what) for one in persons_faults()] == [
        (first.number, "values of person p-1 are erased, and no entry says that she was forgotten")
    ]
    kept = PersonKey.objects.get(person="p-2")
    person_forget(person_id="p-1", actor="p-0", at=AT)
    person_forget(person_id="p-2", actor="p-0", at=AT)
    assert list(persons_faults()) == []
    PersonKey.objects.bulk_create([kept])
    assert [str(one) for one in persons_faults()] == [
        "person p-2 was forgotten, and her key is there: a backup brought it back"
    ]


# -- the key of the instance -----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_key_file_is_made_when_first_needed_for_its_owner_alone(home: Path) -> None:
    assert instance_key() is None
    told()
    assert key_file() == home / "keys" / "ledger.key"
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700
    assert [path.name for path in key_file().parent.iterdir()] == ["ledger.key"]
    assert read(opened=True) == ["Chan Sokha"]
    told()
    assert Entry.objects.filter(action="ledger.key.used").count() == 1
    instance_key_check()


@pytest.mark.django_db
def test_the_key_may_come_from_a_setting_and_then_no_file_is_made(settings) -> None:
    settings.LEDGER_KEY = KEY
    told()
    assert read(opened=True) == ["Chan Sokha"]
    assert not key_file().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", [OTHER, ""])
def test_a_wrong_or_missing_key_is_refused_and_no_new_one_is_made(settings, key: str) -> None:
    settings.LEDGER_KEY = KEY
    told()
    settings.LEDGER_KEY = key
    with pytest.raises(WrongKey, match="fingerprint"):
        instance_key_check()
    with pytest.raises(WrongKey):
        read(opened=True)
    with pytest.raises(WrongKey):
        told()
    with pytest.raises(WrongKey):
        told("p-5")
    assert not key_file().exists()
    assert read(opened=False) == ["[personal]"]
    assert key_in_use() is not None


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "zz" * 32, KEY + "00"])
def test_a_key_that_is_none_is_refused_in_words(settings, key: str) -> None:
    settings.LEDGER_KEY = key
    with pytest.raises(WrongUse, match="LEDGER_KEY holds no key: write 64 hexadecimal digits"):
        instance_key_check()


TOLD_AND_FORGOTTEN = """
import django; django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from django.db import transaction
from betterwork.foundation.ledger.models import PersonKey
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.services import entry_append, person_forget
call_command("migrate", verbosity=0)
at = datetime(2015, 3, 1, tzinfo=UTC)
with transaction.atomic():
    entry_append(kind="audit", action="role.given", actor="p-0", subject="role p-1",
                 content={"name": personal("p-1", "Chan Sokha")}, at=at)
print(bytes(PersonKey.objects.get().wrapped).hex())
if FORGET:
    person_forget(person_id="p-1", actor="p-0", at=at)
"""


def _in_a_home(home: Path, code: str) -> str:
    environment = {**os.environ, "BETTERWORK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.capability("P5")
@pytest.mark.parametrize("forget", [False, True])
def test_a_destroyed_key_is_not_left_in_a_free_corner_of_the_file(home: Path, forget: bool) -> None:
    wrapped = bytes.fromhex(_in_a_home(home, TOLD_AND_FORGOTTEN.replace("FORGET", str(forget))))
    files = [path for path in home.iterdir() if path.is_file()]
    assert any(wrapped in path.read_bytes() for path in files) is not forget


def test_a_command_with_a_wrong_key_does_not_start_but_the_chain_can_be_verified_without_it(home: Path) -> None:
    _in_a_home(home, TOLD_AND_FORGOTTEN.replace("FORGET", "False"))
    (home / "keys" / "ledger.key").write_text(OTHER, encoding="ascii")

    def betterwork(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "betterwork.entry.command_line", *arguments]
        environment = {**os.environ, "BETTERWORK_HOME": str(home)}
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    done = betterwork("tool", "list")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "the key of the ledger is another one" in done.stderr
    assert betterwork("ledger", "verify").returncode == 0
    assert "[personal]" in betterwork("ledger", "search", "--subject", "role p-1").stdout
    done = betterwork("ledger", "search", "--personal", "a test")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.django_db(transaction=True)
def test_forgetting_commits_on_both_databases() -> None:
    with transaction.atomic():
        told()
    person_forget(person_id="p-1", actor="p-0", at=AT)
    assert not PersonKey.objects.exists()
    assert connection.vendor in {"sqlite", "postgresql"}
    assert list(ledger_faults()) == []


def test_keys_are_in_a_table_that_can_be_deleted_from(home: Path) -> None:
    _in_a_home(home, TOLD_AND_FORGOTTEN.replace("FORGET", "False"))
    with sqlite3.connect(home / "betterwork.sqlite3") as database:
        triggers = [row[0] for row in database.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")]
    assert "ledger_entry" in triggers
    assert "ledger_personkey" not in triggers
