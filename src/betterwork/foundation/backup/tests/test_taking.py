"""What goes into a backup, while others write, and what does not."""

from __future__ import annotations

import base64
import gc
import os
import tarfile
import zlib
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
import pytest
from conftest import HEAVY
from django.apps import apps
from django.core.files.storage import storages

from betterwork.core.errors import WrongUse
from betterwork.foundation.api.limits import counted
from betterwork.foundation.api.once import _file
from betterwork.foundation.backup.archive import Writer
from betterwork.foundation.backup.folders import (
    KEPT,
    LEFT_OUT,
    backup_folder_leave_out,
    kept_files,
    kept_path,
    undeclared,
)
from betterwork.foundation.backup.rules import NOT_CARRIED, SETTLED, BadBackup
from betterwork.foundation.backup.services import backup_check
from betterwork.foundation.backup.snapshots import snapshot
from betterwork.foundation.backup.tables import tables_of_models
from betterwork.foundation.backup.taking import tables_counted
from betterwork.foundation.backup.tests.filling import GONE, STAYS
from betterwork.foundation.backup.tests.instances import (
    AT,
    Instance,
    backed_up,
    ended,
    entered,
    forked,
    restored,
    silent,
)
from betterwork.foundation.backup.tests.writing import disagreements, others_write, taken_while_others_write
from betterwork.foundation.events.models import Event
from betterwork.foundation.files.models import StoredFile
from betterwork.foundation.files.storing import bytes_drop
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import ledger_head
from betterwork.foundation.vault.tests.interviews import INTERVIEW, interview_put

pytestmark = pytest.mark.capability("P2")


def test_every_table_of_every_model_is_carried_or_left_out_by_name() -> None:
    carried = {one.name for one in tables_of_models()}
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    assert carried | set(NOT_CARRIED) == models
    assert not carried & set(NOT_CARRIED)
    assert set(SETTLED) <= carried
    assert all(why.strip() for why in NOT_CARRIED.values())


def test_a_backup_taken_while_others_write_is_of_one_moment(source: Instance, tmp_path: Path) -> None:
    fresh = [Instance(tmp_path / f"fresh-{number}") for number in range(1)]
    taken_while_others_write(source.copied(tmp_path / "copy"), fresh, tmp_path)


def test_nobody_waits_for_a_backup_and_what_is_written_meanwhile_is_not_in_it(source: Instance, tmp_path: Path) -> None:
    with entered(source.copied(tmp_path / "copy")), snapshot() as shot:
        head, tables = shot.head(), dict(tables_counted(shot, silent))
        before, began = Event.objects.count(), monotonic()
        Event.objects.create(name="told", content="meanwhile", at=AT)
        interview_put(INTERVIEW)
        assert monotonic() - began < 10
        assert Event.objects.count() == before + 1
        assert shot.head() == head != ledger_head()
        assert dict(tables_counted(shot, silent)) == tables


def test_the_vault_of_a_snapshot_is_what_its_ledger_says(source: Instance, tmp_path: Path) -> None:
    """Looked at more often, and without restoring."""
    with entered(source.copied(tmp_path / "copy")), others_write():
        for _each in range(200 if HEAVY else 40):
            with snapshot() as shot:
                assert disagreements(shot) == []


def cells(path: Path) -> bytes:
    """Everything that a plain backup holds, opened as far as it opens without a key."""
    found = []
    with tarfile.open(path) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            data = content.read()
            found.append(data)
            for line in data.splitlines() if member.name.startswith("tables/") else []:
                found += [opened(cell) for cell in orjson.loads(line) if isinstance(cell, str)]
    return b"\n".join(found)


def opened(cell: str) -> bytes:
    try:
        data = base64.b64decode(cell, validate=True)
        return data + b"\n" + zlib.decompress(data)
    except zlib.error:
        return data
    except ValueError:
        return b""


@pytest.mark.capability("P5")
def test_a_person_erased_before_is_nowhere_in_a_backup(taken: dict[str, Any]) -> None:
    whole = cells(taken["plain"])
    for word in STAYS:
        assert word.encode() in whole, "who stays is found, or this test looks at nothing"
    for word in GONE:
        assert word.encode() not in whole
    assert b"person.erased" in whole


def test_what_the_api_counts_and_locks_by_lies_in_no_backup(tmp_path: Path, settings: Any) -> None:
    settings.BETTERWORK_HOME = tmp_path
    assert counted("a token", 5, 0.0).left == 4
    _file()
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "quarantine" / "refused.csv").touch()
    written = {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()}
    assert "cache/api-keys.lock" in written and any(one.startswith("cache/limits/") for one in written)
    assert [name for name, _path in kept_files(tmp_path)] == ["quarantine/refused.csv"]
    assert undeclared(tmp_path) == []
    for name in sorted(written - {"quarantine/refused.csv"}):
        with pytest.raises(BadBackup):
            kept_path(tmp_path, name)


def test_what_nobody_spoke_of_in_the_home_is_told(taken: dict[str, Any], source: Instance) -> None:
    assert taken["made"].undeclared == ("of-nobody",)
    backup_folder_leave_out("of-nobody", why="a test")
    assert undeclared(source.home) == []
    assert all(why.strip() for why in LEFT_OUT.values())
    assert {"quarantine", "SIMULATED"} <= KEPT
    assert "evidence" in LEFT_OUT


def test_keys_never_lie_in_the_open(source: Instance, tmp_path: Path) -> None:
    with entered(source), pytest.raises(WrongUse, match="keys go only into"):
        backed_up(tmp_path / "b", None, with_keys=True)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_never_takes_the_place_of_another_file(source: Instance, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("older")
    with entered(source), pytest.raises(WrongUse, match="there already"):
        backed_up(tmp_path / "b")
    assert (tmp_path / "b").read_text() == "older"


def test_a_backup_that_fails_leaves_nothing(source: Instance, tmp_path: Path) -> None:
    def full(what: str, done: int, whole: int) -> None:
        raise OSError(28, "No space left on device")

    with entered(source.copied(tmp_path / "copy")), pytest.raises(OSError, match="No space left"):
        backed_up(tmp_path / "b", progress=full)
    assert [one.name for one in tmp_path.iterdir()] == ["copy"]


def test_that_a_backup_was_taken_is_in_the_ledger_and_in_the_backup(taken: dict[str, Any], again: Instance) -> None:
    with entered(again):
        entry = Entry.objects.order_by("-number")[0]
        assert (entry.action, entry.actor) == ("backup.taken", "operator")
        assert orjson.loads(bytes(entry.content)) == {"encrypted": False, "with_keys": False}


def test_a_missing_file_is_told_and_does_not_stop_the_rest(source: Instance, tmp_path: Path) -> None:
    with entered(source.copied(tmp_path / "copy")):
        paths = [one for one in (tmp_path / "copy" / "files").glob("*/*/*") if one.is_file()]
        paths[0].unlink()
        made = backed_up(tmp_path / "b")
    assert [path.rpartition("/")[2] for path in made.taken.missing] == [paths[0].name]
    assert made.taken.files == len(paths), "all others, and the one of the home"


def test_a_file_swept_meanwhile_makes_the_backup_begin_again(source: Instance, tmp_path: Path) -> None:
    swept: list[str] = []

    def sweep(what: str, done: int, whole: int) -> None:
        if what == "stored files" and not swept:
            row = StoredFile.objects.order_by("-digest")[0]
            row.attachments.all().delete()
            swept.extend(path for path in _paths() if row.digest in path)
            row.delete()
            bytes_drop(swept[0])

    def _paths() -> list[str]:
        place = Path(storages["files"].location)  # type: ignore[attr-defined]
        return [str(one.relative_to(place)) for one in place.glob("*/*/*") if one.is_file()]

    with entered(source.copied(tmp_path / "copy")):
        made = backed_up(tmp_path / "b", progress=sweep)
        assert swept
        assert made.taken.missing == []
        assert made.taken.tables["default.files_storedfile"].rows == 3
        assert backup_check(path=tmp_path / "b", key=None, progress=silent).files == made.taken.files == 4


def resident() -> int:
    """The most memory that this process has used since it was last asked, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def test_what_is_abandoned_writes_nothing_more() -> None:
    """Python's tarfile writes what it still holds when it is thrown away: into the backup that was begun again."""
    told: list[bytes] = []

    class Sink:
        def write(self, data: bytes) -> int:
            told.append(data)
            return len(data)

        def close(self) -> None:
            told.append(b"closed")

    archive = Writer(Sink())
    archive.add("a", b"some")
    archive.abandon()
    before = len(told)
    del archive
    gc.collect()
    assert len(told) == before


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads its memory where Linux tells it")
def test_memory_does_not_grow_with_what_is_backed_up(source: Instance, tmp_path: Path) -> None:
    size = 400 if HEAVY else 50
    copy, fresh = source.copied(tmp_path / "copy"), Instance(tmp_path / "fresh")
    with entered(copy):
        for _each in range(size):  # half of it rows, half one file
            Event.objects.create(name="told", content=os.urandom(375_000).hex()[:750_000], at=AT)
        (copy.home / "kept-by-a-room" / "large").write_bytes(os.urandom(size << 20))

    def within(work: Any) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        before = resident()
        work()
        grown = resident() - before
        assert grown < 45, f"{grown} MB more for {size * 7 // 4} MB"

    with entered(copy):
        child = forked(lambda: within(lambda: backed_up(tmp_path / "b", bytes(32))))
        assert ended(child) == 0
    with entered(fresh):
        child = forked(lambda: within(lambda: restored(tmp_path / "b", bytes(32))))
        assert ended(child) == 0
