"""Killed at any moment: no half backup under its name, and an instance restored wholly, or one that says it is not."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import HEAVY
from django.db import connections

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup import services
from betterwork.foundation.backup.marking import MARK, mark_set, restoring_check
from betterwork.foundation.backup.rules import NotEmpty
from betterwork.foundation.backup.tests.instances import (
    AT,
    KEY,
    Instance,
    backed_up,
    digests,
    ended,
    entered,
    forked,
    killed_at,
    restored,
    silent,
)
from betterwork.foundation.vault.models import VaultItem

pytestmark = pytest.mark.capability("P2")


def counted(work: Callable[[Any], object]) -> int:
    """How often ``work`` tells its progress."""
    told = [0]

    def progress(what: str, done: int, whole: int) -> None:
        told[0] += 1

    work(progress)
    return told[0]


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(source: Instance, tmp_path: Path) -> None:
    with entered(source.copied(tmp_path / "copy")):
        moments = counted(lambda progress: backed_up(tmp_path / "counting", progress=progress))
        for moment in random.Random(3).sample(range(moments), moments if HEAVY else 4):
            file = tmp_path / f"killed-{moment}"
            child = forked(lambda file=file, moment=moment: backed_up(file, KEY, progress=killed_at(moment)))
            assert ended(child) == -signal.SIGKILL
            assert not file.exists()
            assert len(list(tmp_path.glob(f"{file.name}.*.part"))) == 1
        backed_up(tmp_path / f"killed-{moment}", KEY)


def killed(instance: Instance, path: Path, progress: Any) -> None:
    child = forked(lambda: restored(path, KEY, progress))
    assert ended(child) == -signal.SIGKILL
    refused_or_empty()


def refused_or_empty() -> None:
    """What a restore leaves that did not come to its end."""
    if connections["default"].introspection.table_names():
        with pytest.raises(NotEmpty, match="run betterwork restore FILE again"):
            restoring_check()
    else:
        assert not connections["vault"].introspection.table_names()


def cut_off_and_done_again(instance: Instance, taken: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(instance):
        for step in ("tables_make", "made_current", "mark_remove"):
            with monkeypatch.context() as patch:
                patch.setattr(services, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
                killed(instance, taken["sealed"], silent)
        for moment in random.Random(5).sample(range(180), 30 if HEAVY else 2):
            killed(instance, taken["sealed"], killed_at(moment))
        restored(taken["sealed"], KEY)
        restoring_check()
        assert digests() == taken["digests"]


def test_a_restore_that_is_killed_is_refused_by_all_and_done_again(
    taken: dict[str, Any], empty: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off_and_done_again(empty, taken, monkeypatch)


def test_between_the_two_databases_there_is_no_moment_that_is_taken_for_whole(
    taken: dict[str, Any], empty: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the vault is committed and the main database is not."""
    from betterwork.foundation.backup import restoring

    put = restoring.rows_and_files_put

    def put_and_cut(*given: Any, **more: Any) -> None:
        connections["default"].run_on_commit.clear()
        commit = type(connections["default"]).commit

        def cut(connection: Any) -> None:
            if connection.alias == "default":
                os.kill(os.getpid(), signal.SIGKILL)
            commit(connection)

        monkeypatch.setattr(type(connections["default"]), "commit", cut)
        put(*given, **more)

    with entered(empty):
        with monkeypatch.context() as patch:
            patch.setattr(services, "rows_and_files_put", put_and_cut)
            killed(empty, taken["sealed"], silent)
        assert VaultItem.objects.count() == 11
        with pytest.raises(NotEmpty):
            restoring_check()


def test_a_restore_that_fails_takes_out_what_it_put_in(
    taken: dict[str, Any], empty: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with entered(empty):
        monkeypatch.setattr(services, "made_current", full)
        with pytest.raises(OSError, match="No space left"):
            restored(taken["sealed"], KEY)
        for name in ("default", "vault"):
            assert connections[name].introspection.table_names() == []
        restoring_check()


def test_what_the_restore_of_another_backup_left_is_taken_out(taken: dict[str, Any], empty: Instance) -> None:
    with entered(empty):
        mark_set(backup_id="another", at=AT)
        (empty.home / "kept-by-a-room").mkdir()
        (empty.home / "kept-by-a-room" / "of-another").write_text("half")
        restored(taken["sealed"], KEY)
        assert digests() == taken["digests"]


def test_a_mark_with_another_vault_empties_nothing(taken: dict[str, Any], source: Instance, empty: Instance) -> None:
    with entered(empty):
        with connections["default"].cursor() as cursor:
            cursor.execute(f"CREATE TABLE {MARK} (backup text, place text, since text)")
            cursor.execute(f"INSERT INTO {MARK} VALUES ('', 'vault elsewhere.sqlite3, home here', '')")
        with pytest.raises(NotEmpty, match="had another vault or another home"):
            restored(taken["sealed"], KEY)


def test_two_restores_do_not_run_into_one_home(taken: dict[str, Any], empty: Instance) -> None:
    from betterwork.foundation.backup.marking import restore_alone

    with (
        entered(empty),
        restore_alone(),
        pytest.raises(BetterWorkError, match="another restore into this home is running"),
    ):
        restored(taken["sealed"], KEY)
