from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from betterwork.core.errors import WrongUse
from betterwork.entry.demonstration.export import COLUMNS, exports_write
from betterwork.entry.demonstration.names import SIMULATED_WORDS
from betterwork.entry.demonstration.plan import plan_for
from betterwork.entry.demonstration.tests.support import COUNTRIES, SAMPLE, sample_catalogue

TINY = replace(plan_for("small"), countries=tuple(replace(c, factories=6) for c in plan_for("small").countries))


def _bytes(seed: int, folder: Path) -> dict[str, bytes]:
    files = exports_write(replace(TINY, seed=seed), sample_catalogue(), COUNTRIES, folder)
    return {file.path.name: file.path.read_bytes() for file in files}


@pytest.fixture(scope="module")
def rows(programme) -> pd.DataFrame:
    return programme("small")


@pytest.fixture(scope="module")
def visits(rows: pd.DataFrame) -> pd.DataFrame:
    found = rows.drop_duplicates(["Country", "Quest.ID"]).copy()
    found["day"] = pd.to_datetime(found["Assesment.Start.Date"], format="%d/%m/%Y")
    found["cycle"], found["quest"] = found["Cycle"].astype(int), found["Quest.ID"].astype(int)
    return found.sort_values(["Country", "Factory.Assessed.ID", "day"])


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, again = _bytes(5, tmp_path / "a"), _bytes(5, tmp_path / "b")
    assert len(first) == len(COUNTRIES)
    assert first == again


def test_another_seed_gives_other_bytes_in_every_country(tmp_path):
    first, other = _bytes(5, tmp_path / "a"), _bytes(6, tmp_path / "b")
    assert all(first[name] != other[name] for name in first)


def test_a_country_does_not_change_when_another_grows(tmp_path):
    grown = replace(TINY, countries=(*TINY.countries[:-1], replace(TINY.countries[-1], factories=9)))
    exports_write(grown, sample_catalogue(), COUNTRIES, tmp_path / "grown")
    before = _bytes(TINY.seed, tmp_path / "before")
    same = {name for name in before if (tmp_path / "grown" / name).read_bytes() == before[name]}
    assert same == set(before) - {"lesotho_2016-12-31.csv"}


def test_the_layout_is_that_of_the_programmes_export(rows):
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert list(COLUMNS) == header == list(rows.columns)
    assert set(rows["Question.type"]) == {"NCQ", "FGW"}
    assert rows["Assesment.Start.Date"].str.fullmatch(r"\d{2}/\d{2}/\d{4}").all()


def test_the_small_programme_has_the_promised_size(rows, visits):
    assert 700_000 <= len(rows) <= 850_000
    assert 800 <= visits.groupby("Country")["Factory.Assessed.ID"].nunique().sum() <= 860
    assert set(rows["Country"]) == {country.name for country in COUNTRIES.values()}


def test_each_programme_begins_when_its_plan_says(visits):
    began = visits.groupby("Country")["day"].min().dt.year.to_dict()
    expected = {"Cambodia": 2009, "Viet Nam": 2009, "Haiti": 2009, "Jordan": 2009}
    expected |= {"Lesotho": 2010, "Indonesia": 2011, "Nicaragua": 2011, "Bangladesh": 2015}
    assert {country: year for country, year in began.items() if not 0 <= year - expected[country] <= 1} == {}
    assert visits["day"].max() <= pd.Timestamp("2016-12-31")


def test_no_name_could_be_that_of_a_real_factory(rows):
    names = rows["Factory.Assessed.Name"].unique()
    simulated = re.compile("|".join(SIMULATED_WORDS))
    assert [name for name in names if not simulated.search(name) or not re.search(r"\d{4}", name)] == []


def test_names_are_awkward_and_in_local_scripts(rows):
    names = "\n".join(rows["Factory.Assessed.Name"].unique())
    for start in "=+-@":
        assert re.search(rf"^{re.escape(start)}", names, re.MULTILINE)
    for script in ("[\u1780-\u17ff]", "[\u0600-\u06ff]", "[\u0980-\u09ff]", "[\u1e00-\u1eff]"):
        assert re.search(script, names)
    assert '"' in names and "," in names and ";" in names


def test_old_labels_come_with_the_old_version_only(rows):
    old = rows[(rows["Cluster"] == "Systems") | (rows["CP"] == "Hazardous Work")]
    assert set(old["TQ.Name"]) == {"Garment CAT"}
    assert {"Systems"} < set(old["Cluster"])
    assert "Hazardous Work" in set(old["CP"])
    years = rows["Assesment.Start.Date"].str.slice(6).astype(int)
    assert years[rows["TQ.Name"] == "Garment CAT"].max() == 2013
    assert years[rows["TQ.Name"] == "Garment CAT V2"].min() == 2014


def test_every_row_is_a_question_of_its_version_with_its_own_wording(rows):
    versions = {"Garment CAT": "2009", "Garment CAT V2": "2014"}
    catalogue = sample_catalogue()
    distinct = rows[["TQ.Name", "Cluster", "CP", "Question.ID", "Q.Label"]].drop_duplicates()
    for name, cluster, point, code, label in distinct.itertuples(index=False):
        question = catalogue.by_version[versions[name]].by_code[code]
        assert (question.cluster, question.point, question.text) == (cluster, point, label)
    assert len(distinct) == sum(len(version.questions) for version in catalogue.versions)


def test_accommodation_is_asked_only_where_workers_are_housed(rows, visits):
    housed = rows[rows["Question.ID"].str.startswith("OSH-7")].groupby("Country")["Quest.ID"].nunique()
    share = (housed / visits.groupby("Country")["Quest.ID"].nunique()).fillna(0)
    assert share["Jordan"] > 0.5
    assert share["Haiti"] == 0
    per_assessment = rows[rows["Question.ID"].str.startswith("OSH-7")].groupby(["Country", "Quest.ID"])["Question.ID"]
    assert set(per_assessment.nunique()) == {9}


def test_findings_are_of_every_kind(rows):
    given = rows[rows["Question.type"] == "NCQ"]["Finding"].value_counts()
    assert set(given.index) == {"0", "1", "Not applicable", "Not assessed", ""}
    assert 0.04 < given["1"] / given.sum() < 0.12


def test_facts_are_told_once_per_assessment_and_some_are_blank(rows, visits):
    facts = rows[rows["Question.type"] == "FGW"].drop_duplicates()
    assert facts.groupby("Question.ID").size().to_dict() == dict.fromkeys(("F-01", "F-02", "F-03"), len(visits))
    assert (facts["Finding"] == "").any()
    workers = facts[(facts["Question.ID"] == "F-01") & (facts["Finding"] != "")]["Finding"].astype(int)
    assert workers.min() >= 40
    assert 500 < workers.median() < 1500


def test_the_shapes_that_trip_careless_software_are_there(rows, visits):
    key = ["Country", "Factory.Assessed.ID"]
    grouped = visits.groupby(key)
    assert rows.duplicated().sum() > 10, "exact duplicate rows"
    assert (grouped["cycle"].diff() == 2).any(), "a missing middle cycle"
    assert (grouped["quest"].diff() < 0).any(), "ids out of date order"
    assert visits["Factory.Assessed.Name"].str.endswith("(Obsolete)").groupby(visits["Country"]).any().all()
    last = grouped["day"].max()
    assert (last < pd.Timestamp("2015-06-01")).mean() > 0.05, "closures"
    assert (grouped["day"].min() > pd.Timestamp("2014-01-01")).mean() > 0.15, "late joiners"
    assert not visits.duplicated([*key, "day"]).any()
    assert not rows.drop_duplicates().duplicated(["Country", "Quest.ID", "Question.ID"]).any()


def test_factories_improve_at_different_speeds(rows, visits):
    found = rows[rows["Finding"] == "1"].groupby(["Country", "Quest.ID"]).size().rename("found")
    both = visits.merge(found.reset_index())
    by_factory = both.groupby(["Country", "Factory.Assessed.ID"])["found"].agg(["first", "last", "size"])
    change = (by_factory["last"] / by_factory["first"])[by_factory["size"] >= 3]
    assert (change < 0.6).mean() > 0.2, "some improve a lot"
    assert (change > 0.95).mean() > 0.04, "some stagnate or relapse"


def test_an_unknown_size_is_refused():
    with pytest.raises(WrongUse, match="small or full"):
        plan_for("huge")
