"""Storing, attaching, sweeping; killed in the middle."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage

from betterwork.core.canonical import digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.files import services, storing
from betterwork.foundation.files.models import Attachment, StoredFile
from betterwork.foundation.files.queries import attachment_bytes, files_faults
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import CSV, JPEG, path_of
from betterwork.foundation.files.services import attachment_add, attachment_remove, file_store, files_sweep
from betterwork.foundation.files.settings_of import files_storage
from betterwork.foundation.files.subjects import EVERY, RULES, attachment_rule_add
from betterwork.foundation.files.tests import making
from betterwork.foundation.ledger.keys import WrongKey
from betterwork.foundation.ledger.queries import entries_search

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=2)
MUCH_LATER = AT + timedelta(days=40)
TABLE = b"point,found\nEmergency preparedness,166\n"
KEY = "5a" * 32


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own for files."""
    folder = tmp_path / "files"
    how = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = settings.STORAGES | {"files": how}
    yield folder
    RULES.pop("visit", None)


@pytest.fixture
def visits() -> None:
    attachment_rule_add("visit", lambda actor: EVERY, audience=PROGRAMME)


def paths(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


def aged(folder: Path, at: datetime) -> None:
    """Let the files in the storage be as old as the moments in the test."""
    for one in paths(folder):
        os.utime(one, (at.timestamp(), at.timestamp()))


def attached(name: str = "table.csv", content: bytes = TABLE, key: str = "VN/1") -> Attachment:
    file = file_store(content=content, at=AT)
    return attachment_add(actor="p-1", kind="visit", key=key, file=file, name=name, at=AT)


@pytest.mark.django_db
def test_a_file_is_stored_by_what_it_is_and_the_same_content_twice_is_one(storage: Path) -> None:
    one, two = file_store(content=TABLE, at=AT), file_store(content=b"\xef\xbb\xbf" + TABLE, at=LATER)
    assert one.pk == two.pk == digest(TABLE)
    assert (one.media_type, one.size, one.made_at) == (CSV, len(TABLE), AT)
    assert [path.relative_to(storage).as_posix() for path in paths(storage)] == [path_of(one.pk, encrypted=False)]
    assert paths(storage)[0].read_bytes() == TABLE
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_two_photographs_that_differ_only_in_who_took_them_are_one_file(storage: Path) -> None:
    assert file_store(content=making.jpeg("somebody"), at=AT) == file_store(content=making.jpeg("anybody"), at=AT)
    assert len(paths(storage)) == 1


@pytest.mark.django_db
@pytest.mark.capability("P5")
def test_with_a_key_the_storage_holds_no_word_of_the_file(storage: Path, settings: Any) -> None:
    settings.FILES_KEY = KEY
    file = file_store(content=TABLE, at=AT)
    stored = b"".join(path.read_bytes() for path in paths(storage))
    assert b"Emergency" not in stored
    assert b"".join(storing.bytes_read(file.pk, encrypted=True)) == TABLE
    settings.FILES_KEY = "5b" * 32
    with pytest.raises(WrongKey, match="does not open"):
        storing.bytes_read(file.pk, encrypted=True)
    settings.FILES_KEY = ""
    with pytest.raises(WrongKey, match="FILES_KEY"):
        storing.bytes_read(file.pk, encrypted=True)


@pytest.mark.django_db
def test_files_from_before_there_was_a_key_stay_readable(settings: Any) -> None:
    before = file_store(content=TABLE, at=AT)
    settings.FILES_KEY = KEY
    after = file_store(content=b"another text", at=AT)
    assert b"".join(storing.bytes_read(before.pk, encrypted=before.encrypted)) == TABLE
    assert (before.encrypted, after.encrypted) == (False, True)
    assert list(files_faults()) == []


@pytest.mark.django_db
def test_a_sealed_file_moved_under_another_name_does_not_open(storage: Path, settings: Any) -> None:
    settings.FILES_KEY = KEY
    one, two = file_store(content=TABLE, at=AT), file_store(content=b"another text", at=AT)
    place = {row.pk: storage / path_of(row.pk, encrypted=True) for row in (one, two)}
    place[one.pk].write_bytes(place[two.pk].read_bytes())
    assert [line for line in files_faults() if one.pk[:12] in line]


@pytest.mark.django_db
def test_another_service_of_storage_holds_files_just_as_a_folder_does(settings: Any) -> None:
    """What S3 is to Django: a storage that knows no folders of a disk."""
    settings.STORAGES = settings.STORAGES | {"files": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    service = files_storage()
    assert isinstance(service, InMemoryStorage)
    file = file_store(content=TABLE, at=AT)
    assert file_store(content=TABLE, at=AT) == file
    assert service.exists(path_of(file.pk, encrypted=False))
    assert b"".join(storing.bytes_read(file.pk, encrypted=False)) == TABLE
    service.delete(path_of(file.pk, encrypted=False))
    assert len(list(files_faults())) == 1


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_refused_without_being_read_whole(settings: Any) -> None:
    class Endless:
        asked = 0

        def read(self, size: int) -> bytes:
            self.asked += size
            return b"x" * size

    settings.FILES_LIMIT_MB = 1
    given = Endless()
    with pytest.raises(FileRefused, match="1 MB at most"):
        file_store(content=given, at=AT)  # type: ignore[arg-type]
    assert given.asked == 1_000_001


@pytest.mark.django_db
def test_bytes_that_went_missing_come_back_when_the_file_is_given_again(storage: Path) -> None:
    file = file_store(content=TABLE, at=AT)
    paths(storage)[0].unlink()
    assert list(files_faults()) == [
        f"file {file.pk[:12]}… is not in the storage: put it back from a backup",
    ]
    file_store(content=TABLE, at=LATER)
    assert list(files_faults()) == []


@pytest.mark.django_db
def test_a_changed_file_is_found(storage: Path) -> None:
    file = file_store(content=TABLE, at=AT)
    paths(storage)[0].write_bytes(TABLE.replace(b"166", b"167"))
    assert list(files_faults()) == [f"file {file.pk[:12]}… was changed: put it back from a backup"]


@pytest.mark.django_db
@pytest.mark.capability("P2")
def test_attaching_and_removing_stand_in_the_ledger_without_the_name(visits: None) -> None:
    one = attached("Her Name's plan.csv")
    attachment_remove(actor="p-2", attachment=one, at=LATER)
    found = entries_search(subject=f"attachment {one.pk}").entries
    assert [(entry.action, entry.actor) for entry in found] == [
        ("attachment.removed", "p-2"),
        ("attachment.added", "p-1"),
    ]
    assert found[0].content["before"]["file"] == digest(TABLE)
    assert found[0].content["after"]["removed"] is True
    assert "Her Name" not in str([entry.content for entry in found])
    with pytest.raises(WrongUse, match="removed already"):
        attachment_remove(actor="p-2", attachment=one, at=LATER)


@pytest.mark.django_db
def test_nothing_hangs_on_a_thing_whose_room_said_nothing() -> None:
    with pytest.raises(WrongUse, match="has not said"):
        attached()
    with pytest.raises(ValueError, match="release"):
        attachment_rule_add("page", lambda actor: EVERY, audience=PUBLIC)


@pytest.mark.django_db
def test_the_sweep_takes_what_no_row_names_and_leaves_the_rest(visits: None, storage: Path) -> None:
    kept, removed = attached(), attached("b.csv", b"a,b\n1,2\n")
    attachment_remove(actor="p-1", attachment=removed, at=AT)
    unnamed = file_store(content=b"never attached", at=AT)
    (storage / "incoming").mkdir(exist_ok=True)
    (storage / "incoming" / "left").write_bytes(b"half")
    (storage / "a-file-of-somebody-else").write_bytes(b"not ours")
    aged(storage, AT)
    assert files_sweep(actor="operator", at=AT + timedelta(hours=1)).digests == ()
    first = files_sweep(actor="operator", at=LATER)
    assert (first.digests, first.unfinished) == ((unnamed.pk,), 1)
    second = files_sweep(actor="operator", at=MUCH_LATER)
    assert second.digests == (removed.file_id,)
    assert {path.name for path in paths(storage)} == {kept.file_id, "a-file-of-somebody-else"}
    assert files_sweep(actor="operator", at=MUCH_LATER).digests == ()
    assert [entry.content["count"] for entry in entries_search(action="files.swept").entries] == [1, 1]
    assert b"".join(attachment_bytes(kept)) == TABLE
    removed.refresh_from_db()
    assert removed.file is None


@pytest.mark.django_db
def test_a_file_given_again_before_the_sweep_stays(storage: Path) -> None:
    file = file_store(content=TABLE, at=AT)
    file_store(content=TABLE, at=LATER)
    aged(storage, AT)
    assert files_sweep(actor="operator", at=LATER + timedelta(hours=1)).digests == ()
    assert StoredFile.objects.filter(pk=file.pk).exists()


@pytest.mark.django_db
def test_killed_between_row_and_bytes_the_sweep_leaves_no_row_without_bytes(
    storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_store(content=TABLE, at=AT)
    aged(storage, AT)

    def cut(path: str, name: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "_bytes_drop_unnamed", cut)
    with pytest.raises(KeyboardInterrupt):
        files_sweep(actor="operator", at=LATER)
    assert (StoredFile.objects.count(), len(paths(storage))) == (0, 1)
    monkeypatch.undo()
    assert files_sweep(actor="operator", at=LATER).digests == (digest(TABLE),)
    assert paths(storage) == []


@pytest.mark.django_db
@pytest.mark.capability("P5")
def test_a_person_has_her_files_listed_and_her_names_taken_away(visits: None) -> None:
    one = attached("Her Name.csv")
    keeping = KEEPINGS["files"]
    assert keeping.export("p-1") == [
        {"at": AT.isoformat(), "name": "Her Name.csv", "title": "", "hangs on": "visit VN/1"}
    ]
    for _ in range(2):
        keeping.erase("p-1", LATER)
    one.refresh_from_db()
    assert (one.name, one.title, one.added_by) == ("file.csv", "", "")
    assert keeping.export("p-1") == []


@pytest.mark.django_db
def test_a_photograph_is_attached_under_the_ending_of_what_it_is(visits: None) -> None:
    file = file_store(content=making.jpeg(), at=AT)
    one = attachment_add(actor="p-1", kind="visit", key="VN/1", file=file, name="exit.pdf", title=" Exit  3 ", at=AT)
    assert (one.name, one.title, one.file.media_type) == ("exit.jpg", "Exit 3", JPEG)  # type: ignore[union-attr]


@pytest.mark.capability("P2")
def test_killed_at_any_moment_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """kill -9, some times, at moments nobody chose; whoever said that a file is stored told the truth."""
    none = dict.fromkeys(("DATABASE_URL", "VAULT_DATABASE_URL", "FILES_KEY", "FILES_STORAGE"), "")
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "betterwork.foundation.files.tests.storing"],
        env=os.environ | none | {"BETTERWORK_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    told = {line.decode() for line in done.stdout.splitlines()}
    with sqlite3.connect(home / "betterwork.sqlite3") as database:
        rows = dict(database.execute("SELECT digest, size FROM files_storedfile"))
    whole = {path.name: path.read_bytes() for path in paths(home / "files") if path.parent.name != "incoming"}
    assert told
    assert told <= set(rows), "a file that was said to be stored is not"
    assert set(rows) <= set(whole), "a row without bytes"
    assert {name: digest(data) for name, data in whole.items()} == {name: name for name in whole}, "bytes half written"
    assert {name: len(whole[name]) for name in rows} == rows
