"""Documents' contents and stores for tests: from an export file by the csv module, or made up in a few words.

The reading here is plain on purpose and shares nothing with the import.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from betterwork.core.canonical import set_digest
from betterwork.core.evidence.dimensions import dimensions_of
from betterwork.core.evidence.projection import Layout, Projector, in_runs
from betterwork.core.instrument import Catalogue
from betterwork.modules.countries.queries import countries, country_required
from betterwork.modules.evidence.builds import Build
from betterwork.modules.evidence.layout import Folder
from betterwork.modules.evidence.partitions import partition_name, partition_write
from betterwork.modules.instruments.reference import label_changes, shipped_tool

ROOT = Path(__file__).resolve().parents[5]
SMALL = ROOT / "tests" / "data" / "assessment_export_small.csv"
SEALED_AT = datetime(2020, 1, 1, tzinfo=UTC)


def shipped_catalogue() -> Catalogue:
    """The shipped tool without a database."""
    tool = shipped_tool()
    return Catalogue("garment", tool.versions, tool.lineage, label_changes(), tool.named)


def contents_of_csv(path: Path = SMALL, catalogue: Catalogue | None = None) -> list[dict[str, Any]]:
    """One document content per assessment of an export file without flaws."""
    catalogue = catalogue or shipped_catalogue()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        country = country_required(row["Country"]).code
        content = found.setdefault((country, row["Quest.ID"]), _head(row, country, catalogue))
        version = catalogue.by_version[content["tool"]["version"]]
        code = row["Question.ID"]
        if row["Question.type"] == "FGW":
            content["facts"][code] = row["Finding"]
        elif code in content["answers"]:
            content["repeats"][code] = content["repeats"].get(code, 0) + 1
        else:
            content["answers"][code] = {"": 4}.get(row["Finding"]) or int(row["Finding"])
            own = version.by_code[code]
            if (row["Cluster"], row["CP"], row["Q.Label"]) != (own.cluster, own.point, own.text):
                content["written"][code] = [row["Cluster"], row["CP"], row["Q.Label"]]
    return [_sorted(content) for content in found.values()]


def _head(row: Mapping[str, str], country: str, catalogue: Catalogue) -> dict[str, Any]:
    day, month, year = row["Assesment.Start.Date"].split("/")
    return made_up(
        country,
        int(row["Quest.ID"]),
        row["Factory.Assessed.ID"],
        f"{year}-{month}-{day}",
        int(row["Cycle"]),
        catalogue.named[country, row["TQ.Name"]],
        {},
        name=row["Factory.Assessed.Name"],
    )


def _sorted(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "answers": dict(sorted(content["answers"].items()))}


def made_up(
    country: str,
    number: int,
    factory: str,
    start: str,
    cycle: int,
    version: str,
    answers: Mapping[str, int],
    *,
    name: str = "",
    facts: Mapping[str, str] | None = None,
    incomplete: bool = False,
) -> dict[str, Any]:
    """The content of one document."""
    return {
        "schema": "betterwork.assessment/1",
        "country": country,
        "assessment": number,
        "start": date.fromisoformat(start).isoformat(),
        "cycle": cycle,
        "factory": {"id": factory, "name": name or f"Factory {factory}"},
        "tool": {"tool": "garment", "version": version, "name": "Garment CAT"},
        "answers": dict(sorted(answers.items())),
        "facts": dict(facts or {}),
        "undeclared_facts": [],
        "written": {},
        "repeats": {},
        "missing": [],
        "incomplete": incomplete,
    }


def fake_digest(content: Mapping[str, Any]) -> str:
    """A digest for a content that is not sealed anywhere."""
    return hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()


def build_of(folder: Folder, contents: Iterable[Mapping[str, Any]], catalogue: Catalogue | None = None) -> Build:
    """A build of contents that were never sealed, without a database."""
    dimensions = dimensions_of(catalogue or shipped_catalogue())
    projector, layout = Projector(dimensions), Layout(dimensions)
    places: dict[tuple[str, int], list[Any]] = {}
    for content in contents:
        one = projector.project(fake_digest(content), content)
        places.setdefault((one.country, one.start.year), []).append(one)
    partitions = []
    for place, projected in sorted(places.items()):
        projected.sort(key=lambda one: one.order)
        name = partition_name(*place, dimensions, [one.digest for one in projected])
        partitions.append(partition_write(folder, name, (layout.arrays(run) for run in in_runs(projected))))
    digests = [one.digest for projected in places.values() for one in projected]
    return Build(
        set_digest=set_digest(digests),
        documents=len(digests),
        taken_at="2020-01-01T00:00:00Z",
        countries={country.code: country.name for country in countries()},
        dimensions=dimensions,
        partitions=tuple(partitions),
        newest="",
    )


def seal(contents: Iterable[Mapping[str, Any]], *, at: datetime = SEALED_AT, reason: str = "") -> list[str]:
    """Seal contents as current documents with their rows; with a ``reason`` they supersede what is held.

    Needs a database. Returns the documents' digests.
    """
    from betterwork.foundation.documents.services import document_seal
    from betterwork.modules.assessments.models import Assessment
    from betterwork.modules.registry.models import Factory

    digests = []
    for one in contents:
        factory, _ = Factory.objects.get_or_create(
            country=one["country"], outside_id=one["factory"]["id"], defaults={"name": one["factory"]["name"]}
        )
        held = Assessment.objects.filter(country=one["country"], assessment_id=one["assessment"]).first()
        document = document_seal(
            kind="assessment",
            key=f"{one['country']}/{one['assessment']}",
            sections={"programme": one},
            at=at,
            supersedes=held.document if held and reason else None,
            reason=reason if held else "",
        )
        digests.append(document.digest)
        values = {"document": document, "start": date.fromisoformat(one["start"]), "cycle": one["cycle"],
                  "version": one["tool"]["version"], "incomplete": one["incomplete"], "factory": factory}  # fmt: skip
        Assessment.objects.update_or_create(country=one["country"], assessment_id=one["assessment"], defaults=values)
    return digests
