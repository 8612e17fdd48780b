"""A small tool in two or three versions, for tests of numbering, comparability and levels."""

from __future__ import annotations

from betterwork.core.instrument import Catalogue, Kind, Lineage, Question, Relation, ReportingLevel, ToolVersion


def question(
    code: str,
    point: str = "P1",
    *,
    cluster: str = "C1",
    level: str = "factory",
    text: str = "",
    kind: str = "compliance",
) -> Question:
    return Question(
        code=code,
        kind=Kind(kind),
        cluster_code=cluster,
        cluster=f"Cluster {cluster}",
        point_code=point,
        point=f"Point {point}",
        text=text or f"Question {code}?",
        reporting_level=ReportingLevel(level),
    )


def version(name: str, *questions: Question) -> ToolVersion:
    return ToolVersion("garment", name, f"{name}-01-01", "", questions, digest=name)


def link(relation: str, predecessor: str, successor: str, older: str = "2009", newer: str = "2014") -> Lineage:
    return Lineage(older, newer, predecessor, successor, Relation(relation))


def catalogue(*versions: ToolVersion, lineage: tuple[Lineage, ...] = ()) -> Catalogue:
    return Catalogue("garment", versions, lineage)
