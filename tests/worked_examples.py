"""Runs the worked examples of docs/algorithms against the product, through the same doors that people use."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "algorithms"
FENCE = re.compile(r"^```json example\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SMALL_EXPORT = ROOT / "tests" / "data" / "assessment_export_small.csv"
RESOLUTION = 1e-12


@dataclass(frozen=True)
class Example:
    """One block of one page."""

    page: str
    number: int
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """The page and which block of it."""
        return f"{self.page}-{self.number}"


def examples() -> list[Example]:
    """Every example of every page, in order. The index page only shows how one is written."""
    found = []
    for path in sorted(PAGES.glob("*.md")):
        if path.name != "README.md":
            blocks = FENCE.findall(path.read_text(encoding="utf-8"))
            found += [Example(path.stem, number, json.loads(block)) for number, block in enumerate(blocks, start=1)]
    return found


def same(found: Any, expected: Any) -> bool:
    """Whether a value is the expected one: shares within 1e-12, "2/3" is two thirds, everything else exactly."""
    if isinstance(expected, str) and re.fullmatch(r"-?\d+/\d+", expected):
        expected = float(Fraction(expected))
    if isinstance(found, bool) or isinstance(expected, bool) or not isinstance(expected, int | float):
        return type(found) is type(expected) and found == expected
    return isinstance(found, int | float) and abs(found - expected) <= RESOLUTION


# -- what an example needs from the product --------------------------------------------------------


def betterwork(arguments: list[str]) -> str:
    """Run a command in this process; its standard output. Fails the test when the exit status is not 0."""
    from click.testing import CliRunner

    from betterwork.entry.command_line import main_group

    result = CliRunner().invoke(main_group, arguments)
    if result.exit_code != 0:
        pytest.fail(
            f"betterwork {shlex.join(arguments)} ended with {result.exit_code}: {result.output} {result.exception!r}"
        )
    return result.stdout


def export_rows(assessments: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The rows of an export that say what the example's assessments say, with the labels of the shipped tool."""
    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.instruments.queries import catalogue

    tool = catalogue()
    rows = []
    for one in assessments:
        country, template = one.get("country", "Cambodia"), one.get("tool", "Garment CAT V2")
        version = tool.by_version[tool.named[(country_required(country).code, template)]]
        head = {
            "Country": country,
            "Factory.Assessed.ID": one["factory"],
            "Factory.Assessed.Name": one.get("name", f"Factory {one['factory']} (SIMULATED)"),
            "Quest.ID": str(one["id"]),
            "Assesment.Start.Date": f"{date.fromisoformat(one['start']):%d/%m/%Y}",
            "Cycle": str(one["cycle"]),
            "TQ.Name": template,
        }
        for code, finding in one["answers"].items():
            question = version.by_code[code]
            row = head | question_columns(code, question.cluster, question.point, question.text, str(finding))
            rows += [row] * (2 if code in one.get("written_twice", ()) else 1)
    return rows


def question_columns(code: str, cluster: str, point: str, text: str, finding: str) -> dict[str, str]:
    """The half of a row that speaks of the question."""
    return {
        "Cluster": cluster, "CP": point, "Question.ID": code, "Q.Label": text,
        "Question.type": "NCQ", "Finding": finding, "Tags": "",
    }  # fmt: skip


def write_export(rows: list[dict[str, str]], path: Path) -> Path:
    """Write rows as an export file."""
    text = io.StringIO()
    with SMALL_EXPORT.open(encoding="utf-8", newline="") as sample:
        header = next(csv.reader(sample))
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


# -- the kinds of examples -------------------------------------------------------------------------


def check_tables(content: dict[str, Any], folder: Path) -> None:
    """Import the assessments, build, and hold each table against what the page says."""
    betterwork(["assessments", "import", str(write_export(export_rows(content["assessments"]), folder / "export.csv"))])
    betterwork(["evidence", "build"])
    for wanted in content["tables"]:
        answer = json.loads(betterwork(["evidence", *shlex.split(wanted["command"]), "--format", "json"]))
        rows = answer["rows"] if isinstance(answer, dict) else answer
        rows = [row for row in rows if row.get("assessments", row.get("factories", row.get("points"))) != 0]
        left = list(rows)
        for expected in wanted["rows"]:
            match = [row for row in left if all(same(row.get(column), value) for column, value in expected.items())]
            assert match, f"{wanted['command']}: no row says {expected}; the table has {rows}"
            left.remove(match[0])
        assert not (wanted.get("complete") and left), f"{wanted['command']}: rows that the page does not have: {left}"


def check_headline_facts(content: dict[str, Any], folder: Path) -> None:
    """Import the assessments, build, and hold the four facts against what the page says, in its order."""
    betterwork(["assessments", "import", str(write_export(export_rows(content["assessments"]), folder / "export.csv"))])
    from betterwork.modules.evidence import queries, services

    services.store_build(at=datetime(2020, 1, 1, tzinfo=UTC))
    with queries.store_open() as store:
        found = queries.headline_facts(store, queries.Choice(country="KH"))
    for fact, expected in zip(found, content["headline_facts"], strict=True):
        for name, value in expected.items():
            assert same(getattr(fact, name), value), f"{fact.name}: {name} is {getattr(fact, name)!r}, not {value!r}"


def check_import(content: dict[str, Any], folder: Path) -> None:
    """Import the rows of one assessment and hold the reconciliation against what the page says."""
    from betterwork.modules.instruments.queries import catalogue

    head = export_rows([{"factory": "A", "id": 1, "start": "2014-03-01", "cycle": 1, "answers": {"FOL-4-01": 1}}])[0]
    newest = catalogue().newest
    rows = []
    for row in content["rows"]:
        question = newest.get(row["question"])
        labels = (
            (question.cluster, question.point, question.text) if question else ("No cluster", "No point", "No text")
        )
        columns = question_columns(row["question"], *labels, row["finding"])
        rows.append(head | columns | {"Assesment.Start.Date": row["date"]})
    from click.testing import CliRunner

    from betterwork.entry.command_line import main_group

    report = folder / "report.json"
    arguments = ["assessments", "import", str(write_export(rows, folder / "export.csv")), "--report", str(report)]
    CliRunner().invoke(main_group, arguments)  # rows were refused, so the exit status is not what is asked here
    found = json.loads(report.read_text(encoding="utf-8"))
    for key, value in content["reconciliation"].items():
        assert found[key] == value, f"{key}: {found[key]}"
    assert found["rows_read"] == found["taken"] + found["duplicates"] + found["refused_total"]


def check_wilson(content: dict[str, Any], folder: Path) -> None:
    """Hold each interval against the printed one."""
    from betterwork.core.statistics import wilson_interval

    for one in content["wilson_interval"]:
        found = wilson_interval(one["found"], one["asked"])
        assert found == pytest.approx((one["low"], one["high"]), abs=content["within"])


def check_mcnemar(content: dict[str, Any], folder: Path) -> None:
    """Hold each p-value against the printed one."""
    from betterwork.core.statistics import mcnemar_exact

    for one in content["mcnemar_exact"]:
        assert mcnemar_exact(one["fixed"], one["relapsed"]) == pytest.approx(one["p"], abs=content["within"])


def check_document(content: dict[str, Any], folder: Path) -> None:
    """Prepare the document and hold its bytes and digests against the page."""
    from betterwork.core.canonical import canonical_bytes, root_digest
    from betterwork.foundation.documents.services import document_prepare

    document = content["document"]
    prepared = document_prepare(**document)
    for audience, section in document["sections"].items():
        assert canonical_bytes(section).decode() == content["bytes"][audience]
        assert prepared.sections[audience] == content["digests"][audience]
    assert prepared.digest == content["root"]
    correction = content["root_of_the_correction"]
    envelope = {"kind": document["kind"], "key": document["key"], "sections": dict(prepared.sections)}
    assert root_digest(**envelope, supersedes=prepared.digest, reason=correction["reason"]) == correction["root"]


def check_chain(content: dict[str, Any], folder: Path) -> None:
    """Append the entries to an empty chain by hand and hold each digest, and the bytes of one, against the page."""
    from datetime import datetime

    from betterwork.core.canonical import canonical_bytes, digest
    from betterwork.foundation.ledger.rules import GENESIS, entry_digest, moment

    previous = GENESIS
    for number, one in enumerate(content["chain"], start=1):
        entry = one["entry"] | {"number": number, "previous": previous}
        entry["at"] = moment(datetime.fromisoformat(entry["at"]))
        written = canonical_bytes(one["content"])
        assert digest(written) == one["content_digest"]
        assert entry_digest(**entry, content=written) == one["digest"]
        previous = one["digest"]
    assert content[f"bytes_of_entry_{number}"] == canonical_bytes(entry | {"content": digest(written)}).decode()
    assert digest(content[f"bytes_of_entry_{number}"].encode()) == previous


def check_difference(content: dict[str, Any], folder: Path) -> None:
    """What became of each question between two versions of a made-up tool."""
    from betterwork.core.instrument import Kind, Lineage, Question, Relation, ToolVersion
    from betterwork.modules.instruments.difference import difference

    given = content["difference"]
    place = (Kind.COMPLIANCE, "C", "Cluster", "P", "Point")
    versions = {
        name: ToolVersion(
            "t", name, f"20{name}-01-01", "", tuple(Question(code, *place, text) for code, text in asked.items())
        )
        for name, asked in given["versions"].items()
    }
    lineage = [Lineage(*row[:4], Relation(row[4]), row[5]) for row in given["lineage"]]
    found = difference(versions[given["from"]], versions[given["to"]], versions.values(), lineage, with_same=True)
    assert [[str(one.relation), one.predecessor, one.successor, one.reason] for one in found] == content["told"]


def check_duplicates(content: dict[str, Any], folder: Path) -> None:
    """Compare each pair of records with the committed weights; hold its levels and its score against the page."""
    from betterwork.core.matching.comparing import COMPARISONS
    from betterwork.core.matching.records import Record, ready
    from betterwork.core.matching.scoring import levels_of, scores
    from betterwork.modules.duplicates.finding import model

    words = {one.name: one.levels for one in COMPARISONS}
    for one in content["duplicates"]:
        sides = ({name: tuple(texts) for name, texts in one[side].items()} for side in ("left", "right"))
        levels = levels_of([ready(Record("", "JO", **side)) for side in sides], [(0, 1)])
        known = {name: words[name][found[0]] for name, found in levels.items() if found[0] >= 0}
        assert known == one["levels"]
        assert scores(model(), levels)[0] == pytest.approx(one["score"], abs=0.005)


def check_quorum(content: dict[str, Any], folder: Path) -> None:
    """Who is heard at each meeting, what was needed, and what is missing."""
    from betterwork.modules.bodies.tests.examples import check_quorum as checked

    checked(content, folder)


def check_coverage(content: dict[str, Any], folder: Path) -> None:
    """What made-up records reach on each day."""
    from betterwork.modules.registry.tests.examples import check_coverage as checked

    checked(content, folder)


def check_merging(content: dict[str, Any], folder: Path) -> None:
    """What stands of operations, in every order in which they may arrive."""
    from betterwork.core.capture.tests.examples import check_merging as checked

    checked(content, folder)


def check_sources_shown(content: dict[str, Any], folder: Path) -> None:
    """What others are told of the sources of a determination."""
    from betterwork.core.capture.tests.examples import check_sources_shown as checked

    checked(content, folder)


def check_visit_plan(content: dict[str, Any], folder: Path) -> None:
    """Who goes where in which week, and which rule stops the rest."""
    from betterwork.core.planning.tests.examples import check_visit_plan as checked

    checked(content, folder)


KINDS = {
    "visit_plan": check_visit_plan,
    "merging": check_merging,
    "sources_shown": check_sources_shown,
    "coverage": check_coverage,
    "quorum": check_quorum,
    "duplicates": check_duplicates,
    "difference": check_difference,
    "tables": check_tables,
    "headline_facts": check_headline_facts,
    "rows": check_import,
    "wilson_interval": check_wilson,
    "mcnemar_exact": check_mcnemar,
    "document": check_document,
    "chain": check_chain,
}


def check(example: Example, folder: Path) -> None:
    """Run one example; fails when the page says something else than the product does."""
    kinds = [kind for kind in KINDS if kind in example.content]
    assert len(kinds) == 1, f"{example.name} is no known kind of example: {sorted(example.content)}"
    KINDS[kinds[0]](example.content, folder)
