"""Two devices at the very same moment, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from betterwork.modules.capture.tests.racing import RACES

pytestmark = pytest.mark.capability("C2")

if connection.vendor == "postgresql":

    @pytest.mark.django_db(transaction=True, databases="__all__")
    @pytest.mark.parametrize("race", RACES, ids=lambda one: one.__name__)
    def test_two_devices_at_the_same_moment(race: object) -> None:
        race(0)  # type: ignore[operator]

else:

    def test_two_devices_at_the_same_moment(tmp_path: Path) -> None:
        none = dict.fromkeys(("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_KEY", "LEDGER_KEY"), "")
        command = [sys.executable, "-m", "betterwork.modules.capture.tests.racing"]
        environment = os.environ | none | {"BETTERWORK_HOME": str(tmp_path)}
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=600)
        assert done.returncode == 0, done.stderr.decode()
