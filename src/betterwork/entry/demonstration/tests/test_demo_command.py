from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.entry.demonstration import command, people
from betterwork.entry.demonstration.home import MARK, environment_for, home_start_afresh
from betterwork.entry.demonstration.sign_ins import PASS_PHRASE, SIGN_INS
from betterwork.foundation.doors.roles import ROLES


def test_a_new_home_says_that_it_is_simulated(tmp_path):
    home_start_afresh(tmp_path / "demo")
    assert (tmp_path / "demo" / MARK).read_text(encoding="utf-8").startswith("SIMULATED: ")


def test_a_demonstration_home_starts_afresh(tmp_path):
    home_start_afresh(tmp_path)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "part.parquet").write_bytes(b"x")
    (tmp_path / "betterwork.sqlite3").write_bytes(b"x")
    home_start_afresh(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == [MARK]


def test_a_home_that_is_not_a_demonstration_is_never_touched(tmp_path):
    (tmp_path / "betterwork.sqlite3").write_bytes(b"real")
    with pytest.raises(WrongUse, match="not a demonstration"):
        home_start_afresh(tmp_path)
    assert (tmp_path / "betterwork.sqlite3").read_bytes() == b"real"
    assert not (tmp_path / MARK).exists()


def test_a_link_inside_the_home_is_removed_and_what_it_points_to_is_not(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    home = tmp_path / "demo"
    home_start_afresh(home)
    (home / "link").symlink_to(outside)
    home_start_afresh(home)
    assert (outside / "kept.txt").read_text() == "kept"


def test_a_file_in_the_place_of_the_home_is_refused(tmp_path):
    (tmp_path / "demo").write_text("")
    with pytest.raises(WrongUse, match="is a file"):
        home_start_afresh(tmp_path / "demo")


def test_simulated_data_cannot_reach_a_real_database(tmp_path):
    environment = environment_for(tmp_path, {"DATABASE_URL": "postgres://real", "DATABASE_URL_FILE": "x", "A": "1"})
    assert environment["BETTERWORK_HOME"] == str(tmp_path)
    assert environment["A"] == "1"
    assert not {"DATABASE_URL", "DATABASE_URL_FILE"} & set(environment)


@pytest.fixture
def steps(monkeypatch) -> list[command.Step]:
    taken: list[command.Step] = []

    def take(step: command.Step, home: Path) -> None:
        taken.append(step)
        if step.module == "betterwork.entry.demonstration":
            (home / "exports").mkdir()
            (home / "exports" / "haiti.csv").write_text("")

    monkeypatch.setattr(command, "run_step", take)
    return taken


@pytest.mark.capability("P4")
def test_the_demonstration_goes_by_the_real_commands(tmp_path, steps):
    done = CliRunner().invoke(command.demo, ["--no-serve", "--home", str(tmp_path / "demo")])
    assert done.exit_code == 0
    assert [step.arguments[:2] for step in steps[1:]] == [
        ("assessments", "import"),
        ("evidence", "build"),
        ("evidence", "snapshot"),
        ("report", "keep"),
        ("make",),
        ("--size", "small"),
        ("duplicates", "find"),
        ("ledger", "verify"),
    ]
    assert steps[1].arguments[2:] == (str(tmp_path / "demo" / "exports" / "haiti.csv"),)
    assert "--country 'Viet Nam' --from 2014-02 --to 2015-02 --snapshot demonstration" in steps[4].shown
    assert "SIMULATED" in done.output
    assert "index.html" in done.output
    assert re.search(r"geneva@demo.example +Global staff", done.output)


def test_there_is_a_sign_in_for_each_role():
    assert {one.role for one in SIGN_INS} == set(ROLES)
    assert len({one.email for one in SIGN_INS}) == len(SIGN_INS)
    for one in SIGN_INS:
        assert one.email.endswith(".example")
        assert one.scope.partition(":")[0] in ROLES[one.role].scopes


def test_a_quickly_hashed_pass_phrase_signs_in_and_is_hashed_anew_then():
    quick = people.KnownToAll().encode(PASS_PHRASE, "salt")
    usual = PBKDF2PasswordHasher()
    assert usual.verify(PASS_PHRASE, quick) and not usual.verify("another", quick)
    assert usual.must_update(quick)


def test_the_pages_are_served_at_the_end_unless_told_not_to(tmp_path, steps, monkeypatch):
    served: list[tuple[Path, int]] = []
    monkeypatch.setattr(command, "demonstration_serve", lambda home, port: served.append((home, port)))
    assert CliRunner().invoke(command.demo, ["--home", str(tmp_path / "demo"), "--port", "8123"]).exit_code == 0
    assert served == [(tmp_path / "demo", 8123)]


def test_no_code_is_shown_outside_a_demonstration(tmp_path):
    done = CliRunner().invoke(command.demo, ["code", "geneva@demo.example", "--home", str(tmp_path)])
    assert isinstance(done.exception, WrongUse)
    assert "is no demonstration" in str(done.exception)


def test_no_code_is_shown_of_a_real_person_though_her_home_was_marked(tmp_path, monkeypatch):
    monkeypatch.setattr(people, "simulated", lambda: True)
    with pytest.raises(WrongUse, match="others have their own app"):
        people.code_at("advisor@programme.example", datetime(2026, 11, 22, tzinfo=UTC))


def test_another_country_is_reported_for_its_published_period(tmp_path, steps):
    CliRunner().invoke(command.demo, ["--no-serve", "--home", str(tmp_path / "demo"), "--country", "jordan"])
    assert "--country Jordan --from 2012-10 --to 2013-09" in steps[4].shown


def test_an_unknown_country_is_refused_before_anything_is_made(tmp_path, steps):
    done = CliRunner().invoke(command.demo, ["--no-serve", "--home", str(tmp_path / "demo"), "--country", "Atlantis"])
    assert isinstance(done.exception, WrongUse)
    assert not (tmp_path / "demo").exists()
    assert steps == []


def test_a_step_that_fails_stops_the_demonstration(tmp_path):
    step = command.Step("A step that cannot be", "betterwork.no_such_module", (), "betterwork nothing")
    with pytest.raises(BetterWorkError, match="betterwork nothing"):
        command.run_step(step, tmp_path)
