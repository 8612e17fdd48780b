"""From an export file through the real import and evidence to the report."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.assessments.services import assessments_import
from betterwork.modules.countries.queries import country_required
from betterwork.modules.evidence import queries as evidence
from betterwork.modules.evidence.services import store_build
from betterwork.modules.instruments.queries import catalogue
from betterwork.modules.reports.commands import report
from betterwork.modules.reports.published import published_for
from betterwork.modules.reports.queries import report_data
from betterwork.modules.reports.rules import report_safe
from betterwork.modules.reports.tests.reading import csv_rows, files_in, words_of

SMALL = Path(__file__).resolve().parents[5] / "tests" / "data" / "assessment_export_small.csv"
pytestmark = [pytest.mark.django_db, pytest.mark.capability("I3")]


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.BETTERWORK_HOME = tmp_path / "home"
    settings.BETTERWORK_HOME.mkdir()
    (settings.BETTERWORK_HOME / "SIMULATED").touch()
    assessments_import(paths=[SMALL], at=datetime(2020, 1, 1, tzinfo=UTC))
    store_build(at=datetime(2020, 1, 1, tzinfo=UTC))
    return tmp_path


def test_the_report_has_the_numbers_of_the_evidence_and_names_no_factory(home: Path) -> None:
    target = home / "report"
    arguments = ["synthesis", "--country", "vietnam", "--from", "2010-01", "--to", "2019-12", "--minimum-group", "1"]
    done = CliRunner().invoke(report, [*arguments, "-o", str(target)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "fewer than the minimum group" not in done.stderr
    with evidence.store_open() as store:
        choice = evidence.Choice(country="VN", start=date(2010, 1, 1), end=date(2019, 12, 31))
        for by, name in (("point", "rates_by_point"), ("question", "rates_by_question")):
            table = evidence.rates(store, by, choice)
            written = csv_rows(target / "tables" / f"{name}.csv")
            assert len(written) == len(table.rows) > 30
            for row, record in zip(written, table.records(), strict=True):
                assert all(row[key] == str(record[key]) for key in ("compliance_point", "assessments", "noncompliant"))
                assert float(row["rate"]) == record["rate"]
    with SMALL.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    names = {row["Factory.Assessed.Name"].strip() for row in rows}
    assert len(names) > 20
    for path in files_in(target):
        said = words_of(path)
        assert [name for name in names if name in said] == [], path.name
        assert "Tie on" not in said, path.name


def test_three_factories_are_too_few_for_the_country_s_own_setting(home: Path) -> None:
    target = home / "report"
    arguments = ["synthesis", "--country", "Viet Nam", "--from", "2010-01", "--to", "2019-12", "-o", str(target)]
    done = CliRunner().invoke(report, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "3 factories: fewer than the minimum group of 5, so every result is withheld; "
        "--minimum-group 1 for a reading inside the programme"
    ]
    for name in ("rates_by_point", "rates_by_question", "tenure_by_point", "effort_by_point"):
        rows = csv_rows(target / "tables" / f"{name}.csv")
        assert rows and {row["withheld"] for row in rows} == {"withheld: fewer than 5 factories"}, name


def test_a_period_without_assessments_is_one_clear_line(home: Path) -> None:
    with evidence.store_open() as store, pytest.raises(Exception, match="no assessment of Viet Nam"):
        report_data(store=store, country=country_required("VN"), start=date(1999, 1, 1), end=date(1999, 12, 31))


@pytest.mark.capability("I4")
def test_the_four_statements_are_computed_for_the_country(home: Path) -> None:
    with evidence.store_open() as store:
        data = report_data(
            store=store,
            country=country_required("VN"),
            start=date(2010, 1, 1),
            end=date(2019, 12, 31),
            minimum_group=1,
        )
        choice = evidence.Choice(country="VN", start=date(2010, 1, 1), end=date(2019, 12, 31))
        facts = evidence.headline_facts(store, choice)
    shown = report_safe(data).headlines
    assert len(shown) == len(facts) == 4
    for headline, fact in zip(shown, facts, strict=True):
        assert headline.size == fact.base
        assert [value for _, value in headline.values] == ([] if fact.value is None or not fact.base else [fact.value])
        assert headline.definition == fact.definition


@pytest.mark.parametrize(
    ("country", "start", "end", "number"),
    [
        ("Jordan", date(2012, 10, 1), date(2013, 9, 30), 6),
        ("Nicaragua", date(2014, 1, 1), date(2015, 1, 31), 3),
        ("Jordan", date(2012, 10, 2), date(2013, 9, 30), 0),
        ("Jordan", date(2012, 11, 1), date(2013, 10, 31), 0),
        ("Viet Nam", date(2012, 10, 1), date(2013, 9, 30), 0),
        ("Indonesia", date(2012, 10, 1), date(2013, 9, 30), 0),
    ],
)
def test_published_figures_appear_only_where_country_and_period_are_the_same(
    country: str, start: date, end: date, number: int
) -> None:
    found = published_for(country_required(country), start, end, catalogue())
    assert len(found) == number


@pytest.mark.capability("P2")
def test_the_ledger_says_who_made_which_report_from_what_and_nothing_where_it_could_not_be_written(home: Path) -> None:
    arguments = ["synthesis", "--country", "vietnam", "--from", "2010-01", "--to", "2019-12", "-o"]
    assert CliRunner().invoke(report, [*arguments, str(home / "report")]).exit_code == 0
    (entry,) = entries_search(action="report.made").entries
    assert (entry.actor, entry.subject) == ("operator", "report synthesis Viet Nam 2010-01-01 2019-12-31")
    manifest = json.loads((home / "report" / "manifest.json").read_text(encoding="utf-8"))
    assert entry.content["digest"] == manifest["snapshot"]["digest"]
    assert entry.content["files"] == len(manifest["files"])
    (home / "taken").mkdir()
    (home / "taken" / "notes.txt").touch()
    assert CliRunner().invoke(report, [*arguments, str(home / "taken")]).exit_code != 0
    assert len(entries_search(action="report.made").entries) == 1
