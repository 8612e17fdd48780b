"""What an import writes beside the documents: nothing over what is read, nothing half, nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.modules.assessments.commands import assessments
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.rules import quarantine_name
from betterwork.modules.assessments.tests.exports import FLAWED, SMALL, csv_file, digests, imported, some_rows

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(assessments, ["import", *(str(argument) for argument in arguments)])


def workbook(path: Path, *rows: list[str]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("option", ["--report", "--quarantine"])
def test_nothing_is_written_over_the_export_itself(tmp_path: Path, option: str) -> None:
    export = tmp_path / "export.csv"
    export.write_bytes(FLAWED.read_bytes())
    (tmp_path / "folder").mkdir()
    result = run(export, option, tmp_path / "folder" / ".." / "export.csv")
    assert result.exit_code == 2
    assert "in use already" in result.output
    assert export.read_bytes() == FLAWED.read_bytes()
    assert not Assessment.objects.exists()


def test_report_and_quarantine_are_two_files(tmp_path: Path) -> None:
    assert run(FLAWED, "--report", tmp_path / "one", "--quarantine", tmp_path / "one").exit_code == 2


@pytest.mark.parametrize("option", ["--report", "--quarantine"])
def test_a_place_nobody_may_write_to_is_told_before_anything_is_read(
    tmp_path: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    result = run(SMALL, option, tmp_path / "out")
    assert (result.exit_code, "no permission" in result.output) == (2, True)
    assert not Assessment.objects.exists()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a device that is always full")
@pytest.mark.parametrize("option", ["--report", "--quarantine"])
def test_a_full_disk_does_not_lose_the_reconciliation_of_what_was_imported(tmp_path: Path, option: str) -> None:
    (tmp_path / "full").symlink_to("/dev/full")  # a link: a test gone wrong must not replace the device itself
    result = run(FLAWED, option, tmp_path / "full")
    assert (tmp_path / "full").is_symlink()
    assert isinstance(result.exception, WrongUse)
    assert "cannot be written (No space left on device)" in str(result.exception)
    assert "before it" not in str(result.exception)
    assert "1025 rows read = 1006 taken + 5 duplicates + 14 refused" in result.stdout
    assert Assessment.objects.count() == 4


def test_a_quarantine_that_fails_midway_leaves_nothing_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("betterwork.modules.assessments.quarantine.Quarantine.write", fails)
    with pytest.raises(WrongUse, match="No space left"):
        imported(FLAWED, quarantine=tmp_path / "refused.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_midway_does_not_lose_what_the_ones_before_it_said(tmp_path: Path) -> None:
    late = workbook(tmp_path / "late.xlsx", ["x"])
    import zipfile

    from betterwork.core.exports.layout import COLUMNS

    whole = workbook(tmp_path / "whole.xlsx", list(COLUMNS), *some_rows(1))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(late, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, data[: len(data) // 2] if part.endswith("sheet1.xml") else data)
    result = run(FLAWED, late, "--report", tmp_path / "report.json")
    assert isinstance(result.exception, BetterWorkError)
    assert "late.xlsx: the workbook cannot be read" in str(result.exception)
    assert "1025 rows read = 1006 taken + 5 duplicates + 14 refused" in result.stdout
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["taken"] == 1006


def test_a_workbook_that_is_no_export_stops_the_run_before_anything_is_written(tmp_path: Path) -> None:
    wrong = workbook(tmp_path / "wrong.xlsx", [], ["a title"])
    with pytest.raises(BetterWorkError, match=r"wrong\.xlsx: no sheet has the header"):
        imported(csv_file(tmp_path / "right.csv", some_rows(1)), wrong)
    assert not Assessment.objects.exists()


def test_a_workbook_is_read_whatever_its_name_ends_in(tmp_path: Path) -> None:
    from betterwork.core.exports.layout import COLUMNS

    imported(csv_file(tmp_path / "plain.csv", some_rows(1)))
    before = digests()
    book = workbook(tmp_path / "book.xlsx", list(COLUMNS), *some_rows(1)).rename(tmp_path / "export.csv")
    assert imported(book).total.refused_total == 0
    assert digests() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_refused_since_it_could_be_read_once_only(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(WrongUse, match="no file but a pipe or device"):
        imported(tmp_path / "pipe.csv")


def test_a_file_whose_name_is_no_text_is_reported(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    try:
        csv_file(path, some_rows(1))
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    result = run(path, "--report", tmp_path / "report.json")
    assert result.exit_code == 0, result.exception
    assert "caf\\xe9.csv: 2" in result.stdout
    (file,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["files"]
    assert os.fsencode(file["file"]) == os.fsencode(path)


def test_a_reason_that_is_no_text_is_refused() -> None:
    assert run(SMALL, "--supersede", os.fsdecode(b"caf\xe9")).exit_code == 2


def test_a_quarantine_has_a_name_that_a_file_can_have_in_any_script() -> None:
    name = quarantine_name("ក" * 80, "0123456789")
    assert name.endswith("ក-01234567.csv")
    assert len(name.encode("utf-8")) <= 200


def test_it_is_not_said_that_the_rest_was_taken_where_there_is_none(tmp_path: Path) -> None:
    rows = [[*row[:4], "2014-01-31", *row[5:]] for row in some_rows(1)]
    result = run(csv_file(tmp_path / "dates.csv", rows))
    assert (result.exit_code, "no row was taken" in result.stderr) == (1, True)


def test_content_may_go_back_to_what_it_was_and_every_step_stays(tmp_path: Path) -> None:
    rows = some_rows(1)
    first = csv_file(tmp_path / "a.csv", rows)
    other = csv_file(tmp_path / "b.csv", [[*row[:12], "0" if row[11] == "NCQ" else row[12], row[13]] for row in rows])
    seen = []
    for path in (first, other, first, other):
        assert imported(path, supersede="the same reason").total.refused_total == 0
        seen += digests()
    assert len(set(seen)) == 4


def test_a_file_with_a_header_and_no_rows_is_noted(tmp_path: Path) -> None:
    result = run(csv_file(tmp_path / "header.csv", []))
    assert (result.exit_code, "note: there is no row after the header" in result.stdout) == (0, True)


@pytest.mark.parametrize(("kinds", "noted"), [("text", False), ("cells", False), ("both", True)])
def test_dates_that_are_partly_cells_and_partly_text_are_noted(tmp_path: Path, kinds: str, noted: bool) -> None:
    from datetime import date

    from openpyxl import Workbook

    from betterwork.core.exports.layout import COLUMNS

    book = Workbook()
    book.active.append(list(COLUMNS))
    for row in some_rows(2):
        day, month, year = map(int, row[4].split("/"))
        typed = kinds == "cells" or (kinds == "both" and day <= 12)  # what a spreadsheet does that puts months first
        book.active.append([*row[:4], date(year, month, day) if typed else row[4], *row[5:]])
    book.save(tmp_path / "book.xlsx")
    starts = {int(row[4].split("/")[0]) <= 12 for row in some_rows(2)}
    assert len(starts) == 2, "the sample has days on both sides of 12"
    notes = imported(tmp_path / "book.xlsx").files[0].notes
    assert any("exchanged day and month" in note for note in notes) is noted
