"""The shipped global tool, read from ``data/`` (provenance in ``data/README.md``)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from betterwork.core.instrument import LabelChange, Lineage, Relation, ToolVersion
from betterwork.modules.countries.queries import country_required
from betterwork.modules.instruments.reference_rules import (
    fact_from_reference,
    older_version_questions,
    question_from_reference,
)

TOOL = "garment"


@dataclass(frozen=True)
class ShippedTool:
    """The versions, oldest first, with what joins them and what countries call them."""

    versions: tuple[ToolVersion, ...]
    lineage: tuple[Lineage, ...]
    named: dict[tuple[str, str], str]


def reference_rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV file."""
    text = files("betterwork.modules.instruments").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def label_changes() -> tuple[LabelChange, ...]:
    """Old labels of clusters and points and the labels they are reported under."""
    return tuple(
        LabelChange(row["level"], row["old_label"], row["new_label"], row["reason"])
        for row in reference_rows("label_changes.csv")
    )


@cache
def shipped_tool() -> ShippedTool:
    """The global garment tool in its two versions."""
    where = {row["point_code"] for row in reference_rows("points_where_they_apply.csv")}
    facts = tuple(fact_from_reference(row) for row in reference_rows("facts.csv"))
    newer = tuple(
        question_from_reference(row, only_where_it_applies=row["compliance_point_code"] in where)
        for row in reference_rows("compliance_tool.csv")
    )
    lineage = tuple(_link(row) for row in reference_rows("lineage.csv"))
    older_rows = [row for row in reference_rows("older_questions.csv") if row["version"] == "2009"]
    labels = [row for row in reference_rows("older_labels.csv") if row["version"] == "2009"]
    questions = {"2014": newer, "2009": older_version_questions(newer, lineage, older_rows, labels)}
    names = reference_rows("tool_versions.csv")
    dated = {row["version"]: row for row in names}
    versions = tuple(
        ToolVersion(TOOL, version, row["in_force_from"], row["approval"], questions[version] + facts)
        for version, row in sorted(dated.items(), key=lambda one: one[1]["in_force_from"])
    )
    named = {(country_required(row["country"]).code, row["tq_name"]): row["version"] for row in names}
    return ShippedTool(versions, lineage, named)


def _link(row: dict[str, str]) -> Lineage:
    return Lineage(
        from_version=row["from_version"],
        to_version=row["to_version"],
        predecessor=row["predecessor"],
        successor=row["successor"],
        relation=Relation(row["relation"]),
        reason=row["reason"],
    )
