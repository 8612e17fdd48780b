"""Importing: from files to sealed documents, with a reconciliation that adds up."""

from __future__ import annotations

import csv
import json
import random
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betterwork.core.errors import BetterWorkError
from betterwork.core.exports.judging import Reason
from betterwork.core.exports.layout import COLUMNS
from betterwork.core.exports.reconciling import Outcome
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.queries import (
    assessment_documents,
    assessments_faults,
    current_digests,
    documents_by_digest,
)
from betterwork.modules.assessments.tests.exports import (
    FLAWED,
    SMALL,
    csv_file,
    digests,
    imported,
    sample_rows,
    some_rows,
)
from betterwork.modules.registry.models import Factory

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P1")]


def content_of(country: str, number: int) -> dict[str, object]:
    row = Assessment.objects.select_related("document").get(country=country, assessment_id=number)
    return next(content for _, content in documents_by_digest([row.document.digest]))


def test_the_small_sample_is_taken_whole_and_a_second_import_changes_nothing() -> None:
    first = imported(SMALL)
    assert first.total.rows_read == len(sample_rows())
    assert first.total.refused_total == 0
    assert first.total.assessments == {Outcome.NEW: 52}
    sealed, rows = digests(), (SealedDocument.objects.count(), Assessment.objects.count(), Factory.objects.count())
    second = imported(SMALL)
    assert second.total.assessments == {Outcome.UNCHANGED: 52}
    assert (second.total.taken, second.total.duplicates) == (first.total.taken, first.total.duplicates)
    assert digests() == sealed
    assert (SealedDocument.objects.count(), Assessment.objects.count(), Factory.objects.count()) == rows
    assert list(assessments_faults()) == []


def test_the_small_sample_seals_what_a_plain_reading_of_it_says() -> None:
    imported(SMALL)
    expected: dict[tuple[int, str], str] = {}
    for row in sample_rows():
        expected[int(row[3]), row[9]] = row[12]
    sealed: dict[tuple[int, str], str] = {}
    for _, content in documents_by_digest(sorted(digests())):
        answers = {code: str(value) for code, value in content["answers"].items()}
        sealed |= {(content["assessment"], code): value for code, value in (answers | content["facts"]).items()}
    assert sealed == expected


def test_the_flawed_sample_reconciles_as_its_json_says() -> None:
    expected = json.loads(FLAWED.with_suffix(".json").read_text(encoding="utf-8"))
    found = imported(FLAWED).as_json()
    expected.pop("note")
    assert {name: found[name] for name in expected} == expected


def test_the_quarantine_holds_each_refused_row_of_the_flawed_sample_by_its_line() -> None:
    result = imported(FLAWED)
    lines = FLAWED.read_text(encoding="utf-8").splitlines()
    with Path(result.files[0].quarantine or "").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 14
    for row in rows:
        fields = next(csv.reader([lines[int(row["line"]) - 1]]))
        assert [row[name] for name in COLUMNS][: len(fields)] == fields
        assert f"assessment_export_flawed.csv, line {row['line']}" in row["message"]
        assert "expected" in row["message"]
    assert [int(row["line"]) for row in rows] == sorted(int(row["line"]) for row in rows)
    assert {row["reason"] for row in rows} == {str(reason) for reason in result.total.refused}


def test_an_assessment_with_a_refused_row_says_what_is_missing_and_is_incomplete(tmp_path: Path) -> None:
    rows = some_rows(1)
    rows[5][12] = "maybe"
    result = imported(csv_file(tmp_path / "one.csv", rows))
    content = content_of("KH", int(rows[0][3]))
    assert rows[5][9] in content["missing"]
    assert content["incomplete"] is True
    assert Assessment.objects.get().incomplete
    assert result.files[0].assessments[0] == {
        "country": "KH", "assessment": 10001, "outcome": "new", "taken": len(rows) - 1, "duplicates": 0, "refused": 1,
        "missing": len(content["missing"]), "incomplete": True,
    }  # fmt: skip


def test_a_point_whose_rows_were_all_refused_for_their_date_makes_the_assessment_incomplete(tmp_path: Path) -> None:
    rows = [row for row in sample_rows() if row[3] == "10012"]  # Nicaragua: asked about accommodation
    spoiled = [[*row[:4], "31/02/2015", *row[5:]] if row[9].startswith("OSH-7") else row for row in rows]
    result = imported(csv_file(tmp_path / "a.csv", spoiled))
    assert sum(result.total.refused.values()) == 9
    assert content_of("NI", 10012)["incomplete"] is True


def test_a_point_that_is_not_in_the_file_at_all_leaves_the_assessment_complete(tmp_path: Path) -> None:
    rows = [row for row in sample_rows() if row[3] == "10012" and not row[9].startswith("OSH-7")]
    imported(csv_file(tmp_path / "a.csv", rows))
    assert content_of("NI", 10012)["incomplete"] is False


def test_a_file_cut_at_the_end_of_a_row_shows_as_an_incomplete_assessment(tmp_path: Path) -> None:
    rows = some_rows(2)
    result = imported(csv_file(tmp_path / "cut.csv", rows[:-60]))
    assert result.total.refused_total == 0
    assert [one["incomplete"] for one in result.files[0].assessments] == [False, True]


def _forms(folder: Path, rows: list[list[str]]) -> dict[str, Path]:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(COLUMNS))
    for row in rows:
        day, month, year = map(int, row[4].split("/"))
        typed = [int(cell) if cell.isdigit() else cell or None for cell in row]
        book.active.append([*typed[:4], datetime(year, month, day), *typed[5:]])
        book.active.cell(book.active.max_row, 3).data_type = "s"  # a name that begins with = is no formula
    book.create_sheet("Notes").append(["made by hand"])
    book.save(folder / "book.xlsx")
    order = random.Random(7).sample(range(14), 14)
    return {
        "byte order mark": csv_file(folder / "bom.csv", rows, "utf-8-sig"),
        "utf-16": csv_file(folder / "u16.csv", rows, "utf-16"),
        "utf-16-le": csv_file(folder / "u16le.csv", rows, "utf-16-le"),
        "utf-16-be": csv_file(folder / "u16be.csv", rows, "utf-16-be"),
        "semicolon": csv_file(folder / "semicolon.csv", rows, separator=";", end="\n"),
        "tab": csv_file(folder / "tab.csv", rows, separator="\t", end="\r"),
        "bar": csv_file(folder / "bar.csv", rows, separator="|"),
        "columns": csv_file(
            folder / "columns.csv",
            [[*(row[at] for at in order), "x"] for row in rows],
            header=[*(COLUMNS[at] for at in order), "Remark"],
        ),
        "workbook": folder / "book.xlsx",
    }


def test_every_form_of_a_file_gives_the_same_documents(tmp_path: Path) -> None:
    rows = [[*row[:2], f"=គ្រឿង “{row[2]}” ក", *row[3:]] for row in some_rows(3)]
    imported(csv_file(tmp_path / "plain.csv", rows))
    plain = digests()
    for form, path in _forms(tmp_path, rows).items():
        result = imported(path)
        assert result.total.assessments == {Outcome.UNCHANGED: 3}, form
        assert result.total.refused_total == 0, form
        assert bool(result.files[0].notes) == (form in ("columns", "workbook")), form
    assert digests() == plain


def test_rows_in_any_order_give_the_same_documents(tmp_path: Path) -> None:
    rows = some_rows(4)
    rows += rows[10:13]
    imported(csv_file(tmp_path / "plain.csv", rows))
    random.Random(1).shuffle(rows)
    assert imported(csv_file(tmp_path / "shuffled.csv", rows)).total.assessments == {Outcome.UNCHANGED: 4}


@pytest.mark.parametrize(
    "name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", 'A "quoted", name', "工厂; № 7\nsecond line"]
)
def test_a_name_of_any_kind_is_kept_as_it_is_and_never_a_formula_in_the_quarantine(tmp_path: Path, name: str) -> None:
    rows = [[*row[:2], name, *row[3:]] for row in some_rows(1)]
    rows[0][12] = "maybe"
    result = imported(csv_file(tmp_path / "named.csv", rows))
    assert Factory.objects.get().name == name
    assert content_of("KH", 10001)["factory"] == {"id": rows[0][1], "name": name}
    with Path(result.files[0].quarantine or "").open(encoding="utf-8", newline="") as file:
        shown = next(csv.DictReader(file))["Factory.Assessed.Name"]
    assert shown[0] not in "=+-@"


def test_a_factory_named_obsolete_is_taken_and_marked(tmp_path: Path) -> None:
    rows = [[*row[:2], "Works (Obsolete)", *row[3:]] for row in some_rows(1)]
    imported(csv_file(tmp_path / "old.csv", rows))
    assert Factory.objects.get().obsolete


def test_a_factory_goes_by_the_name_of_its_latest_assessment_in_whatever_order_files_come(tmp_path: Path) -> None:
    older = [[*row[:2], "Old Name (Obsolete)", "1", "01/01/2010", *row[5:]] for row in some_rows(1)]
    newer = [[*row[:2], "New Name", "2", "01/01/2012", *row[5:]] for row in some_rows(1)]
    imported(csv_file(tmp_path / "newer.csv", newer), csv_file(tmp_path / "older.csv", older))
    factory = Factory.objects.get()
    assert factory.name == "New Name"
    assert factory.obsolete


def test_an_unknown_question_is_taken_where_a_mapping_declares_it(tmp_path: Path) -> None:
    rows = some_rows(1)
    code, rows[3][9] = rows[3][9], "OWN-7"
    path = csv_file(tmp_path / "own.csv", rows)
    assert imported(path, dry_run=True).total.refused == {Reason.UNKNOWN_QUESTION: 1}
    assert imported(path, mapping={"OWN-7": code}).total.refused_total == 0
    content = content_of("KH", 10001)
    assert content["mapped"] == {code: "OWN-7"}
    assert code in content["answers"]


def test_a_mapping_to_nowhere_or_of_a_known_question_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "one.csv", some_rows(1))
    for mapping in ({"OWN-7": "NO-1"}, {"OWN-7": "F-01"}, {"CHL-1-01": "CHL-1-02"}):
        with pytest.raises(BetterWorkError, match="the mapping"):
            imported(path, mapping=mapping)


def test_a_changed_assessment_is_refused_whole_and_others_of_the_file_are_taken(tmp_path: Path) -> None:
    rows = some_rows(2)
    first = [row for row in rows if row[3] == rows[0][3]]
    imported(csv_file(tmp_path / "first.csv", first))
    before = digests()
    rows[0][12] = "1" if rows[0][12] == "0" else "0"
    result = imported(csv_file(tmp_path / "second.csv", [*rows, rows[1]]))
    assert result.total.assessments == {Outcome.CHANGED: 1, Outcome.NEW: 1}
    assert result.total.refused == {Reason.CHANGED_ASSESSMENT: len(first)}
    assert result.total.duplicates == 1
    assert before < digests()


def test_superseding_seals_a_successor_that_says_why_and_keeps_the_old_document_readable(tmp_path: Path) -> None:
    rows = some_rows(1)
    imported(csv_file(tmp_path / "first.csv", rows))
    (old,) = digests()
    rows[0][12], rows[1][12] = "1", "1"
    result = imported(csv_file(tmp_path / "second.csv", rows), supersede="Two findings added after review")
    assert result.total.assessments == {Outcome.SUPERSEDED: 1}
    assessment = Assessment.objects.select_related("document__supersedes").get()
    assert assessment.document.supersedes.digest == old
    assert assessment.document.reason == "Two findings added after review"
    assert [digest for digest, _ in documents_by_digest([old])] == [old]
    assert current_digests() == [("KH", assessment.start.year, assessment.document.digest)]
    assert [digest for digest, _ in assessment_documents()] == [assessment.document.digest]
    assert list(assessments_faults()) == []


def test_going_back_to_earlier_content_is_a_document_of_its_own(tmp_path: Path) -> None:
    rows = some_rows(1)
    changed = [[*row[:12], "1", row[13]] if row[11] == "NCQ" else row for row in rows]
    first, second = csv_file(tmp_path / "a.csv", rows), csv_file(tmp_path / "b.csv", changed)
    for path in (first, second, first, second):
        imported(path, supersede="back and forth")
    assert SealedDocument.objects.filter(kind="assessment").count() == 4
    assert list(assessments_faults()) == []


def test_the_second_of_two_files_is_compared_with_the_first_as_a_later_import_would_be(tmp_path: Path) -> None:
    rows = some_rows(1)
    changed = [[*row[:12], "1", row[13]] if row[11] == "NCQ" else row for row in rows]
    paths = [
        csv_file(tmp_path / "a.csv", rows),
        csv_file(tmp_path / "b.csv", changed),
        csv_file(tmp_path / "c.csv", rows),
    ]
    rehearsed = imported(*paths, dry_run=True)
    done = imported(*paths)
    for result in (rehearsed, done):
        outcomes = [next(iter(file.counts.assessments)) for file in result.files]
        assert outcomes == [Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path, settings: object) -> None:
    settings.BETTERWORK_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rehearsed = imported(FLAWED, dry_run=True)
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not (tmp_path / "home").exists()
    assert rehearsed.total.as_json() == imported(FLAWED).total.as_json()


@pytest.mark.capability("B2")
def test_an_older_tool_version_is_told_by_its_name_in_the_country() -> None:
    imported(SMALL)
    versions = {row.document_id: row.version for row in Assessment.objects.all()}
    assert set(versions.values()) == {"2009", "2014"}
    for _, content in documents_by_digest(sorted(digests())):
        tool = content["tool"]
        assert tool["version"] == {"Garment CAT": "2009", "Garment CAT V2": "2014"}[tool["name"]]
        assert content["written"] == {}  # the labels of each version are its own


def test_a_wrong_file_among_several_stops_the_run_before_anything_is_written(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Country,Cycle\n", encoding="utf-8")
    with pytest.raises(BetterWorkError, match=r"wrong\.csv: the header has no column"):
        imported(csv_file(tmp_path / "right.csv", some_rows(1)), wrong)
    assert not Assessment.objects.exists()


def test_a_workbook_whose_formulas_have_no_results_is_refused_rather_than_read_as_blank(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(COLUMNS))
    for row in some_rows(1):
        book.active.append([*row[:12], "=1-1", row[13]])
    book.save(tmp_path / "formulas.xlsx")
    with pytest.raises(BetterWorkError, match="formulas without stored results"):
        imported(tmp_path / "formulas.xlsx")


def test_a_workbook_whose_rows_are_out_of_order_is_refused_since_some_would_be_left_out(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in [COLUMNS, *some_rows(1)]:
        book.active.append(list(row))
    book.save(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as old, zipfile.ZipFile(tmp_path / "out.xlsx", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'<row r="100"', b'<row r="10"'))
    with pytest.raises(BetterWorkError, match="row 10 comes after row 99"):
        imported(tmp_path / "out.xlsx")


def test_rows_of_several_sheets_are_taken_and_named_by_sheet_and_row(tmp_path: Path) -> None:
    from openpyxl import Workbook

    rows = some_rows(2)
    rows[-4][12] = "maybe"
    book = Workbook()
    book.active.title = "First"
    for sheet, number in ((book.active, rows[0][3]), (book.create_sheet("Second"), rows[-1][3])):
        sheet.append(list(COLUMNS))
        for row in rows:
            if row[3] == number:
                sheet.append(row)
    book.save(tmp_path / "two.xlsx")
    result = imported(tmp_path / "two.xlsx")
    assert result.total.rows_read == len(rows)
    with Path(result.files[0].quarantine or "").open(encoding="utf-8", newline="") as file:
        (refused,) = csv.DictReader(file)
    assert refused["line"] == f"Second!{sum(row[3] == rows[-1][3] for row in rows) + 1 - 3}"


def test_an_import_takes_few_statements_however_many_assessments_a_batch_holds(tmp_path: Path) -> None:
    with CaptureQueriesContext(connection) as few:
        imported(csv_file(tmp_path / "few.csv", some_rows(2)))
    with CaptureQueriesContext(connection) as many:
        imported(csv_file(tmp_path / "many.csv", some_rows(40)))
    countries = Assessment.objects.values("country").distinct().count()
    assert len(many) <= len(few) + 4 * countries


@pytest.mark.capability("P2")
def test_the_ledger_says_from_which_file_each_batch_came_and_by_whom(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "export.csv", some_rows(3))
    for _ in range(2):
        result = imported(file, actor="p-1")
    (entry,) = entries_search(action="assessments.imported").entries
    assert (entry.actor, entry.subject) == ("p-1", f"export {result.files[0].sha256}")
    assert entry.content == {"new": 3, "superseded": 0}
    assert entries_search(action="factories.ensured").entries[0].actor == "p-1"
    assert entries_search(kind="seal", actor="p-1").entries[0].number == entry.number - 1
