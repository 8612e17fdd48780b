"""What the pages of tools show, as plain values: trees of clusters, points and questions; a question over versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from betterwork.core.instrument import Kind, Lineage, Question, ReportingLevel
from betterwork.core.instrument import ToolVersion as Version
from betterwork.modules.instruments.lineage import Content
from betterwork.modules.instruments.presentations import RELATIONS


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One line of a tool."""

    code: str
    text: str
    national: bool
    fact: bool
    public: bool
    serious: bool


@dataclass(frozen=True, slots=True)
class PointShown:
    """A compliance point with its questions."""

    code: str
    title: str
    questions: list[QuestionShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClusterShown:
    """A cluster with its points; ``count`` questions, ``changed`` of them not the same as in the base."""

    code: str
    title: str
    standard: str
    points: list[PointShown] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many questions it has."""
        return sum(len(point.questions) for point in self.points)


def tree_of(questions: Iterable[Question]) -> list[ClusterShown]:
    """Clusters in the order in which they are first asked, each with its points and their questions."""
    clusters: dict[str, ClusterShown] = {}
    points: dict[str, PointShown] = {}
    for one in questions:
        key = one.cluster_code or one.cluster
        if key not in clusters:
            clusters[key] = ClusterShown(key, one.cluster, one.standard_kind)
        if one.point_code not in points:
            points[one.point_code] = PointShown(one.point_code, one.point)
            clusters[key].points.append(points[one.point_code])
        points[one.point_code].questions.append(question_shown(one))
    return list(clusters.values())


def question_shown(one: Question) -> QuestionShown:
    """A question as a line."""
    return QuestionShown(
        one.code,
        one.text,
        one.reporting_level is ReportingLevel.NATIONAL,
        one.kind is Kind.FACT,
        one.publicly_reported,
        one.zero_tolerance == "yes",
    )


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """A cluster of a draft, closed or open."""

    code: str
    title: str
    count: int
    changed: int
    open: bool


@dataclass(frozen=True, slots=True)
class LinkShown:
    """What became of a question, in words and as a tag."""

    word: Any
    kind: str
    reason: str
    others: str


def clusters_of(content: Content, opened: str) -> list[ClusterLine]:
    """The clusters of a draft with how much changed in each. Facts among them."""
    changed = {link.successor for link in content.links if link.successor}
    titles: dict[str, str] = {}
    counts: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    for one in content.questions:
        key = one.cluster_code or one.cluster
        titles.setdefault(key, one.cluster)
        counts[key] += 1
        differ[key] += one.code in changed
    return [ClusterLine(key, title, counts[key], differ[key], key == opened) for key, title in titles.items()]


def links_shown(links: Iterable[Lineage]) -> dict[str, LinkShown]:
    """For each question asked now, how it descends; ``others`` are the codes on the other side."""
    found: dict[str, list[Lineage]] = {}
    for link in links:
        if link.successor:
            found.setdefault(link.successor, []).append(link)
    return {
        code: LinkShown(
            *RELATIONS[mine[0].relation],
            next((one.reason for one in mine if one.reason), ""),
            ", ".join(one.predecessor for one in mine if one.predecessor not in ("", code)),
        )
        for code, mine in found.items()
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """A question as one version asks it, and how it came to."""

    version: str
    in_force_from: str
    text: str
    cluster: str
    point: str
    level: str
    law: str
    guidance: str
    word: Any = ""
    kind: str = "none"
    reason: str = ""
    others: tuple[str, ...] = ()
    asked: bool = True


def history_of(code: str, versions: Iterable[tuple[Version, tuple[Lineage, ...]]]) -> list[Moment]:
    """A question over the versions of its tool, oldest first, also where it was withdrawn, split or merged away."""
    found: list[Moment] = []
    for version, links in versions:
        mine = [link for link in links if code in (link.predecessor, link.successor)]
        question = version.by_code.get(code)
        if question is not None:
            came = [link for link in mine if link.successor == code]
            found.append(_moment(version, question, came, tuple(one.predecessor for one in came)))
        elif mine:
            found.append(_gone(version, mine, code))
    return found


def _moment(version: Version, one: Question, links: list[Lineage], others: tuple[str, ...]) -> Moment:
    word, kind = RELATIONS[links[0].relation] if links else ("", "none")
    return Moment(
        version.version,
        version.in_force_from,
        one.text,
        one.cluster,
        one.point,
        str(one.reporting_level),
        ", ".join(one.legal_basis),
        one.guidance,
        word,
        kind,
        links[0].reason if links else "",
        tuple(code for code in others if code and code != one.code),
    )


def _gone(version: Version, links: list[Lineage], code: str) -> Moment:
    word, kind = RELATIONS[links[0].relation]
    others = tuple(link.successor for link in links if link.successor and link.successor != code)
    empty = ("", "", "", "", "", "")
    return Moment(version.version, version.in_force_from, *empty, word, kind, links[0].reason, others, asked=False)
