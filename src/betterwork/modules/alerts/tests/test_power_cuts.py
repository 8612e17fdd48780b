"""The power fails between each step of raising a concern and of writing a step: what stands, and what a retry mends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from betterwork.modules.alerts.tests.concerns import DONE, WORDS
from betterwork.modules.alerts.tests.cutting import AFTER, CASES, ENTRY, MAKING, NOTE, NOTICE, RAISE, STEP, WORDS_BEGIN

pytestmark = [pytest.mark.capability("H1"), pytest.mark.capability("P2")]
PROJECT = Path(__file__).parents[5]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    none = dict.fromkeys(("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_KEY", "LEDGER_KEY"), "")
    environment = os.environ | none | {"BETTERWORK_HOME": str(tmp_path_factory.mktemp("cuts"))}
    command = [sys.executable, "-m", "betterwork.modules.alerts.tests.cutting"]
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, check=False, timeout=400)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def case(said: list[dict[str, Any]], what: str, point: str) -> dict[str, Any]:
    (found,) = [line for line in said if line.get("what") == what and line.get("point") == point]
    assert found["ended"] == 9, "it did not die where it should"
    return found


CUT_RAISE = {
    # point: (rows, told, words) after the cut
    NOTICE: (0, 0, ""),
    WORDS_BEGIN: (1, 2, ""),
    ENTRY: (1, 2, ""),
    MAKING: (1, 2, ""),
    AFTER: (1, 2, WORDS),
}


@pytest.mark.parametrize("point", list(CUT_RAISE))
def test_a_concern_cut_off_is_not_there_or_was_told(said: list[dict[str, Any]], point: str) -> None:
    cut = case(said, RAISE, point)["cut"]
    assert (cut["rows"], cut["told"], cut["words"]) == CUT_RAISE[point]
    assert cut["raised"] == cut["rows"], "a row without its entry, or an entry without its row"


@pytest.mark.parametrize("point", list(CUT_RAISE))
def test_sent_again_a_concern_is_whole_and_nobody_was_told_twice(said: list[dict[str, Any]], point: str) -> None:
    found = case(said, RAISE, point)
    assert found["again"] == ["done"] * 3, "whoever died lets go of it at once"
    then = found["then"]
    assert (then["rows"], then["told"], then["raised"], then["words"]) == (1, 2, 1, WORDS)


@pytest.mark.parametrize("point", [point for what, point in CASES if what == NOTE])
def test_a_step_cut_off_is_not_there_or_has_its_words(said: list[dict[str, Any]], point: str) -> None:
    cut = case(said, NOTE, point)["cut"]
    assert cut["steps"] == cut["noted"] == (1 if point == AFTER else 0)
    assert not cut["steps"] or cut["words"] == DONE
    assert bool(cut["words"]) == (point in {STEP, NOTICE, AFTER})


@pytest.mark.parametrize("point", [point for what, point in CASES if what == NOTE])
def test_sent_again_a_step_is_there_once_with_its_words(said: list[dict[str, Any]], point: str) -> None:
    found = case(said, NOTE, point)
    assert found["again"] == ["done"] * 3
    then = found["then"]
    assert (then["steps"], then["noted"], then["words"]) == (1, 1, DONE)


def test_in_the_end_both_databases_agree_and_nothing_is_left_over(said: list[dict[str, Any]]) -> None:
    assert said[-1] == {"faults": [], "tidied": 0}
    assert len(said) == len(CASES) + 1
