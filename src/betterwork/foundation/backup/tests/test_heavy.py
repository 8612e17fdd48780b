"""What takes long: with HEAVY=1 only. It shows nothing that the other tests do not show with fewer tries."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import EVERYTHING, HEAVY
from django.db import connections

from betterwork.foundation.backup.marking import MARK, instance_empty
from betterwork.foundation.backup.tests.conftest import Server
from betterwork.foundation.backup.tests.instances import KEY, Instance, digests, ended, entered, forked, restored
from betterwork.foundation.backup.tests.test_power_cuts import cut_off_and_done_again, refused_or_empty
from betterwork.foundation.backup.tests.writing import taken_while_others_write

if HEAVY:

    def test_a_restore_into_postgresql_that_is_killed_is_done_again(
        taken: dict[str, Any], server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cut_off_and_done_again(server(tmp_path / "there"), taken, monkeypatch)

    def test_a_restore_killed_at_any_time_of_the_clock_is_done_again(taken: dict[str, Any], empty: Instance) -> None:
        chance = random.Random()
        with entered(empty):
            for _each in range(40 if EVERYTHING else 15):
                child = forked(lambda: restored(taken["sealed"], KEY) and None)
                time.sleep(chance.random() * 2.5)
                os.kill(child, signal.SIGKILL)
                if ended(child) == 0:
                    assert digests() == taken["digests"]
                    with connections["default"].cursor() as cursor:
                        cursor.execute(f"CREATE TABLE {MARK} (backup text, place text, since text)")
                    instance_empty(mark_too=True)
                else:
                    refused_or_empty()
            restored(taken["sealed"], KEY)
            assert digests() == taken["digests"]

    def test_backups_while_others_write_are_each_of_one_moment(
        taken: dict[str, Any], source: Instance, server: Server, tmp_path: Path
    ) -> None:
        there = server(tmp_path / "there")
        with entered(there):
            restored(taken["sealed"], KEY)
        for name, instance in {"sqlite": source.copied(tmp_path / "copy"), "postgresql": there}.items():
            (tmp_path / name).mkdir()
            fresh = [Instance(tmp_path / f"{name}-{number}") for number in range(5)]
            taken_while_others_write(instance, fresh, tmp_path / name)
