"""Building, reusing, superseding, snapshots, and what a killed build leaves."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.evidence import builds, queries, services
from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.queries import Choice, store_open
from betterwork.modules.evidence.tests.sample import (
    ROOT,
    build_of,
    contents_of_csv,
    made_up,
    seal,
    shipped_catalogue,
)

pytestmark = pytest.mark.django_db
LATER = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.BETTERWORK_HOME = tmp_path
    settings.BETTERWORK_ENGINE = "duckdb"
    return tmp_path


def assessed(number: int, finding: int, *, country: str = "KH", year: int = 2014) -> dict[str, Any]:
    return made_up(country, number, f"f{number}", f"{year}-05-01", 1, "2014", {"CMP-1-01": finding})


def hashes(home: Path) -> dict[str, str]:
    files = sorted((home / "evidence" / "partitions").rglob("*"))
    return {
        str(file.relative_to(home)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()
    }


def noncompliant(snapshot: str | None = None) -> int:
    with store_open(snapshot) as store:
        return sum(row["noncompliant"] for row in queries.rates(store, "question").records())


def test_without_a_store_the_command_to_run_is_named() -> None:
    with pytest.raises(BetterWorkError, match="betterwork evidence build"), store_open():
        pass
    with pytest.raises(BetterWorkError, match="betterwork assessments import"):
        services.store_build(at=LATER)


@pytest.mark.capability("P4")
def test_a_second_build_writes_nothing_and_a_new_document_writes_its_country_and_year_only() -> None:
    seal([assessed(1, 0), assessed(2, 1, year=2015), assessed(3, 1, country="VN")])
    assert [(one.country, one.year) for one in services.store_build(at=LATER).written] == [
        ("KH", 2014), ("KH", 2015), ("VN", 2014)
    ]  # fmt: skip
    again = services.store_build(at=LATER)
    assert (again.written, again.reused) == ((), 3)
    seal([assessed(4, 1, year=2015)])
    third = services.store_build(at=LATER)
    assert [(one.country, one.year, one.documents) for one in third.written] == [("KH", 2015, 2)]
    assert noncompliant() == 3


@pytest.mark.capability("I3")
def test_building_again_from_nothing_gives_the_same_bytes(home: Path) -> None:
    seal(contents_of_csv())
    first = services.store_build(at=LATER)
    before = hashes(home)
    assert len(before) == 5 * len(first.build.partitions)
    for file in sorted((home / "evidence").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    second = services.store_build(at=LATER)
    assert hashes(home) == before
    assert (second.build.id, second.build.taken_at) == (first.build.id, first.build.taken_at)


def test_a_partition_cut_short_is_written_anew(home: Path) -> None:
    seal([assessed(1, 1)])
    (partition,) = services.store_build(at=LATER).written
    file = services.store_folder().file(partition.name, "answers")
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(BetterWorkError, match="not whole"), store_open():
        pass
    assert len(services.store_build(at=LATER).written) == 1
    assert noncompliant() == 1


def test_the_stamp_names_the_documents_and_never_the_clock() -> None:
    seal([assessed(1, 0)])
    (digest,) = seal([assessed(2, 0)], at=LATER)
    services.store_build(at=LATER)
    with store_open() as store:
        assert store.stamp.taken_at == "2021-06-01T00:00:00Z"
        assert store.stamp.documents == 2
        assert store.build.newest == digest and store.notice == ""
        table = queries.rates(store, "point")
    assert table.snapshot == store.stamp


def test_a_store_older_than_the_database_says_so_and_answers() -> None:
    seal([assessed(1, 1)])
    services.store_build(at=LATER)
    seal([assessed(2, 1)], at=LATER)
    with store_open() as store:
        assert "betterwork evidence build" in store.notice
        assert len(queries.rates(store, "factory").rows) == 1


@pytest.mark.capability("I3")
def test_a_superseded_document_changes_the_store_but_not_a_snapshot(home: Path) -> None:
    seal([assessed(1, 0), assessed(2, 0)])
    services.snapshot_seal(name="first", build=services.store_build(at=LATER).build, at=LATER)
    seal([assessed(1, 1)], at=LATER, reason="the finding was typed wrongly")
    assert noncompliant() == 0, "not built yet"
    services.store_build(at=LATER)
    assert noncompliant() == 1
    assert noncompliant("first") == 0
    for file in sorted((home / "evidence").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    assert noncompliant("first") == 0, "made again from the sealed documents"
    with pytest.raises(BetterWorkError, match="evidence build"):
        noncompliant()


def test_a_table_of_a_snapshot_is_the_same_after_it_was_made_again(home: Path) -> None:
    seal(contents_of_csv())
    services.snapshot_seal(name="small", build=services.store_build(at=LATER).build, at=LATER)
    with store_open("small") as store:
        before = queries.rates(store, "cluster", Choice(country="VN"))
    for file in sorted((home / "evidence").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    with store_open("small") as store:
        assert queries.rates(store, "cluster", Choice(country="VN")) == before


def test_a_snapshots_name_is_never_given_to_another_set() -> None:
    seal([assessed(1, 0)])
    first = services.store_build(at=LATER).build
    sealed = services.snapshot_seal(name="one", build=first, at=LATER)
    assert services.snapshot_seal(name="one", build=first, at=LATER).digest == sealed.digest
    seal([assessed(2, 0)])
    with pytest.raises(WrongUse, match="already names another set"):
        services.snapshot_seal(name="one", build=services.store_build(at=LATER).build, at=LATER)
    for name in ("", " x", "a\nb", "x" * 101, "bad name", "a/../b", "-x", ".x"):
        with pytest.raises(WrongUse, match="cannot name a snapshot"):
            services.snapshot_seal(name=name, build=first, at=LATER)
    with pytest.raises(WrongUse, match="known: one"), store_open("two"):
        pass


def test_a_snapshot_whose_documents_are_not_here_is_refused_in_one_line(home: Path) -> None:
    seal([assessed(1, 0)])
    build = services.store_build(at=LATER).build
    elsewhere = build_of(services.store_folder(), [assessed(9, 0)])
    services.snapshot_seal(name="elsewhere", build=elsewhere, at=LATER)
    for one in elsewhere.partitions:
        for file in (services.store_folder().partitions / one.name).iterdir():
            file.unlink()
    with pytest.raises(BetterWorkError, match="are not in this database"), store_open("elsewhere"):
        pass
    assert build.documents == 1


def test_a_document_that_answers_a_question_its_version_does_not_ask_is_named() -> None:
    seal([made_up("KH", 1, "a", "2014-01-01", 1, "2014", {"OSH-8-90": 0})])
    with pytest.raises(BetterWorkError, match="OSH-8-90"):
        services.store_build(at=LATER)


def test_two_builds_at_once_are_not_allowed(home: Path) -> None:
    seal([assessed(1, 0)])
    with services.store_folder().locked(), pytest.raises(BetterWorkError, match="another build"):
        services.store_build(at=LATER)


KILLED = """
import os, sys
sys.path[:0] = {path!r}
os.environ["DJANGO_SETTINGS_MODULE"] = "betterwork.entry.settings"
import django; django.setup()
from pathlib import Path
from betterwork.modules.evidence import builds, layout, partitions
from betterwork.modules.evidence.tests.sample import build_of, contents_of_csv

step, calls = {step!r}, 0
def dying(function):
    def instead(*args, **words):
        global calls
        calls += 1
        if calls == {nth}:
            print("about to die", flush=True)
            os.kill(os.getpid(), 9)
        return function(*args, **words)
    return instead

Path.rename, Path.replace, partitions._files_write = map(
    lambda name, real: dying(real) if step == name else real,
    ("rename", "replace", "write"), (Path.rename, Path.replace, partitions._files_write))
folder = layout.Folder(Path({folder!r}))
with folder.locked():
    build = build_of(folder, contents_of_csv())
    builds.build_write(folder, build)
    builds.build_point(folder, build)
print("survived", flush=True)
"""


@pytest.mark.capability("P4")
@pytest.mark.parametrize(("step", "nth"), [("write", 3), ("rename", 5), ("replace", 1), ("replace", 2)])
def test_a_build_killed_at_any_step_leaves_the_last_good_one(home: Path, step: str, nth: int) -> None:
    folder = Folder(home / "evidence")
    with folder.locked():
        good = build_of(folder, [assessed(1, 1)])
        builds.build_write(folder, good)
        builds.build_point(folder, good)
    script = KILLED.format(path=[str(ROOT / "src"), str(ROOT)], step=step, nth=nth, folder=str(folder.path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL and "about to die" in done.stdout, done.stderr
    assert builds.build_current(folder).id == good.id
    with folder.locked():
        left = [file.name for file in (*folder.partitions.iterdir(), *folder.builds.iterdir())]
        assert not [name for name in left if name.startswith(".")], "what was left aside is swept away"
        again = build_of(folder, contents_of_csv())
        builds.build_write(folder, again)
        builds.build_point(folder, again)
    assert builds.build_current(folder).id == again.id


def test_projecting_streams_so_that_memory_does_not_grow_with_the_documents(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from betterwork.core.evidence.dimensions import dimensions_of

    codes = shipped_catalogue().by_version["2014"].compliance_codes
    dimensions = dimensions_of(shipped_catalogue())

    def peak(documents: int) -> int:
        def stream(digests: Any) -> Iterator[tuple[str, dict[str, Any]]]:
            for number in range(documents):
                answers = dict.fromkeys(codes, number % 2)
                yield f"{number:064x}", made_up("KH", number, f"f{number}", "2014-05-01", 1, "2014", answers)

        monkeypatch.setattr(services, "documents_by_digest", stream)
        folder = services.store_folder()
        tracemalloc.start()
        partition = services.partition_project(
            folder=folder, name=f"KH-2014-{documents:032x}", dimensions=dimensions, digests=[]
        )
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert partition.documents == documents
        return held

    peak(10)
    small, large = peak(200), peak(2000)
    answers = 1800 * len(codes)
    # A content dictionary is about 100 bytes an answer; arrays are a few, and the run being written 40.
    assert (large - small) / answers < 60


@pytest.mark.capability("P2")
def test_the_ledger_says_who_built_which_set_and_who_sealed_which_snapshot() -> None:
    seal([assessed(1, 0)])
    built = services.store_build(at=LATER, actor="p-1")
    services.snapshot_seal(name="first", build=built.build, at=LATER, actor="p-2")
    (entry,) = entries_search(action="evidence.built").entries
    assert (entry.actor, entry.content["set_digest"], entry.content["documents"]) == ("p-1", built.build.set_digest, 1)
    assert entries_search(subject="snapshot first").entries[0].actor == "p-2"
