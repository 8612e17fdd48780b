"""A catalogue made from the rows of the sample export, so that these tests need no database."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from betterwork.core.countries import Country
from betterwork.core.instrument import Catalogue, Kind, Known, Question, ToolVersion

SAMPLE = Path(__file__).parents[5] / "tests" / "data" / "assessment_export_small.csv"
NAMES = {"2009": "Garment CAT", "2014": "Garment CAT V2"}
COUNTRIES = {
    code: Country(code, name, 2009)
    for code, name in {
        "KH": "Cambodia",
        "VN": "Viet Nam",
        "BD": "Bangladesh",
        "ID": "Indonesia",
        "JO": "Jordan",
        "HT": "Haiti",
        "NI": "Nicaragua",
        "LS": "Lesotho",
    }.items()
}


def _question(row: dict[str, str]) -> Question:
    code = row["Question.ID"]
    return Question(
        code=code,
        kind=Kind.COMPLIANCE if row["Question.type"] == "NCQ" else Kind.FACT,
        cluster_code=code.split("-")[0],
        cluster=row["Cluster"],
        point_code=code.rsplit("-", 1)[0],
        point=row["CP"],
        text=row["Q.Label"],
        publicly_reported="Public Disclosure" in row["Tags"],
        zero_tolerance=Known.YES if "Zero Tolerance" in row["Tags"] else Known.NO,
        only_where_it_applies=code.startswith("OSH-7"),
    )


@cache
def sample_catalogue() -> Catalogue:
    """The two tool versions as the sample export words them."""
    found: dict[str, dict[str, Question]] = {version: {} for version in NAMES}
    by_name = {name: version for version, name in NAMES.items()}
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[by_name[row["TQ.Name"]]].setdefault(row["Question.ID"], _question(row))
    versions = tuple(
        ToolVersion("garment", version, f"{version}-01-01", "", tuple(sorted(questions.values(), key=lambda q: q.code)))
        for version, questions in found.items()
    )
    named = {(code, name): version for code in COUNTRIES for version, name in NAMES.items()}
    return Catalogue("garment", versions, named=named)
