"""A backup of an older program into a newer one: put back as it was, then migrated. With an app nobody knew of."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.capability("P2")

SETTINGS = "from betterwork.entry.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'throwaway']\n"
MODELS = """
from django.db import models
from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import NOBODY

@seen_by(id=NOBODY, word=NOBODY{more_audiences})
class Thing(models.Model):
    word = models.CharField(max_length=20)
    {more}
"""
FIRST = """
from django.db import migrations, models

def put(apps, schema_editor):
    apps.get_model("throwaway", "Thing").objects.create(word="carried")

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Thing", [
            ("id", models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")),
            ("word", models.CharField(max_length=20)),
        ]),
        migrations.RunPython(put),
    ]
"""
SECOND = """
from django.db import migrations, models

def fill(apps, schema_editor):
    for one in apps.get_model("throwaway", "Thing").objects.all():
        one.length = len(one.word)
        one.save()

class Migration(migrations.Migration):
    dependencies = [("throwaway", "0001_first")]
    operations = [
        migrations.AddField("Thing", "length", models.IntegerField(default=0)),
        migrations.RunPython(fill),
    ]
"""


def program(folder: Path, *, second: bool) -> Path:
    """A program with an app of its own, in its first or its second version."""
    app = folder / "throwaway"
    (app / "migrations").mkdir(parents=True)
    for package in (app, app / "migrations"):
        (package / "__init__.py").touch()
    (folder / "their_settings.py").write_text(SETTINGS)
    more = {"more": "length = models.IntegerField(default=0)", "more_audiences": ", length=NOBODY"}
    (app / "models.py").write_text(MODELS.format(**(more if second else {"more": "", "more_audiences": ""})))
    (app / "migrations" / "0001_first.py").write_text(FIRST)
    if second:
        (app / "migrations" / "0002_second.py").write_text(SECOND)
    return folder


def run(program: Path, home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BETTERWORK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "their_settings"}
    command = [sys.executable, "-m", "betterwork.entry.command_line", *map(str, words)]
    return subprocess.run(
        command,
        env={**environment, "PYTHONPATH": os.pathsep.join([str(program), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_older_backup_goes_into_a_newer_program(tmp_path: Path) -> None:
    older, newer = program(tmp_path / "older", second=False), program(tmp_path / "newer", second=True)
    file = tmp_path / "b.tar.gz"
    made = run(older, tmp_path / "one", "backup", file)
    assert made.returncode == 0, made.stderr
    with tarfile.open(file) as tar:
        row = tar.extractfile("tables/default/throwaway_thing/000001.jsonl")
        assert row is not None
        assert row.read() == b'[1,"carried"]\n', "a model that nobody told the backup of"
    there = run(newer, tmp_path / "two", "restore", file)
    assert there.returncode == 0, there.stderr
    with sqlite3.connect(tmp_path / "two" / "betterwork.sqlite3") as connection:
        assert connection.execute("SELECT word, length FROM throwaway_thing").fetchall() == [("carried", 7)]
        seals = connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'seal_ledger_entry_%'")
        assert seals.fetchone() == (3,)
    connection.close()
    without = subprocess.run(
        [sys.executable, "-m", "betterwork.entry.command_line", "restore", file],
        env={**os.environ, "BETTERWORK_HOME": str(tmp_path / "three")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert without.returncode == 2
    assert without.stderr.count("\n") == 1
    assert "throwaway 0001_first" in without.stderr
