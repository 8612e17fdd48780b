"""Two databases that agree after a power cut, a trace before every opening, and files that hold no word."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from betterwork.foundation.vault.tests.cutting import DECIPHERING, DECISION, LONG, MAKING, SECOND, item_of
from betterwork.foundation.vault.tests.interviews import INTERVIEW


@dataclass(frozen=True)
class Ran:
    """What the processes said, in their order, and how vault and ledger stood after."""

    home: Path
    said: list[dict[str, Any]]
    state: Mapping[str, Any]

    def done(self, item: str) -> list[str]:
        return [action for action, about in self.state["actions"] if about == item]


def ran(home: Path, what: str) -> Ran:
    none = dict.fromkeys(("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_KEY", "LEDGER_KEY"), "")
    command = [sys.executable, "-m", "betterwork.foundation.vault.tests.cutting", what]
    environment = os.environ | none | {"BETTERWORK_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return Ran(home, said, next(line for line in said if "faults" in line))


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(tmp_path_factory.mktemp("points"), "points")


@pytest.mark.capability("P2")
@pytest.mark.parametrize(
    ("work", "cut", "content", "then"),
    [
        ("put", DECISION, None, []),
        ("put", MAKING, INTERVIEW, ["put"]),
        ("change", DECISION, INTERVIEW, ["put"]),
        ("change", MAKING, SECOND, ["put", "changed"]),
        ("erase", DECISION, INTERVIEW, ["put"]),
        ("erase", MAKING, None, ["put", "erased"]),
    ],
)
def test_a_change_cut_off_is_made_or_never_was_as_the_ledger_says(
    points: Ran, work: str, cut: str, content: Any, then: list[str]
) -> None:
    item = item_of(work, cut)
    assert {"item": item, "ended": 9} in points.said, "it did not die where it should"
    assert [line for line in points.state["before"] if item in line and "run betterwork vault settle" in line]
    assert points.state["contents"].get(item) == content
    assert points.done(item) == then
    assert points.state["faults"] == []


@pytest.mark.capability("P2")
def test_the_power_fails_between_the_entry_and_the_opening_and_the_trace_is_there(points: Ran) -> None:
    item = item_of("open", DECIPHERING)
    assert {"item": item, "ended": 9} in points.said
    assert not [line for line in points.said if line.get("opened") == item]
    assert points.done(item) == ["put", "opened"]


@pytest.mark.capability("P5")
def test_no_file_of_the_instance_holds_a_word_of_an_interview(points: Ran) -> None:
    assert [line for line in points.said if line.get("content") == LONG], "nothing was opened"
    files = {path.name: path.read_bytes() for path in points.home.rglob("*") if path.is_file()}
    assert {"vault.sqlite3", "betterwork.sqlite3"} <= set(files)
    for name, data in files.items():
        assert b"canteen" not in data, name
        assert b"night door" not in data, name


@pytest.mark.capability("P5")
def test_both_databases_without_the_key_open_nothing(points: Ran) -> None:
    errors = {line["key"]: line["error"] for line in points.said if "key" in line}
    assert "is not there" in errors["none"]
    assert "is another one" in errors["another"]
    assert errors["right"] == ""


@pytest.mark.capability("P5")
def test_what_was_erased_is_in_no_free_page_of_the_file(points: Ran) -> None:
    kept, erased = item_of("open", ""), item_of("erase", "")
    rows = {line["item"]: line for line in points.said if "wrapped" in line}
    held = b"".join(path.read_bytes() for path in points.home.glob("vault.sqlite3*"))

    def pieces_held(item: str) -> int:
        ciphertext = bytes.fromhex(rows[item]["ciphertext"])
        return sum(ciphertext[place : place + 100] in held for place in range(0, len(ciphertext), 1000))

    assert bytes.fromhex(rows[kept]["wrapped"]) in held, "the test looks at the wrong file"
    assert pieces_held(kept) > 50, "the test looks for the wrong pieces"
    assert bytes.fromhex(rows[erased]["wrapped"]) not in held
    assert pieces_held(erased) == 0


@pytest.mark.capability("P2")
def test_killed_at_any_moment_nothing_was_opened_without_a_trace_and_both_databases_agree(tmp_path: Path) -> None:
    found = ran(tmp_path, "kills")
    assert found.state["faults"] == []
    entries = Counter(map(tuple, found.state["actions"]))
    done = [
        (what, line[what]) for line in found.said for what in ("put", "opened", "changed", "erased") if what in line
    ]
    assert {what for what, _item in done} >= {"put", "opened"}, "nothing happened before the power failed"
    for one in done:
        assert entries[one] >= 1, f"{one} without a trace"
    gone = {item for action, item in entries if action == "erased"}
    there = set(found.state["contents"])
    assert not gone & there
    assert {item for what, item in done if what == "put"} - gone <= there, "what was said to be kept is gone"
