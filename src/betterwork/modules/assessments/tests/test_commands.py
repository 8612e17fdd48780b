"""The command line: what it says, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.documents.models import SealedDocument
from betterwork.modules.assessments.commands import assessments
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.tests.exports import FLAWED, SMALL, csv_file, digests, some_rows

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(assessments, [str(argument) for argument in arguments])


def test_a_clean_import_ends_with_0_and_a_reconciliation() -> None:
    result = run("import", SMALL)
    assert result.exit_code == 0
    assert "12669 rows read = 12662 taken + 7 duplicates + 0 refused" in result.stdout
    assert "assessments: 52 new" in result.stdout
    assert result.stderr == ""


def test_refused_rows_end_with_1_and_the_rest_is_taken(tmp_path: Path) -> None:
    result = run("import", FLAWED, "--quarantine", tmp_path / "refused.csv", "--report", tmp_path / "report.json")
    assert result.exit_code == 1
    assert result.stderr.strip() == "14 rows were refused; the rest was taken"
    assert "refused as bad_date: 3" in result.stdout
    assert (tmp_path / "refused.csv").read_text(encoding="utf-8").startswith("line,reason,message,Country,")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["rows_read"] == report["taken"] + report["duplicates"] + report["refused_total"] == 1025
    (file,) = report["files"]
    assert file["quarantine"] == str(tmp_path / "refused.csv")
    assert sum(one["taken"] for one in file["by_assessment"]) == report["taken"]
    assert Assessment.objects.count() == 4


def test_one_quarantine_file_takes_the_refused_rows_of_all_exports(tmp_path: Path) -> None:
    rows = some_rows(1)
    rows[0][12] = "maybe"
    second = csv_file(tmp_path / "second.csv", [[*row[:3], "77", *row[4:]] for row in rows])
    result = run("import", FLAWED, second, "--quarantine", tmp_path / "refused.csv")
    assert "total: " in result.stdout
    lines = (tmp_path / "refused.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 14 + 1
    assert "second.csv, line 2, column Finding: found 'maybe'" in lines[-1]


def test_a_dry_run_writes_nothing_but_the_files_asked_for(tmp_path: Path) -> None:
    result = run("import", FLAWED, "--dry-run", "--quarantine", tmp_path / "refused.csv")
    assert result.exit_code == 1
    assert "nothing was written" in result.stderr
    assert (tmp_path / "refused.csv").exists()
    assert not Assessment.objects.exists()


def test_a_mapping_file_declares_unknown_questions(tmp_path: Path) -> None:
    rows = some_rows(1)
    mapping = tmp_path / "mapping.csv"
    mapping.write_text(f"code_in_file,code\nOWN-7,{rows[0][9]}\n", encoding="utf-8-sig")
    rows[0][9] = "OWN-7"
    assert run("import", csv_file(tmp_path / "own.csv", rows), "--mapping", mapping).exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n", "header must be code_in_file,code"),
        ("code_in_file,code\nOWN-7,\n", "line 2: OWN-7 needs a code in both columns"),
        ("code_in_file,code\nOWN-7,CHL-1-01\nOWN-7,CHL-1-02\n", "line 3: OWN-7 leads to two codes"),
    ],
)
def test_a_bad_mapping_file_is_told_by_its_line(tmp_path: Path, content: str, message: str) -> None:
    mapping = tmp_path / "mapping.csv"
    mapping.write_text(content, encoding="utf-8")
    result = run("import", SMALL, "--mapping", mapping)
    assert isinstance(result.exception, BetterWorkError)
    assert message in str(result.exception)


@pytest.mark.parametrize(
    "arguments",
    [
        ["import"],
        ["import", "no-such-file.csv"],
        ["import", SMALL, "--supersede", "  "],
        ["import", SMALL, "--report", "no/such/folder/report.json"],
        ["import", SMALL, "--quarantine", "no/such/folder/refused.csv"],
    ],
)
def test_wrong_use_ends_with_2_before_anything_is_written(arguments: list[object]) -> None:
    assert run(*arguments).exit_code == 2
    assert not Assessment.objects.exists()


def test_superseding_is_told(tmp_path: Path) -> None:
    rows = some_rows(1)
    run("import", csv_file(tmp_path / "a.csv", rows))
    rows[0][12] = "1"
    assert run("import", csv_file(tmp_path / "b.csv", rows)).exit_code == 1
    result = run("import", tmp_path / "b.csv", "--supersede", "Corrected after review")
    assert result.exit_code == 0
    assert "assessments: 1 superseded" in result.stdout


def test_verify_is_content_with_what_import_sealed(tmp_path: Path) -> None:
    run("import", csv_file(tmp_path / "a.csv", some_rows(2)))
    result = run("verify")
    assert result.exit_code == 0
    assert "2 assessments: every document matches its digests" in result.stdout


def test_verify_finds_a_document_put_in_by_another_way_and_a_row_that_differs(tmp_path: Path) -> None:
    run("import", csv_file(tmp_path / "a.csv", some_rows(2)))
    assert len(digests()) == 2
    good = SealedDocument.objects.filter(kind="assessment").first()
    assert good is not None
    forged = SealedDocument.objects.create(
        kind="assessment", key="KH/1", digest="0" * 64, content_digest="0" * 64, sections=good.sections,
        body=b"not a body", sealed_at=good.sealed_at,
    )  # fmt: skip
    Assessment.objects.filter(document=good).update(cycle=9)
    result = run("verify")
    assert result.exit_code == 1
    assert f"KH/1 {forged.digest[:12]}: the body cannot be read" in result.stdout
    assert "date, cycle, version or completeness differ from its document" in result.stdout
