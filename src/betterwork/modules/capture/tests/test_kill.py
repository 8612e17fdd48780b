"""Killed at any moment while it takes what a device sends: nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.capability("C2")


def test_processes_are_killed_and_everything_that_was_sent_is_there_once(tmp_path: Path) -> None:
    none = dict.fromkeys(("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_KEY", "LEDGER_KEY"), "")
    command = [sys.executable, "-m", "betterwork.modules.capture.tests.cutting"]
    environment = os.environ | none | {"BETTERWORK_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(line.get("killed") for line in said), "nobody was killed"
    found = said[-1]
    told = {one for line in said for one in line.get("taken", ())}
    assert told <= set(found["held"]), "what was told as taken is gone"
    assert found["held"] == found["wanted"]
    assert found["numbers"]
    assert found["stands"]
    assert found["conflicts"] == 0
    assert found["faults"] == []
    assert found["file"][0] == found["file"][1]
    assert found["file"][2]
    assert found["pieces"] == 0
