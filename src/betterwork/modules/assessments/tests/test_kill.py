"""An import killed at any point leaves all or nothing of each assessment, and running it again completes it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from conftest import EVERYTHING, HEAVY

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.foundation.documents.queries import document_sections
from betterwork.modules.assessments.tests.exports import csv_file, some_rows

pytestmark = pytest.mark.capability("P1")

KILLS = 40 if EVERYTHING else 8 if HEAVY else 5
MODULE = "betterwork.modules.assessments.tests.killed_import"


def _run(home: Path, file: Path, last: int = 0, when: str = "before") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BETTERWORK_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    environment.pop("DATABASE_URL_FILE", None)
    command = [sys.executable, "-m", MODULE, str(file), str(last), when]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def _sealed(home: Path) -> dict[str, str]:
    """Key → digest of every assessment stored, once each was found whole."""
    with sqlite3.connect(home / "betterwork.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute(
            "SELECT d.key, d.digest, d.sections, d.body, a.country || '/' || a.assessment_id, f.outside_id"
            " FROM documents_sealeddocument d"
            " LEFT JOIN assessments_assessment a ON a.document_id = d.id"
            " LEFT JOIN registry_factory f ON f.id = a.factory_id WHERE d.kind = 'assessment'"
        ).fetchall()
        assert database.execute("SELECT count(*) FROM assessments_assessment").fetchone() == (len(rows),)
    database.close()
    for key, _, sections, body, of_row, factory in rows:
        content = document_sections(body)["programme"]
        assert key == of_row
        assert content["factory"]["id"] == factory
        assert digest(canonical_bytes(content)) == orjson.loads(sections)["programme"]
    return {row[0]: row[1] for row in rows}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, int, dict[str, str]]:
    """(a fresh home, an export, how many statements its import takes, what it seals)."""
    folder = tmp_path_factory.mktemp("kill")
    environment = {
        **os.environ,
        "BETTERWORK_HOME": str(folder / "fresh"),
        "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings",
    }
    environment.pop("DATABASE_URL", None)
    (folder / "fresh").mkdir()
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True, capture_output=True, timeout=120)
    file = csv_file(folder / "export.csv", some_rows(24))
    shutil.copytree(folder / "fresh", folder / "whole")
    done = _run(folder / "whole", file)
    assert done.returncode == 0, done.stderr
    return folder / "fresh", file, int(done.stdout), _sealed(folder / "whole")


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_import_keeps_whole_assessments_only_and_the_next_one_completes_it(
    number: int, whole: tuple[Path, Path, int, dict[str, str]], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    fresh, file, statements, expected = whole
    seed = os.environ.get("BETTERWORK_SEED") or pytestconfig.option.hypothesis_seed
    chance = random.Random(f"{seed}/kill/{number}")
    last, when = (
        chance.randint(statements * number // KILLS + 1, statements * (number + 1) // KILLS),
        chance.choice(["before", "after"]),
    )
    home = tmp_path / "home"
    shutil.copytree(fresh, home)
    killed = _run(home, file, last, when)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    kept = _sealed(home)
    assert kept.items() <= expected.items()
    assert len(kept) % 4 == 0  # batches of four: each is there whole or not at all
    completed = _run(home, file)
    assert completed.returncode == 0, completed.stderr
    assert _sealed(home) == expected
