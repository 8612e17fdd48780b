"""The store's own numbering of what is asked: questions, points and clusters, over all tool versions.

A *family* is a question through its life: codes joined one to one by lineage (same, reworded,
moved) are one family, named by the newest code and placed where the newest version places it. A
family has one index per reporting level, because a question may become a national one: its
findings as such then stay out of factory scores without another column in millions of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.instrument import Catalogue, Kind, Relation

ONE_TO_ONE = {Relation.SAME, Relation.REWORDED, Relation.MOVED}


@dataclass(frozen=True, slots=True)
class ClusterItem:
    """A cluster at a reporting level."""

    index: int
    code: str
    label: str
    level: str


@dataclass(frozen=True, slots=True)
class PointItem:
    """A compliance point at a reporting level; ``cluster`` is an index."""

    index: int
    code: str
    label: str
    cluster: int
    level: str


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """A question family at a reporting level.

    ``codes`` are (version, code as asked). ``kin`` numbers what is joined by any lineage, also by
    splits and merges. ``cut`` says that a split or merge kept its code and changed what it asks.
    ``comparable`` says that every version asks the family itself, ``comparable_in_point`` that
    every version asks its kin inside the same point.
    """

    index: int
    code: str
    text: str
    point: int
    level: str
    codes: tuple[tuple[str, str], ...]
    kin: int
    cut: bool
    comparable: bool
    comparable_in_point: bool


@dataclass(frozen=True)
class Dimensions:
    """All of it, with the versions from oldest to newest and each version's own labels."""

    tool: str
    versions: tuple[str, ...]
    clusters: tuple[ClusterItem, ...]
    points: tuple[PointItem, ...]
    questions: tuple[QuestionItem, ...]
    texts: Mapping[str, str]  # code → newest wording of that code
    written: Mapping[str, Mapping[str, tuple[str, str]]]  # version → code → (cluster, point) as it labels them
    lineage: tuple[tuple[str, str, str, str, str], ...]  # from, to, predecessor, successor, relation

    def content(self) -> dict[str, Any]:
        """Plain lists and dictionaries, for the build's manifest."""
        return {
            "tool": self.tool,
            "versions": list(self.versions),
            "clusters": [asdict(one) for one in self.clusters],
            "points": [asdict(one) for one in self.points],
            "questions": [{**asdict(one), "codes": [list(pair) for pair in one.codes]} for one in self.questions],
            "texts": dict(self.texts),
            "written": {v: {c: list(labels) for c, labels in codes.items()} for v, codes in self.written.items()},
            "lineage": [list(one) for one in self.lineage],
        }

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Dimensions:
        """What :meth:`content` wrote."""
        return cls(
            tool=content["tool"],
            versions=tuple(content["versions"]),
            clusters=tuple(ClusterItem(**one) for one in content["clusters"]),
            points=tuple(PointItem(**one) for one in content["points"]),
            questions=tuple(
                QuestionItem(**{**one, "codes": tuple((v, c) for v, c in one["codes"])}) for one in content["questions"]
            ),
            texts=dict(content["texts"]),
            written={v: {c: (one[0], one[1]) for c, one in codes.items()} for v, codes in content["written"].items()},
            lineage=tuple((a, b, c, d, e) for a, b, c, d, e in content["lineage"]),
        )

    @cached_property
    def digest(self) -> str:
        """Names the numbering; part of every partition's name."""
        return digest(canonical_bytes(self.content()))

    @cached_property
    def by_version(self) -> Mapping[str, Mapping[str, QuestionItem]]:
        """Version → code as asked → item."""
        found: dict[str, dict[str, QuestionItem]] = {version: {} for version in self.versions}
        for item in self.questions:
            for version, code in item.codes:
                found[version][code] = item
        return found


_Placed = tuple[int, str, str, list[tuple[str, str]], int]
"""A question family in its point: (point, newest code, level, (version, code) of each version, kin)."""


def dimensions_of(catalogue: Catalogue) -> Dimensions:
    """Number the questions, points and clusters of a tool over all its versions, in the tool's order."""
    families, kin = _joined(catalogue, ONE_TO_ONE), _joined(catalogue, set(Relation))
    asked: dict[tuple[str, str], list[tuple[str, str]]] = {}  # (family root, level) → (version, code)
    for version in catalogue.versions:
        for question in version.questions:
            if question.kind is Kind.COMPLIANCE:
                key = (families[question.code], question.reporting_level.value)
                asked.setdefault(key, []).append((version.version, question.code))
    # The newest code names the family and places it.
    named = {key: codes[-1][1] for key, codes in asked.items()}
    clusters = _cluster_items(catalogue, named)
    points = _point_items(catalogue, named, clusters)
    place = {(points_item.label, clusters[points_item.cluster].label, points_item.level): points_item.index
             for points_item in points}  # fmt: skip
    kin_numbers = {root: number for number, root in enumerate(sorted(set(kin.values())))}
    rows = []
    for (family, level), codes in asked.items():
        code = named[(family, level)]
        newest = catalogue.newest[code]
        rows.append((place[(newest.point, newest.cluster, level)], code, level, codes, kin_numbers[kin[code]]))
    rows.sort(key=lambda row: (row[0], row[1]))
    return Dimensions(
        tool=catalogue.tool,
        versions=tuple(version.version for version in catalogue.versions),
        clusters=clusters,
        points=points,
        questions=_question_items(catalogue, rows),
        texts={code: one.text for code, one in sorted(catalogue.newest.items()) if one.kind is Kind.COMPLIANCE},
        written={
            version.version: {
                one.code: (one.cluster, one.point) for one in version.questions if one.kind is Kind.COMPLIANCE
            }
            for version in catalogue.versions
        },
        lineage=tuple(
            (one.from_version, one.to_version, one.predecessor, one.successor, one.relation.value)
            for one in catalogue.lineage
        ),
    )


def _question_items(catalogue: Catalogue, rows: Sequence[_Placed]) -> tuple[QuestionItem, ...]:
    everywhere = {version.version for version in catalogue.versions}
    cut = {
        link.predecessor
        for link in catalogue.lineage
        if link.relation in {Relation.SPLIT, Relation.MERGED} and link.predecessor == link.successor
    }
    return tuple(
        QuestionItem(
            index=index,
            code=code,
            text=catalogue.newest[code].text,
            point=point,
            level=level,
            codes=tuple(codes),
            kin=number,
            cut=code in cut,
            comparable={version for version, _ in codes} == everywhere and code not in cut,
            comparable_in_point=_kin_in_point(rows, number, point) == everywhere
            and not any(other[4] == number and other[0] != point for other in rows),
        )
        for index, (point, code, level, codes, number) in enumerate(rows)
    )


def _kin_in_point(rows: Iterable[_Placed], kin: int, point: int) -> set[str]:
    return {version for row in rows if row[4] == kin and row[0] == point for version, _ in row[3]}


def _joined(catalogue: Catalogue, relations: set[Relation]) -> dict[str, str]:
    """Code → the smallest code it is joined with by lineage of these relations."""
    parent: dict[str, str] = {q.code: q.code for version in catalogue.versions for q in version.questions}

    def root(code: str) -> str:
        while parent[code] != code:
            code = parent[code]
        return code

    for link in catalogue.lineage:
        if link.relation in relations and link.predecessor in parent and link.successor in parent:
            ends = sorted((root(link.predecessor), root(link.successor)))
            parent[ends[1]] = ends[0]
    return {code: root(code) for code in parent}


def _cluster_items(catalogue: Catalogue, named: Mapping[tuple[str, str], str]) -> tuple[ClusterItem, ...]:
    seen: dict[tuple[str, str], str] = {}
    for (_, level), code in named.items():
        question = catalogue.newest[code]
        seen.setdefault((level, question.cluster), question.cluster_code)
    ordered = sorted(seen.items(), key=lambda one: (one[0][0], one[1], one[0][1]))
    return tuple(ClusterItem(i, code, label, level) for i, ((level, label), code) in enumerate(ordered))


def _point_items(
    catalogue: Catalogue, named: Mapping[tuple[str, str], str], clusters: tuple[ClusterItem, ...]
) -> tuple[PointItem, ...]:
    index = {(one.level, one.label): one.index for one in clusters}
    seen: dict[tuple[int, str, str], str] = {}
    for (_, level), code in named.items():
        question = catalogue.newest[code]
        seen.setdefault((index[(level, question.cluster)], question.point, level), question.point_code)
    ordered = sorted(seen.items(), key=lambda one: (one[0][0], one[1], one[0][1]))
    return tuple(PointItem(i, code, label, c, level) for i, ((c, label, level), code) in enumerate(ordered))
