"""The command `betterwork factory`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from betterwork.entry.command_line import main_group
from betterwork.modules.registry.models import Factory, Merge

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A2")]


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main_group, ["factory", *words])
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout


def test_a_register_is_kept_by_commands_alone(tmp_path: Path) -> None:
    assert run("register", "Viet Nam", "1", "Nine Dragons", "--since", "2020-01-01", "--town", "Huế") == "VN/1\n"
    run("register", "VN", "1", "Again", code=1)
    file = tmp_path / "list.csv"
    file.write_text("Country,Number,Name,Exports,Exports source\nVN,2,Nine Dragon,yes,Ministry\nXX,3,No,,\n")
    shown = run("import", str(file), code=1)
    assert "2\tadded\tVN/2" in shown and "3\trefused" in shown and Factory.objects.count() == 1
    run("import", str(file), "--take", code=1)
    assert Factory.objects.count() == 2
    run("merge", "VN/2", "VN/1", "--reason", "one gate")
    assert run("list", "--country", "VN").splitlines() == ["VN/1\tregistered\t\t\tNine Dragons"]
    assert len(run("list", "--merged").splitlines()) == 2
    assert "merged into\tVN/1" in run("show", "VN/2")
    run("merge", "VN/2", "VN/1", "--reason", "twice", code=1)
    run("unmerge", "VN/2", "--reason", "two gates")
    assert Merge.objects.get().undone_at is not None
    run("unmerge", "VN/2", "--reason", "two gates", code=1)
    shown = run("show", "VN/1")
    assert "addresses\tHu" in shown and "Registered as Nine Dragons" in shown
    assert run("participation", "VN") == ""
    assert run("coverage", "VN").splitlines() == [
        "day\tfactories\tworkers\tcounted\tshare_of_factories\tshare_of_workers\tfamily"
    ]
    assert run("coverage", "VN", "--on", "2020-01-01").splitlines()[1].startswith("2020-01-01\t0\t0\t0")
    for wrong in (["show", "VN/9"], ["list", "--state", "gone"], ["coverage", "Atlantis"], ["merge", "VN/1", "VN/1"]):
        CliRunner().invoke(main_group, ["factory", *wrong, "--reason", "x"])
        assert CliRunner().invoke(main_group, ["factory", *wrong]).exit_code != 0
