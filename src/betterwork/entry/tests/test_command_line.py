"""The command line: one line on error, the right exit status, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def betterwork(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "betterwork.entry.command_line", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BETTERWORK_HOME": str(home), **environment},
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    assert betterwork(folder, "tool", "list").returncode == 0
    return folder


@pytest.mark.capability("P1")
def test_a_fresh_home_is_made_ready_by_the_first_command(tmp_path: Path) -> None:
    done = betterwork(tmp_path / "new", "tool", "list")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("garment") == 2
    assert (tmp_path / "new" / "betterwork.sqlite3").is_file()


@pytest.mark.capability("P5")
@pytest.mark.parametrize("there", [False, True])
def test_what_a_home_holds_is_nobody_elses_to_read(tmp_path: Path, there: bool) -> None:
    home = tmp_path / "new"
    if there:  # made by who installed the machine, open as folders are
        home.mkdir(mode=0o755)
    assert betterwork(home, "tool", "list", SECRET_KEY="x" * 50).returncode == 0
    files = ["betterwork.sqlite3", "vault.sqlite3"]
    assert [(home / name).stat().st_mode & 0o077 for name in files] == [0, 0]
    assert there or home.stat().st_mode & 0o077 == 0


def test_commands_that_start_at_once_on_a_fresh_home_wait_for_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "betterwork.entry.command_line", "tool", "list"]
    environment = {**os.environ, "BETTERWORK_HOME": str(tmp_path / "new")}
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [(process.returncode, errors) for process, (_, errors) in zip(started, ended, strict=True)] == [(0, "")] * 4
    assert {listed.count("garment") for listed, _ in ended} == {2}


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["tool", "export", "1999"], 2, "no version '1999'"),
        (["tool", "import", "no-such-file"], 2, "does not exist"),
        (["tool", "nonsense"], 2, "No such command"),
        (["nonsense"], 2, "No such command"),
        (["evidence", "rates", "--by", "colour"], 2, "colour"),
        (["evidence", "rates", "--by", "point"], 1, "evidence build"),
        (["evidence", "rates", "--by", "point", "--country", "Atlantis"], 2, "Atlantis"),
        (["assessments", "import", "no-such-file"], 2, "does not exist"),
        (
            ["report", "synthesis", "--country", "Atlantis", "--from", "2014-02", "--to", "2015-02", "-o", "x"],
            2,
            "Atlantis",
        ),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_an_error_is_one_clear_line_and_an_exit_status(
    home: Path, arguments: list[str], status: int, message: str
) -> None:
    done = betterwork(home, *arguments)
    assert (done.returncode, message in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    done = betterwork(tmp_path, "tool", "list", BETTERWORK_ENGINE="abacus")
    assert done.returncode == 2
    assert done.stderr == "betterwork: BETTERWORK_ENGINE is 'abacus': write one of duckdb, spark\n"


def test_a_database_that_is_not_one_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "betterwork.sqlite3").write_text("this is not a database, it is a sentence " * 50, encoding="utf-8")
    done = betterwork(tmp_path, "tool", "list")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "not a database" in done.stderr


def test_seals_taken_off_are_noticed_at_the_next_command(tmp_path: Path) -> None:
    import sqlite3

    assert betterwork(tmp_path, "tool", "list").returncode == 0
    with sqlite3.connect(tmp_path / "betterwork.sqlite3") as database:
        database.execute("DROP TRIGGER seal_documents_sealeddocument_update")
    done = betterwork(tmp_path, "tool", "list")
    assert done.returncode == 1
    assert "seals of documents_sealeddocument are gone" in done.stderr


def test_help_is_quick_because_it_imports_nothing_heavy(home: Path) -> None:
    code = (
        "import sys; from betterwork.entry.command_line import run; run(['evidence', 'rates', '--help']);"
        "print([m for m in ('ibis', 'duckdb', 'pyarrow', 'altair', 'scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
