"""An instance that is half restored is worked on by no command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SET = """
import django; django.setup()
from datetime import UTC, datetime
from betterwork.foundation.backup.marking import mark_set
mark_set(backup_id="0" * 32, at=datetime(2026, 1, 1, tzinfo=UTC))
"""


@pytest.mark.capability("P2")
def test_no_command_works_on_an_instance_that_is_half_restored(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "BETTERWORK_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings",
    }

    def head() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "betterwork.entry.command_line", "ledger", "head"]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    subprocess.run([sys.executable, "-c", SET], env=environment, check=True)
    refused = head()
    assert refused.returncode == 1
    assert "restore" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
