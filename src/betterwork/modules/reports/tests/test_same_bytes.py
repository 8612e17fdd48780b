"""The same snapshot gives the same bytes, and a report appears whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from betterwork.core.errors import BetterWorkError
from betterwork.modules.reports.output import folder as folders
from betterwork.modules.reports.output.folder import folder_check, folder_write
from betterwork.modules.reports.services import report_write
from betterwork.modules.reports.values import ReportData

pytestmark = pytest.mark.capability("I3")
WRITE = """
import sys, django
django.setup()
from pathlib import Path
from betterwork.modules.reports.services import report_write
from betterwork.modules.reports.tests import world
report_write(data=world.data(40), target=Path(sys.argv[1]))
"""


def test_two_processes_at_different_times_and_places_write_the_same_bytes(tmp_path: Path) -> None:
    running = []
    for name, zone, seed in (("one", "Asia/Ho_Chi_Minh", "1"), ("two", "America/Managua", "2")):
        settings = {"TZ": zone, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings"}
        command = [sys.executable, "-c", WRITE, str(tmp_path / name / "report")]
        running.append(subprocess.Popen(command, env={**os.environ, **settings}, cwd=tmp_path))
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert len(first) > 30
    assert first == second


def test_an_earlier_report_is_replaced_and_leaves_nothing_behind(raw: ReportData, tmp_path: Path) -> None:
    target = tmp_path / "report"
    folder_write(target, {"index.html": b"old", "charts/gone.svg": b"old"}, {})
    folder_write(target, {"index.html": b"new"}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report"]
    assert sorted(path.name for path in target.iterdir()) == ["index.html", "manifest.json"]


def test_a_folder_of_somebody_else_is_refused_and_left_alone(raw: ReportData, tmp_path: Path) -> None:
    target = tmp_path / "theirs"
    target.mkdir()
    (target / "thesis.doc").write_text("years of work")
    with pytest.raises(BetterWorkError, match="holds no report of ours"):
        report_write(data=raw, target=target)
    assert [path.name for path in target.iterdir()] == ["thesis.doc"]


def test_a_report_to_which_somebody_added_a_file_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "report"
    folder_write(target, {"index.html": b"x"}, {})
    (target / "notes.txt").write_text("mine")
    with pytest.raises(BetterWorkError):
        folder_check(target)


@pytest.mark.parametrize("manifest", ["", "{}", "[]", json.dumps({"schema": "other", "files": {}})])
def test_a_manifest_of_another_kind_does_not_make_a_folder_ours(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(BetterWorkError):
        folder_check(tmp_path)


def test_a_run_that_fails_while_writing_leaves_the_earlier_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report"
    folder_write(target, {"index.html": b"old"}, {})
    calls = []

    def full_disk(number: int) -> None:
        calls.append(number)
        if len(calls) == 2:
            raise OSError("no space left")

    monkeypatch.setattr(folders.os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        folder_write(target, {"index.html": b"new", "report.pdf": b"new"}, {})
    assert (target / "index.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_another_minimum_group_is_recorded(raw: ReportData, tmp_path: Path) -> None:
    other = replace(raw, frame=replace(raw.frame, minimum_group=8, minimum_source="given with the command"))
    report_write(data=other, target=tmp_path / "r")
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_text("utf-8"))
    assert manifest["parameters"]["minimum_group"] == 8
    assert manifest["parameters"]["minimum_group_source"] == "given with the command"
    assert "Results of fewer than 8 factories are withheld" in (tmp_path / "r" / "index.html").read_text("utf-8")


def test_a_run_killed_while_writing_leaves_the_earlier_report_whole(tmp_path: Path) -> None:
    target = tmp_path / "report"
    folder_write(target, {"index.html": b"old", "report.pdf": b"old"}, {})
    kill = (
        "import os, sys; from pathlib import Path; from betterwork.modules.reports.output import folder\n"
        "calls = []\n"
        "def die(number):\n"
        "    calls.append(1)\n"
        "    if len(calls) == 2: os.kill(os.getpid(), 9)\n"
        "folder.os.fsync = die\n"
        "folder.folder_write(Path(sys.argv[1]), {'index.html': b'new', 'report.pdf': b'new'}, {})"
    )
    assert subprocess.run([sys.executable, "-c", kill, str(target)], check=False).returncode == -9
    assert {path.read_bytes() for path in target.iterdir() if path.name != "manifest.json"} == {b"old"}
    folder_write(target, {"index.html": b"new"}, {})
    assert (target / "index.html").read_bytes() == b"new"
