"""Two databases that agree after a power cut, a trace before every opening, and files that hold no word."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from betterwork.foundation.vault.tests.cutting import ITEM
from betterwork.foundation.vault.tests.interviews import INTERVIEW

SCRIPT = [sys.executable, "-m", "betterwork.foundation.vault.tests.cutting"]
SECOND = {"text": "SIMULATED second words"}


def environment(home: Path) -> dict[str, str]:
    none = dict.fromkeys(("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_KEY", "LEDGER_KEY"), "")
    return os.environ | none | {"BETTERWORK_HOME": str(home)}


def run(home: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*SCRIPT, *words], env=environment(home), capture_output=True, check=False, timeout=120)


def state(home: Path) -> dict[str, Any]:
    done = run(home, "look")
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose vault holds one interview; to be copied, not worked in."""
    home = tmp_path_factory.mktemp("made")
    done = run(home, "put")
    assert done.returncode == 0, done.stderr.decode()
    return home


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "own"))


def actions(found: dict[str, Any]) -> list[str]:
    return [action.partition(".")[2] for action, _item in found["actions"]]


@pytest.mark.capability("P2")
@pytest.mark.parametrize(
    ("work", "cut", "contents", "then"),
    [
        ("change", "decision", {ITEM: INTERVIEW}, ["put"]),
        ("change", "making", {ITEM: SECOND}, ["put", "changed"]),
        ("erase", "decision", {ITEM: INTERVIEW}, ["put"]),
        ("erase", "making", {}, ["put", "erased"]),
    ],
)
def test_a_change_cut_off_is_made_or_never_was_as_the_ledger_says(
    own: Path, work: str, cut: str, contents: dict[str, Any], then: list[str]
) -> None:
    assert run(own, work, cut).returncode == 9
    found = state(own)
    assert "run betterwork vault settle" in " ".join(found["before"])
    assert found["settled"] == 1
    assert (found["contents"], actions(found), found["faults"]) == (contents, then, [])


@pytest.mark.parametrize(("cut", "contents"), [("decision", {}), ("making", {ITEM: INTERVIEW})])
def test_a_putting_cut_off_is_made_or_never_was(tmp_path: Path, cut: str, contents: dict[str, Any]) -> None:
    assert run(tmp_path, "put", cut).returncode == 9
    found = state(tmp_path)
    assert (found["contents"], found["faults"]) == (contents, [])
    assert actions(found) == (["put"] if contents else [])


@pytest.mark.capability("P2")
def test_the_power_fails_between_the_entry_and_the_opening_and_the_trace_is_there(own: Path) -> None:
    done = run(own, "open", "deciphering")
    assert (done.returncode, done.stdout) == (9, b"")
    assert actions(state(own)) == ["put", "opened"]


@pytest.mark.capability("P2")
def test_killed_at_any_moment_nothing_was_opened_without_a_trace_and_both_databases_agree(tmp_path: Path) -> None:
    dice = random.Random(11)
    said: list[dict[str, Any]] = []
    for _turn in range(3):
        with subprocess.Popen([*SCRIPT, "all"], env=environment(tmp_path), stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert b"ready" in process.stdout.readline()
            time.sleep(dice.uniform(0.2, 0.9))
            process.send_signal(signal.SIGKILL)
            said += [json.loads(line) for line in process.stdout if line.endswith(b"\n")]
    found = state(tmp_path)
    assert found["faults"] == []
    entries = Counter(map(tuple, found["actions"]))
    assert [line for line in said if "opened" in line], "nothing happened before the power failed"
    for line in said:
        for done in ("put", "opened", "changed", "erased"):
            if done in line:
                assert entries[f"vault.{done}", line[done]] >= 1, f"{line} without a trace"
    gone = {line["erased"] for line in said if "erased" in line}
    assert not gone & set(found["contents"])
    assert {line["put"] for line in said if "put" in line} - gone - {
        item for action, item in found["actions"] if action == "vault.erased"
    } <= set(found["contents"]), "what was said to be kept is gone"


@pytest.mark.capability("P5")
def test_no_file_of_the_instance_holds_a_word_of_the_interview(own: Path) -> None:
    assert run(own, "open").returncode == 0
    files = {path.name: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    assert {"vault.sqlite3", "betterwork.sqlite3"} <= set(files)
    for name, data in files.items():
        assert b"canteen" not in data, name
        assert b"night door" not in data, name


@pytest.mark.capability("P5")
def test_a_copy_of_both_databases_without_the_key_opens_nothing(own: Path) -> None:
    key = own / "keys" / "vault.key"
    key.rename(own / "elsewhere")
    assert b"key of the vault is not there" in run(own, "open").stderr
    key.write_text("ab" * 32)
    assert b"key of the vault is another one" in run(own, "open").stderr
    (own / "elsewhere").replace(key)
    assert json.loads(run(own, "open").stdout) == {"opened": INTERVIEW}


@pytest.mark.capability("P5")
def test_what_was_erased_is_in_no_free_page_of_the_file(own: Path) -> None:
    import sqlite3

    with sqlite3.connect(own / "vault.sqlite3") as database:
        (wrapped, ciphertext) = database.execute("SELECT wrapped, ciphertext FROM vault_vaultitem").fetchone()
    assert run(own, "erase").returncode == 0
    held = b"".join(path.read_bytes() for path in own.glob("vault.sqlite3*"))
    assert wrapped not in held
    assert ciphertext not in held
