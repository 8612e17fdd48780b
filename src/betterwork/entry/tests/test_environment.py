"""Settings from the environment refuse nonsense instead of guessing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from betterwork.entry.environment import (
    BadSetting,
    env_bool,
    env_choice,
    env_database,
    env_folder,
    env_int,
    env_mail,
    env_networks,
    env_origin,
    env_secret,
    secret_in,
)


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("0", False), ("No", False), ("", True)])
def test_a_switch_is_true_or_false(monkeypatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("SWITCH", value)
    assert env_bool("SWITCH", True) is expected


def test_a_switch_that_is_neither_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("SWITCH", "maybe")
    with pytest.raises(BadSetting, match="SWITCH is 'maybe': write true or false"):
        env_bool("SWITCH", False)


@pytest.mark.parametrize("value", ["12.5", "x", "-1", "101", "1e3", "٣"])
def test_a_number_out_of_its_bounds_is_refused(monkeypatch, value: str) -> None:
    monkeypatch.setenv("NUMBER", value)
    with pytest.raises(BadSetting, match="NUMBER"):
        env_int("NUMBER", 5, low=0, high=100)


def test_networks_are_read_and_what_is_none_is_refused(monkeypatch) -> None:
    assert env_networks("NETWORKS") == ()
    monkeypatch.setenv("NETWORKS", " 10.1.0.0/16, fd00::/8  192.168.7.9")
    assert env_networks("NETWORKS") == ("10.1.0.0/16", "fd00::/8", "192.168.7.9/32")
    for wrong in ("10.1.0.1/16", "inside", "10.1.0.0/33", "10.1.0.0/16;10.2.0.0/16"):
        monkeypatch.setenv("NETWORKS", wrong)
        with pytest.raises(BadSetting, match=r"NETWORKS is .*: write networks like"):
            env_networks("NETWORKS")


SAID = """
from betterwork.entry import settings
print(settings.API_REQUESTS_A_MINUTE, settings.API_STRANGERS_A_MINUTE, settings.API_ANSWERS_KEPT_HOURS)
print(settings.WEBHOOKS_INSIDE)
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "betterwork.entry.settings"
import django; django.setup()
from betterwork.foundation.api import settings_of as api
from betterwork.foundation.webhooks.calling import networks_allowed
print(api.requests_a_minute(), api.requests_of_strangers_a_minute(), api.answers_kept())
print(networks_allowed())
"""


def test_the_limits_of_the_api_and_the_networks_of_webhooks_come_from_the_environment(tmp_path: Path) -> None:
    given = {
        "API_REQUESTS_A_MINUTE": "7", "API_STRANGERS_A_MINUTE": "3", "API_ANSWERS_KEPT_HOURS": "48",
        "WEBHOOKS_INSIDE": "10.1.0.0/16",
    }  # fmt: skip
    environment = {**os.environ, "BETTERWORK_HOME": str(tmp_path), **given}
    ran = subprocess.run([sys.executable, "-c", SAID], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["7 3 48", "('10.1.0.0/16',)", "7 3 2 days, 0:00:00", "('10.1.0.0/16',)"]
    environment["API_REQUESTS_A_MINUTE"] = "0"
    ran = subprocess.run([sys.executable, "-c", SAID], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode != 0 and "API_REQUESTS_A_MINUTE is '0': write a whole number" in ran.stderr


def test_an_unknown_choice_is_refused_with_the_known_ones(monkeypatch) -> None:
    monkeypatch.setenv("ENGINE", "abacus")
    with pytest.raises(BadSetting, match="duckdb, spark"):
        env_choice("ENGINE", "duckdb", ("duckdb", "spark"))


def test_a_file_where_a_folder_belongs_is_refused(monkeypatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("HOME_FOLDER", str(file))
    with pytest.raises(BadSetting, match="a folder is needed"):
        env_folder("HOME_FOLDER", "./var")


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "secret"))
    assert env_secret("KEY", "") == "s3cret"
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(BadSetting, match="cannot be read"):
        env_secret("KEY", "")


def test_the_database_is_embedded_unless_an_address_is_given(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert env_database("DATABASE_URL", embedded=tmp_path / "x")["NAME"] == tmp_path / "x"
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss@localhost:5433/better")
    found = env_database("DATABASE_URL", embedded=tmp_path / "x")
    assert (found["USER"], found["PASSWORD"], found["PORT"], found["NAME"]) == ("ann", "p@ss", "5433", "better")


@pytest.mark.parametrize("value", ["mysql://x/y", "postgres://host", "nonsense"])
def test_another_database_is_refused(monkeypatch, tmp_path: Path, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(BadSetting, match="must look like postgres://"):
        env_database("DATABASE_URL", embedded=tmp_path / "x")


@pytest.mark.parametrize(
    "value", ["work.example", "ftp://work.example", "https://work.example/app", "http://:80", "http://a:x"]
)
def test_where_people_reach_the_platform_is_a_scheme_and_a_host(monkeypatch, value: str) -> None:
    monkeypatch.setenv("URL", value)
    with pytest.raises(BadSetting, match="URL is"):
        env_origin("URL", "http://localhost:8000")


def test_an_origin_says_whether_the_way_is_encrypted(monkeypatch) -> None:
    monkeypatch.setenv("URL", "https://work.example:8443")
    origin = env_origin("URL", "")
    assert (str(origin), origin.host, origin.secure) == ("https://work.example:8443", "work.example", True)
    monkeypatch.delenv("URL")
    assert not env_origin("URL", "http://localhost:8000").secure


def test_mail_is_printed_unless_a_server_is_named(monkeypatch) -> None:
    monkeypatch.delenv("MAIL", raising=False)
    assert str(env_mail("MAIL")["EMAIL_BACKEND"]).endswith("console.EmailBackend")
    monkeypatch.setenv("MAIL", "smtp://office:p%40ss@mail.example")
    found = env_mail("MAIL")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"]) == ("mail.example", 587, "p@ss")
    assert found["EMAIL_USE_TLS"] is True
    monkeypatch.setenv("MAIL", "mail.example")
    with pytest.raises(BadSetting, match="MAIL must look like"):
        env_mail("MAIL")


def test_a_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret.key"
    first = secret_in(path)
    assert len(first) > 50
    assert secret_in(path) == first
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["secret.key"]


def test_the_home_that_the_first_secret_makes_is_nobody_elses_to_look_into(tmp_path: Path) -> None:
    secret_in(tmp_path / "home" / "keys" / "secret.key")
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
