"""A damaged file ends in a clear message or a full reconciliation: never another error, never half an import.

HEAVY=2 damages it 10,000 times. BETTERWORK_SEED=… repeats a run; without it the seed is the one of
the properties, which the head of every test run prints.
"""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest
from conftest import EVERYTHING, HEAVY
from django.db import transaction

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.layout import COLUMNS
from betterwork.core.exports.reconciling import Outcome
from betterwork.foundation.documents.models import SealedDocument
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.queries import assessments_faults
from betterwork.modules.assessments.tests.exports import csv_text, imported, some_rows
from betterwork.modules.assessments.tests.mutations import damaged

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]

TIMES = 10_000 if EVERYTHING else 1_000 if HEAVY else 200
IN_ONE = 50  # files in one test, so that a run can be shared out


def _three_hundred_rows() -> list[list[str]]:
    """Rows of two assessments lying interleaved, some labels in quotes, a name with a line break."""
    first, second = (
        [row for row in some_rows(2) if row[3] == number] for number in dict.fromkeys(r[3] for r in some_rows(2))
    )
    second = [[*row[:2], 'Works "Two",\nហុងសា', *row[3:]] for row in second]
    mixed = [row for pair in zip(first, second, strict=False) for row in pair]
    return mixed[:300]


def _whole_files() -> list[tuple[str, bytes]]:
    from openpyxl import Workbook

    rows = _three_hundred_rows()
    text = csv_text(rows)
    book = Workbook()
    for row in [COLUMNS, *rows]:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    plain = [("export.csv", text.encode("utf-8"))] * 10
    workbook = ("export.xlsx", content.getvalue())
    other = [("export.csv", text.encode("utf-16")), ("export.csv", text.encode("utf-8-sig"))]
    return [*plain, *other, workbook, workbook]


@pytest.fixture(scope="module")
def whole_files() -> list[tuple[str, bytes]]:
    return _whole_files()


@pytest.mark.parametrize("part", range(TIMES // IN_ONE))
def test_a_damaged_file_ends_in_a_message_or_a_full_reconciliation(
    part: int, tmp_path: Path, whole_files: list[tuple[str, bytes]], pytestconfig: pytest.Config
) -> None:
    seed = os.environ.get("BETTERWORK_SEED") or pytestconfig.option.hypothesis_seed
    print(f"BETTERWORK_SEED={seed}")  # noqa: T201 - shown where a test fails
    for number in range(part * IN_ONE, (part + 1) * IN_ONE):
        chance = random.Random(f"{seed}/{number}")
        name, whole = chance.choice(whole_files)
        content, what = damaged(name, whole, chance)
        print(f"{number}: {name}, {what}")  # noqa: T201
        path = tmp_path / name
        path.write_bytes(content)
        with transaction.atomic():
            _imported_or_told(path, dry_run=number % 4 != 0)
            transaction.set_rollback(True)


def _imported_or_told(path: Path, *, dry_run: bool) -> None:
    try:
        result = imported(path, dry_run=dry_run, quarantine=path.with_suffix(".refused.csv"))
    except BetterWorkError as error:
        assert str(path) in str(error)
        assert "\n" not in str(error)
        assert not Assessment.objects.exists()
        return
    counts = result.total
    assert counts.adds_up
    sealed = 0 if dry_run else counts.assessments[Outcome.NEW]
    assert Assessment.objects.count() == SealedDocument.objects.filter(kind="assessment").count() == sealed
    assert list(assessments_faults()) == []
    refused = path.with_suffix(".refused.csv")
    assert refused.exists() == bool(counts.refused_total)
    if refused.exists():
        assert refused.read_bytes().count(b"\n") == counts.refused_total + 1
        refused.unlink()


def test_the_whole_files_that_are_damaged_import_without_a_refusal(
    tmp_path: Path, whole_files: list[tuple[str, bytes]]
) -> None:
    for name, content in whole_files[-4:]:
        path = tmp_path / name
        path.write_bytes(content)
        result = imported(path)
        assert (result.total.rows_read, result.total.refused_total) == (300, 0)
    assert Assessment.objects.count() == 2
