"""The written report: one set of numbers in every file, nothing withheld in any, simulated said everywhere."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from betterwork.modules.reports import words
from betterwork.modules.reports.content.derived import with_derived
from betterwork.modules.reports.content.sections import content_of
from betterwork.modules.reports.output.page import page
from betterwork.modules.reports.output.sheets import csv_bytes
from betterwork.modules.reports.rules import report_safe
from betterwork.modules.reports.services import report_files
from betterwork.modules.reports.tests import world
from betterwork.modules.reports.tests.reading import csv_rows, files_in, page_tables, pdf_pages, words_of
from betterwork.modules.reports.values import ReportData, SafeReport

pytestmark = pytest.mark.capability("I3")
SECTIONS = (
    *("at-a-glance", "factories", "findings", "public-issues", "national", "change", "trend", "years"),
    *("published", "method", "annex"),
)


def test_the_folder_holds_all_that_is_published(folder: Path) -> None:
    names = {path.relative_to(folder).as_posix() for path in files_in(folder)}
    assert {"index.html", "report.pdf", "tables.xlsx", "manifest.json"} <= names
    assert {f"charts/{name}.svg" for name in ("clusters", "points_core", "points_national", "trend", "years")} <= names
    tables = {name for name in names if name.endswith(".csv")}
    assert "tables/rates_by_point.csv" in tables
    assert {name.replace(".csv", ".definition.txt") for name in tables} <= names


def test_the_sections_come_in_the_order_of_a_synthesis_report(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    places = [html.index(f'<section id="{name}"') for name in SECTIONS]
    assert places == sorted(places)


def test_the_page_needs_nothing_else(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert "<script" not in html and "http-equiv" not in html
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    assert not re.findall(r"url\((?!data:|#)", html)
    assert html.count("font/woff2;base64,") == 4


@pytest.mark.parametrize("level", ["point", "question", "cluster"])
def test_page_and_csv_show_the_numbers_that_were_counted(folder: Path, raw: ReportData, level: str) -> None:
    label = {"point": "compliance_point", "question": "question_code", "cluster": "cluster"}[level]
    shown = {row[0]: row for row in page_tables(folder / "index.html")[f"All rates by {level}"] if len(row) > 1}
    if level == "point":  # labels of points are unique in the tool, labels of groups are not points
        assert len(shown) == 39
    listed = {row[label]: row for row in csv_rows(folder / "tables" / f"rates_by_{level}.csv")}
    checked = 0
    for row in raw.tables[f"rates_by_{level}"].rows:
        key = str(row[label])
        n, found = int(row["assessments"] or 0), int(row["noncompliant"] or 0)
        cells = shown[key][2:] if level == "question" else shown[key][1:]
        if n < raw.frame.minimum_group:
            assert cells[0] == "Withheld: fewer than 5 factories"
            assert listed[key]["assessments"] == listed[key]["rate"] == listed[key]["rate_high"] == ""
            assert listed[key]["withheld"] == "withheld: fewer than 5 factories"
            continue
        assert cells[:3] == [words.count(n), words.count(found), words.share(found / n)]
        assert (int(listed[key]["assessments"]), int(listed[key]["noncompliant"])) == (n, found)
        assert float(listed[key]["rate"]) == found / n
        checked += 1
    assert checked >= 7


def test_the_chart_of_points_writes_the_same_numbers(folder: Path, raw: ReportData) -> None:
    drawn = "".join((folder / "charts" / f"points_{kind}.svg").read_text("utf-8") for kind in ("core", "national"))
    for row in raw.tables["rates_by_point"].rows:
        n, found = int(row["assessments"] or 0), int(row["noncompliant"] or 0)
        if n >= 5:
            label = re.escape(str(row["compliance_point"]))
            assert re.search(rf">{label}<", drawn)
            assert f">{words.of(found, n)}<" in drawn
            assert f">{words.share(found / n)}<".replace("<1", "&lt;1") in drawn


def test_the_table_of_change_pairs_each_factory_with_itself(folder: Path, raw: ReportData) -> None:
    shown = {row[0]: row for row in page_tables(folder / "index.html")["Change since the assessment before, by point"]}
    for row in raw.tables["effort_by_point"].rows:
        if int(row["factories"] or 0) >= 5:
            cells = shown[str(row["compliance_point"])]
            assert cells[4] == words.points(float(row["improvement"] or 0))
            assert cells[5:7] == [str(row["fixed"]), str(row["relapsed"])]
    listed = csv_rows(folder / "tables" / "effort_by_point.csv")
    told = [row for row in listed if row["before_rate"]]
    assert told
    for row in told:
        assert float(row["improvement"]) == pytest.approx(float(row["before_rate"]) - float(row["now_rate"]))


def test_worlds_that_differ_only_in_too_small_a_group_give_the_same_bytes() -> None:
    """Three factories have housing. What was found there must change no byte of any file."""

    def files_of(found: bool) -> dict[str, bytes]:
        data = world.data(60, accommodation=3, housing=int(found))
        return report_files(report=with_derived(report_safe(data)))

    worse, better = files_of(True), files_of(False)
    assert worse.keys() == better.keys()
    assert [name for name in worse if worse[name] != better[name]] == []


def test_the_canary_of_those_worlds_does_sing_when_nothing_is_withheld() -> None:
    tables = [
        with_derived(report_safe(world.data(60, minimum=1, accommodation=3, housing=found))).tables["rates_by_point"]
        for found in (0, 1)
    ]
    assert csv_bytes(tables[0]) != csv_bytes(tables[1])


def test_every_file_and_every_page_says_that_data_are_simulated(folder: Path) -> None:
    for path in files_in(folder):
        told = path.with_suffix(".definition.txt") if path.suffix == ".csv" else path
        assert "simulated" in words_of(told).lower(), path.name
    pages = pdf_pages(folder / "report.pdf")
    assert len(pages) > 10
    assert [number for number, text in enumerate(pages, 1) if "SIMULATED DATA" not in text] == []
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert [sheet.title for sheet in book if "SIMULATED" not in str(sheet["A1"].value)] == []
    assert [sheet.title for sheet in book if "SIMULATED" not in str(sheet.oddHeader.center.text)] == []
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert '<aside class="notice"' in html
    assert '@bottom-left{content:"SIMULATED DATA' in html


def test_a_real_programme_is_not_called_simulated() -> None:
    data = world.data(30, simulated=False)
    for name, data_of_file in report_files(report=with_derived(report_safe(data))).items():
        if not name.endswith((".pdf", ".xlsx")):
            assert b"simulated" not in data_of_file.lower(), name


def test_no_text_of_a_sheet_or_csv_is_a_formula(raw: ReportData, tmp_path: Path) -> None:
    table = raw.tables["rates_by_question"]
    rows = [{**row, "question": "=HYPERLINK(1)" if i == 0 else "@SUM(A1)"} for i, row in enumerate(table.rows[:2])]
    odd = replace(raw, tables={**raw.tables, "rates_by_question": replace(table, rows=(*rows, *table.rows[2:]))})
    files = report_files(report=with_derived(report_safe(odd)))
    assert b"'=HYPERLINK(1)" in files["tables/rates_by_question.csv"]
    assert b"'@SUM(A1)" in files["tables/rates_by_question.csv"]
    for name, data in files.items():
        if name.endswith(".csv"):
            assert not re.findall(rb'(?m)(?:^|,)"?[=@]', data), name
    (tmp_path / "t.xlsx").write_bytes(files["tables.xlsx"])
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "=HYPERLINK(1)" in {cell.value for row in book["rates_by_question"].iter_rows() for cell in row}


def test_the_manifest_names_what_made_the_report_and_every_file(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["snapshot"]["digest"] == "9f3c" * 16
    assert manifest["parameters"]["minimum_group"] == 5
    assert manifest["code_version"] == "0.1.0"
    assert all(version[0].isdigit() for version in manifest["libraries"].values())
    found = {path.relative_to(folder).as_posix(): path for path in files_in(folder)}
    del found["manifest.json"]
    assert manifest["files"].keys() == found.keys()
    for name, digest in manifest["files"].items():
        assert hashlib.sha256(found[name].read_bytes()).hexdigest() == digest


def test_each_chart_has_one_sentence_a_table_and_a_text_for_those_who_do_not_see(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    figures = re.findall(r"<figure.*?</figure>", html, re.S)
    assert len(figures) == 7
    for figure in figures:
        sentence = re.search(r'<p class="sentence">(.*?)</p>', figure)
        assert sentence and sentence[1].count(".") == 1
        table = re.search(r'href="#([\w-]+)"', figure)
        assert table and f'id="{table[1]}"' in html
        assert figure.count('role="img"') == 2 and figure.count("<desc") == 2
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.capability("I4")
def test_the_four_statements_say_whether_they_hold_and_on_what(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    facts = re.findall(r"<article>.*?</article>", html, re.S)
    assert [re.search(r'class="tag \w+">(.*?)<', fact)[1] for fact in facts] == [  # type: ignore[index]
        "Does not hold",
        "Does not hold",
        "Withheld",
        "Holds",
    ]
    assert "60 factories asked" in facts[3]
    assert "0.66789" not in html and "67 %" not in facts[2]
    listed = csv_rows(folder / "tables" / "headline_facts.csv")
    assert [row["holds"] for row in listed] == ["false", "false", "", "true"]


def test_too_few_factories_for_anything_still_make_a_report_that_says_so() -> None:
    data = world.data(3, minimum=5)
    files = report_files(report=with_derived(report_safe(data)))
    assert "too few factories were assessed" in files["index.html"].decode("utf-8")
    for row in files["tables/rates_by_point.csv"].decode("utf-8").splitlines()[1:]:
        assert row.endswith("withheld: fewer than 5 factories")


def test_published_figures_stand_in_a_column_of_their_own(safe: SafeReport, raw: ReportData) -> None:
    assert safe.tables["published_figures"].rows == ()
    none = page(content_of(safe), "Viet Nam").decode("utf-8")
    assert "None published for this country and period" in none
    with_figures = with_derived(report_safe(replace(raw, published=world.published())))
    told = page(content_of(with_figures), "Viet Nam").decode("utf-8")
    assert "Reported by the programme" in told
    assert "Computed from simulated data" in told and "Computed here" not in told
    real = replace(with_figures, frame=replace(with_figures.frame, simulated=False))
    assert "Computed here" in page(content_of(real), "Viet Nam").decode("utf-8")
    point, question = with_figures.tables["published_figures"].rows
    counted = raw.tables["rates_by_point"]
    leave = next(row for row in counted.rows if row["compliance_point"] == "Paid Leave")
    assert (point["reported_by_the_programme"], point["computed_here"]) == (0.82, leave["rate"])
    assert question["computed_here"] is None


def test_questions_at_national_level_stand_apart(raw: ReportData) -> None:
    questions = raw.tables["rates_by_question"]
    odd = {**questions.rows[0], "question_code": "NAT-1-01", "question": "Does the law allow more than one union?"}
    table = replace(questions, name="national_questions", rows=(odd,))
    report = with_derived(report_safe(replace(raw, tables={**raw.tables, "national_questions": table})))
    html = page(content_of(report), "Viet Nam").decode("utf-8")
    assert html.count("Does the law allow more than one union?") == 1
    assert "had no question at national level" not in html
    assert "NAT-1-01" not in csv_bytes(report.tables["rates_by_question"]).decode("utf-8")
