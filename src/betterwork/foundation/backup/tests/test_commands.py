"""The two commands, as somebody types them."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.backup.commands import _bar, backup, restore
from betterwork.foundation.backup.tests.instances import KEY, Instance, digests, entered

pytestmark = pytest.mark.capability("P2")


def run(command: Any, *words: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in words])


def said(result: Result) -> str:
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "backup.key"
    path.write_text(KEY.hex() + "\n")
    return path


def test_digests_before_and_after_are_printed_alike(
    taken: dict[str, Any], source: Instance, empty: Instance, key_file: Path
) -> None:
    with entered(source):
        before = said(run(backup, "--digests"))
    with entered(empty):
        told = said(run(restore, taken["sealed"], "--key-file", key_file))
        after = said(run(backup, "--digests"))
    assert before == after
    assert "default.people_person" in before
    assert "files/" in before
    assert "home/kept-by-a-room/deep/a%20name" in before
    assert "Every digest is what it was" in told
    assert "Before the first command" not in told, "the keys were in it"


def test_a_backup_says_what_must_be_kept_elsewhere(source: Instance, tmp_path: Path, key_file: Path) -> None:
    with entered(source.copied(tmp_path / "copy")):
        plain = said(run(backup, tmp_path / "plain"))
        sealed = said(run(backup, tmp_path / "sealed", "--key-file", key_file, "--with-keys"))
        assert not said(run(backup, tmp_path / "quiet", "--quiet")).replace(
            "left out: of-nobody in BETTERWORK_HOME, of which no room says whether it is needed\n", ""
        )
    assert "lies in the open" in plain
    assert "keys/ledger.key (personal values in the ledger, second steps, fingerprint" in plain
    assert "keys/vault.key (the vault, fingerprint" in plain
    assert "keys/ledger.key" not in sealed
    assert "without it this file is noise" in sealed
    assert (tmp_path / "plain").stat().st_mode & 0o777 == 0o600


def test_a_key_from_the_settings_encrypts_and_opens(source: Instance, tmp_path: Path) -> None:
    with entered(source.copied(tmp_path / "copy"), BACKUP_KEY=KEY.hex(), LEDGER_KEY=""):
        said(run(backup, tmp_path / "b"))
        assert (tmp_path / "b").read_bytes().startswith(b"betterwork backup under a key")
        assert "is whole: " in said(run(restore, tmp_path / "b", "--check"))


def test_a_look_at_a_backup_changes_nothing(taken: dict[str, Any], source: Instance, empty: Instance) -> None:
    with entered(empty):
        told = said(run(restore, taken["plain"], "--check"))
        assert list(empty.home.iterdir()) == []
    assert "tables and" in told
    assert "ledger head" in told
    with entered(source):
        assert said(run(restore, taken["plain"], "--check")), "also beside an instance that is in use"
        assert digests()


def test_restoring_without_the_keys_says_which_are_missing(again: Instance) -> None:
    from betterwork.foundation.backup.queries import keys_faults

    with entered(again):
        told = keys_faults()
    assert [("ledger" in line, "vault" in line) for line in told] == [(True, False), (False, True)]


def test_a_ledger_that_was_tampered_with_is_restored_as_it_is_and_it_is_said(
    source: Instance, empty: Instance, tmp_path: Path, key_file: Path
) -> None:
    import sqlite3

    copy = source.copied(tmp_path / "copy")
    with sqlite3.connect(copy.home / "betterwork.sqlite3") as connection:
        connection.execute("DROP TRIGGER seal_ledger_entry_update")
        connection.execute("UPDATE ledger_entry SET actor = 'somebody-else' WHERE number = 2")
    connection.close()
    with entered(copy):
        run(backup, tmp_path / "b")
    with entered(empty):
        result = run(restore, tmp_path / "b")
        assert result.exit_code == 1
        assert "entry 2: it was changed" in result.output
        assert "like this when it was backed up" in result.output


def test_a_file_or_the_digests_are_asked_for(source: Instance, tmp_path: Path) -> None:
    for words in ((), (tmp_path / "b", "--digests")):
        assert run(backup, *words).exit_code == 2
    with entered(source):
        (tmp_path / "short.key").write_text("abcd")
        result = run(backup, tmp_path / "b", "--key-file", tmp_path / "short.key")
        assert isinstance(result.exception, BetterWorkError)
        assert "64 hexadecimal digits" in str(result.exception)


def test_the_bar_is_shown_where_somebody_looks_and_not_when_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = {}
    for quiet in (False, True):
        screen = Screen()
        monkeypatch.setattr(sys, "stderr", screen)
        with _bar(quiet) as progress:
            progress("nothing", 0, 0)
            for done in range(4):
                progress("rows", done, 3)
        monkeypatch.undo()
        shown[quiet] = screen.getvalue()
    assert "rows" in shown[False]
    assert "3/3" in shown[False]
    assert shown[True] == ""
