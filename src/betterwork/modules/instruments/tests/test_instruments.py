"""The tool: what ships, how versions differ, that they are sealed, and files in and out."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction

from betterwork.core.instrument import Kind, Known, Lineage, Relation, ReportingLevel
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.instruments.commands import tool
from betterwork.modules.instruments.models import ToolVersion
from betterwork.modules.instruments.queries import catalogue, tool_version, tool_versions
from betterwork.modules.instruments.reference import reference_rows, shipped_tool
from betterwork.modules.instruments.rules import (
    BadTool,
    version_check,
    version_content,
    version_from_content,
    versions_difference,
)
from betterwork.modules.instruments.services import shipped_tool_seal, tool_version_seal, version_names_set

AT = datetime(2015, 3, 1, tzinfo=UTC)
SAMPLE = Path(__file__).parents[5] / "tests" / "data" / "assessment_export_small.csv"
OLDER, NEWER = shipped_tool().versions


@pytest.mark.capability("B1")
def test_the_shipped_tool_has_eight_clusters_38_points_and_253_questions() -> None:
    asked = [question for question in NEWER.questions if question.kind is Kind.COMPLIANCE]
    assert len(asked) == len({question.code for question in asked}) == 253
    assert len({question.cluster_code for question in asked}) == 8
    assert len({question.point_code for question in asked}) == 38
    core = {question.cluster for question in asked if question.standard_kind == "core"}
    national = {question.cluster for question in asked if question.standard_kind == "national"}
    assert len(core) == len(national) == 4
    assert not core & national


@pytest.mark.capability("B1")
def test_zero_tolerance_is_yes_no_or_not_known_and_blank_is_never_no() -> None:
    blank = {row["question_code"] for row in reference_rows("compliance_tool.csv") if not row["zero_tolerance"]}
    unknown = {q.code for q in NEWER.questions if q.kind is Kind.COMPLIANCE and q.zero_tolerance is Known.UNKNOWN}
    assert blank == unknown
    assert {q.zero_tolerance for q in NEWER.questions} == {Known.YES, Known.NO, Known.UNKNOWN}


@pytest.mark.capability("B2")
def test_every_row_of_the_small_sample_is_worded_and_placed_as_its_version_says() -> None:
    names = {"Garment CAT": OLDER, "Garment CAT V2": NEWER}
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            question = names[row["TQ.Name"]].by_code[row["Question.ID"]]
            assert (question.cluster, question.point, question.text) == (row["Cluster"], row["CP"], row["Q.Label"])


@pytest.mark.capability("B2")
def test_the_difference_of_two_versions_is_what_the_lineage_says() -> None:
    changes = versions_difference(OLDER, NEWER, shipped_tool().lineage)
    listed = [(c.relation, c.predecessor, c.successor) for c in changes]
    expected = [
        (Relation(row["relation"]), row["predecessor"], row["successor"]) for row in reference_rows("lineage.csv")
    ]
    assert sorted(listed) == sorted(expected)


def test_with_the_same_ones_every_question_of_both_versions_is_listed() -> None:
    changes = versions_difference(OLDER, NEWER, shipped_tool().lineage, with_same=True)
    assert {c.predecessor for c in changes} - {""} == set(OLDER.by_code)
    assert {c.successor for c in changes} - {""} == set(NEWER.by_code)


def test_what_the_lineage_does_not_mention_is_read_off_the_questions() -> None:
    first, second, third, *rest = NEWER.questions
    changed = replace(
        NEWER,
        version="2019",
        questions=(replace(first, text="New words?"), replace(second, point_code="CHL-9", point="Elsewhere"), *rest),
    )
    found = {(c.relation, c.predecessor, c.successor) for c in versions_difference(NEWER, changed, ())}
    assert found == {
        (Relation.REWORDED, first.code, first.code),
        (Relation.MOVED, second.code, second.code),
        (Relation.WITHDRAWN, third.code, ""),
    }


@pytest.mark.parametrize("version", shipped_tool().versions, ids=lambda v: v.version)
def test_a_version_survives_the_way_through_its_document(version) -> None:
    content = version_content(version, shipped_tool().lineage)
    assert version_from_content(content) == (version, shipped_tool().lineage)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda q: (q[0], *q), "stands twice"),
        (lambda q: (replace(q[0], text=" "), *q[1:]), "needs a text"),
        (lambda q: (replace(q[0], point="Other"), *q[1:]), "two labels"),
        (lambda q: (replace(q[0], code="é"), *q[1:]), "ASCII"),
        (lambda q: (), "no questions"),
    ],
)
def test_a_version_that_evidence_could_not_use_is_refused(spoil, message: str) -> None:
    with pytest.raises(BadTool, match=message):
        version_check(replace(NEWER, questions=spoil(NEWER.questions)))


def test_a_lineage_to_a_question_that_is_not_asked_is_refused() -> None:
    link = Lineage("2009", "2014", "X", "NOT-1", Relation.SAME)
    with pytest.raises(BadTool, match="NOT-1"):
        version_check(NEWER, [link])


@pytest.mark.django_db
def test_both_versions_are_sealed_by_the_migration_and_sealing_again_changes_nothing() -> None:
    before = [row.document.digest for row in tool_versions("garment")]
    shipped_tool_seal(at=AT)
    assert [row.document.digest for row in tool_versions("garment")] == before
    assert len(before) == 2


@pytest.mark.django_db
@pytest.mark.capability("B2")
def test_a_sealed_version_takes_no_other_content_and_its_row_no_change() -> None:
    changed = replace(NEWER, questions=NEWER.questions[:-1])
    with pytest.raises(BadTool, match="version of its own"):
        tool_version_seal(version=changed, at=AT)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        ToolVersion.objects.filter(version="2014").update(approval="approved")


@pytest.mark.django_db
def test_the_catalogue_names_versions_per_country_and_brings_labels_up_to_date() -> None:
    found = catalogue()
    assert found.named["VN", "Garment CAT"] == "2009"
    assert len(found.named) == 16
    assert found.by_version["2009"].by_code["OSH-1-01"].cluster == "Systems"
    assert found.newest["OSH-1-01"].cluster == "Occupational Safety and Health"
    assert found.newest["CHL-2-01"].point == "Hazardous Work and Other Worst Forms"
    assert found.harmonised("Systems", "Hazardous Work") == (
        "Occupational Safety and Health",
        "Hazardous Work and Other Worst Forms",
    )


@pytest.mark.django_db
@pytest.mark.capability("B2", "P1")
def test_a_version_exported_and_imported_again_has_the_same_digest(tmp_path: Path) -> None:
    runner = CliRunner()
    file = tmp_path / "tool.json"
    assert runner.invoke(tool, ["export", "2014", "-o", str(file)]).exit_code == 0
    result = runner.invoke(tool, ["import", str(file)])
    assert result.exit_code == 0
    assert "unchanged" in result.output


@pytest.mark.django_db
@pytest.mark.capability("B2", "P1")
def test_a_national_version_comes_in_as_a_spreadsheet_with_a_national_question(tmp_path: Path) -> None:
    file = tmp_path / "tool.csv"
    runner = CliRunner()
    runner.invoke(tool, ["export", "2014", "--format", "csv", "-o", str(file)])
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        if row["code"] == "FAC-1-01":
            row["reporting_level"] = "national"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    arguments = ["import", str(file), "--tool", "garment", "--version", "2019", "--in-force-from", "2019-01-01"]
    result = runner.invoke(tool, [*arguments, "--named", "Viet Nam=Garment CAT V3"])
    assert result.exit_code == 0, result.output
    version, _ = tool_version("garment", "2019")
    assert version.by_code["FAC-1-01"].reporting_level is ReportingLevel.NATIONAL
    assert replace(version, version="2014", in_force_from="2014-01-01").by_code["OSH-8-07"] == NEWER.by_code["OSH-8-07"]
    assert catalogue().named["VN", "Garment CAT V3"] == "2019"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("code,kind\n", "line 1: the column 'cluster_code' is missing"),
        ('{"schema": 1}', "not a tool version"),
        ('{"schema": ', "not well-formed JSON"),
    ],
)
def test_a_bad_tool_file_is_refused_with_its_place(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "tool"
    file.write_text(content, encoding="utf-8")
    arguments = ["import", str(file), "--tool", "t", "--version", "1", "--in-force-from", "2019-01-01"]
    result = CliRunner().invoke(tool, arguments)
    assert isinstance(result.exception, BadTool)
    assert message in str(result.exception)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("code", 5, "code is 5, expected a text"),
        ("text", None, "text is None, expected a text"),
        ("only_where_it_applies", "no", "only_where_it_applies is 'no', expected true or false"),
        ("legal_basis", "C138", "legal_basis is 'C138', expected a list of texts"),
        ("tags", [1.5], r"tags is \[1.5\], expected a list of texts"),
    ],
)
def test_a_value_of_another_type_is_refused_rather_than_taken_for_something(
    field: str, value: object, message: str
) -> None:
    content = version_content(NEWER)
    content["questions"][0][field] = value
    with pytest.raises(BadTool, match=message):
        version_from_content(content)


@pytest.mark.parametrize("code", [" CHL-1-01", "CHL\0-1", ""])
def test_a_code_that_no_export_can_match_is_refused(code: str) -> None:
    spoilt = replace(NEWER, questions=(replace(NEWER.questions[0], code=code), *NEWER.questions[1:]))
    with pytest.raises(BadTool, match="ASCII text is needed"):
        version_check(spoilt)


@pytest.mark.django_db
def test_a_version_whose_name_is_refused_is_not_sealed_either(tmp_path: Path) -> None:
    file = tmp_path / "tool.csv"
    runner = CliRunner()
    runner.invoke(tool, ["export", "2014", "--format", "csv", "-o", str(file)])
    arguments = ["import", str(file), "--tool", "garment", "--version", "2019", "--in-force-from", "2019-01-01"]
    result = runner.invoke(tool, [*arguments, "--named", "Viet Nam=Garment CAT V2"])
    assert isinstance(result.exception, BadTool)
    assert not ToolVersion.objects.filter(version="2019").exists()


@pytest.mark.django_db
@pytest.mark.capability("P2")
def test_one_entry_says_which_names_of_versions_are_new_and_by_whom() -> None:
    names = {("VN", "Garment CAT 9"): "2014"}
    for _ in range(2):
        version_names_set(actor="p-1", tool="garment", names=names, at=AT)
    (entry,) = entries_search(action="tool.version.named", actor="p-1").entries
    assert (entry.subject, entry.content) == (
        "tool garment",
        [{"country": "VN", "name": "Garment CAT 9", "version": "2014"}],
    )
