"""Files, differences and law on the command line."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from betterwork.core.errors import BetterWorkError
from betterwork.modules.instruments.commands import tool
from betterwork.modules.instruments.drafts import draft_read
from betterwork.modules.instruments.models import LegalReference
from betterwork.modules.instruments.queries import tool_version
from betterwork.modules.instruments.reference import reference_rows
from betterwork.modules.instruments.tests.test_exchange_pages import TURNED, edited_workbook
from betterwork.modules.instruments.tests.worlds import CODE, again, begun

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    result = CliRunner().invoke(tool, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.capability("B2")
@pytest.mark.parametrize(("older", "newer", "turned"), [("2009", "2014", False), ("2014", "2009", True)])
def test_the_command_tells_each_row_of_the_lineage_in_both_directions(older: str, newer: str, turned: bool) -> None:
    expected: Counter[tuple[str, str, str]] = Counter()
    for row in reference_rows("lineage.csv"):
        relation, one, other = row["relation"], row["predecessor"], row["successor"]
        expected[(TURNED.get(relation, relation), other, one) if turned else (relation, one, other)] += 1
    for form, rows in (
        ("csv", list(csv.DictReader(io.StringIO(run("diff", older, newer, "--format", "csv"))))),
        ("json", json.loads(run("diff", older, newer, "--format", "json"))),
    ):
        assert Counter((row["relation"], row["predecessor"], row["successor"]) for row in rows) == expected, form
    assert sum(expected.values()) == 23
    head = run("diff", older, newer).splitlines()[0]
    assert head == (
        "13 withdrawn, 2 merged, 2 split, 6 reworded" if turned else "13 added, 2 merged, 2 split, 6 reworded"
    ) or set(head.split(", ")) == {f"13 {'withdrawn' if turned else 'added'}", "2 merged", "2 split", "6 reworded"}


@pytest.mark.capability("B2", "P1")
@pytest.mark.parametrize("form", ["xlsx", "yaml"])
def test_a_version_goes_out_as_a_file_and_is_found_unchanged_when_it_comes_in(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"tool.{form}"
    run("export", "2014", "--format", form, "-o", str(file))
    assert "unchanged" in run("import", str(file))


def test_a_file_that_is_cut_is_refused_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "tool.xlsx"
    run("export", "2014", "--format", "xlsx", "-o", str(file))
    file.write_bytes(file.read_bytes()[:-500])
    result = CliRunner().invoke(tool, ["import", str(file)])
    assert isinstance(result.exception, BetterWorkError)
    assert "tool.xlsx: this is not a workbook" in str(result.exception)


@pytest.mark.capability("B2", "P1")
def test_a_draft_goes_out_and_comes_back_shown_first_and_then_taken(tmp_path: Path) -> None:
    draft, file = begun(), tmp_path / "mine.xlsx"
    run("draft-export", draft.key, "-o", str(file))
    assert "no difference" in run("draft-import", draft.key, str(file))
    file.write_bytes(edited_workbook(file.read_bytes(), {CODE: "Is any exit locked?"}))
    shown = run("draft-import", draft.key, str(file))
    assert "reworded" in shown and "nothing is changed yet" in shown
    assert draft_read(again(draft)).by_code[CODE].text != "Is any exit locked?"
    assert "taken" in run("draft-import", draft.key, str(file), "--take")
    assert draft_read(again(draft)).by_code[CODE].text == "Is any exit locked?"


@pytest.mark.capability("B4")
def test_law_is_shown_changed_repealed_and_what_it_touches() -> None:
    assert "ilo-c138  C138" in run("law")
    version, _links = tool_version("garment", "2014")
    asked = sum("C138" in one.legal_basis for one in version.questions)
    told = run("law-touches", "ilo-c138", "--on", "2020-01-01")
    assert told.startswith(f"{asked} questions of versions in force on 2020-01-01")
    key = run("law-change", "ilo-c138", "--in-force-from", "2030-01-01", "--source", "SIMULATED gazette").strip()
    assert LegalReference.objects.get(key=key).supersedes.key == "ilo-c138"
    assert "an earlier or later text" in run("law-touches", key, "--on", "2020-01-01")
    assert "until 2031-12-31" in run("law-repeal", key, "--until", "2031-12-31")
    with pytest.raises(BetterWorkError, match="betterwork tool law shows them"):
        run("law-touches", "none")
