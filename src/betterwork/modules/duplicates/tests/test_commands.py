"""The command `betterwork duplicates`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.utils import timezone

from betterwork.entry.command_line import main_group
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.registry.models import Merge
from betterwork.modules.registry.services import factories_ensure

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A5")]


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main_group, ["duplicates", *words])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def test_duplicates_are_found_merged_and_taken_apart_by_commands_alone() -> None:
    names = ("Công ty TNHH May Lúa Vàng Hải Âu", "Lua Vang Hai Au Garment Co., Ltd")
    factories_ensure(actor="operator", wanted={("VN", f"{n}"): name for n, name in enumerate(names)}, at=timezone.now())
    assert run("find", "--country", "Viet Nam") == "Viet Nam: 1 new, 0 back, 0 no longer alike\n"
    assert "0 new" in run("find")
    pair = Pair.objects.get()
    shown = run("list", "--country", "VN")
    assert pair.pk in shown and "nothing but the names is known" in shown and shown.endswith("1 pair\n")
    run("merge", pair.pk, "--keep", "7", "--reason", "x", code=1)
    assert run("merge", pair.pk, "--keep", "1", "--reason", "one gate") == "merged: 1 stays\n"
    assert Merge.objects.get().kept.outside_id == "1"
    run("refuse", pair.pk, "--reason", "late", code=1)
    run("unmerge", pair.pk, "--reason", "two gates")
    assert Pair.objects.get().state == "unmerged"
    run("refuse", "zzz", "--reason", "x", code=1)
    assert run("list").endswith("0 pairs\n")


def test_measure_prints_precision_recall_and_errors() -> None:
    shown = run("measure", "--half", "training", "--errors", "1")
    assert "precision 0.99" in shown and "recall" in shown and "SIMULATED" in shown
    assert "shown and not one factory:" in shown and "one factory and not shown:" in shown
