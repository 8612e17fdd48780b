"""The difference of two versions as a page shows it and as a file holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.core.instrument import Lineage, Relation, ToolVersion
from betterwork.modules.instruments.difference import Compared, Words, compared, counts, difference
from betterwork.modules.instruments.presentations import RELATIONS
from betterwork.modules.instruments.rules import Change

MARKS_ONLY = "marks"
"""Rows of questions that are worded the same, and differ beside the words."""
ASPECT_TITLES: dict[str, Any] = {
    "point": _("Compliance point"),
    "cluster": _("Cluster"),
    "reporting_level": _("Reporting level"),
    "legal_basis": _("Legal basis"),
    "tags": _("Tags"),
    "publicly_reported": _("Publicly reported"),
    "zero_tolerance": _("Serious"),
    "noncompliant_answer": _("Answer that is a finding"),
    "only_where_it_applies": _("Asked only where it applies"),
    "standard_kind": _("Kind of standard"),
    "kind": _("Kind of question"),
    "answer": _("Kind of answer"),
    "unit": _("Unit"),
    "choices": _("Choices"),
    "least": _("Least"),
    "most": _("Most"),
    "guidance": _("Guidance"),
}


@dataclass(frozen=True, slots=True)
class ShownAspect:
    """Something besides the words that differs, with its heading."""

    title: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the difference."""

    relation: str
    word: Any
    tag: str
    predecessor: str
    successor: str
    point: str
    words: tuple[Words, ...]
    reason: str
    aspects: tuple[ShownAspect, ...]


@dataclass(frozen=True, slots=True)
class ShownCluster:
    """The rows of one cluster."""

    title: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class ShownCount:
    """How many rows of one kind there are, and whether only these are shown."""

    name: str
    word: Any
    tag: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """The whole difference: what is counted, what is shown of it, and labels that changed."""

    counts: tuple[ShownCount, ...]
    clusters: tuple[ShownCluster, ...]
    labels: tuple[tuple[str, str, str], ...]
    total: int
    same: int
    shown: int


def difference_shown(
    older: ToolVersion,
    newer: ToolVersion,
    versions: Iterable[ToolVersion],
    lineage: Sequence[Lineage],
    *,
    only: str = "",
) -> ShownDifference:
    """The difference for a page; ``only`` one relation, or :data:`MARKS_ONLY`."""
    changes = difference(older, newer, versions, lineage, with_same=True)
    rows = [_without_labels(row) for row in compared(older, newer, changes)]
    told = [row for row in rows if row.says_something]
    marks = [row for row in told if row.change.relation is Relation.SAME]
    counted = [
        ShownCount(str(relation), *RELATIONS[relation], count, only == relation)
        for relation, count in counts(row.change for row in told if row.change.relation is not Relation.SAME).items()
    ]
    if marks:
        words = _("The same words, other marks")
        counted.append(ShownCount(MARKS_ONLY, words, "info", len(marks), only == MARKS_ONLY))
    known = {one.name for one in counted}
    picked = told if only not in known else marks if only == MARKS_ONLY else _only(told, only)
    clusters = [
        ShownCluster(title, tuple(_row(one) for one in found))
        for title, found in groupby(sorted(picked, key=_cluster_order(newer, older)), lambda one: one.cluster)
    ]
    same = len(rows) - len(told)
    return ShownDifference(
        tuple(counted), tuple(clusters), _labels(older, newer), len(told), same, sum(len(c.rows) for c in clusters)
    )


def _only(rows: Iterable[Compared], relation: str) -> list[Compared]:
    return [row for row in rows if row.change.relation == relation]


def rows_shown(rows: Iterable[Compared]) -> list[ShownRow]:
    """Rows of a comparison as a page shows them."""
    return [_row(one) for one in rows]


def difference_rows(changes: Iterable[Change]) -> list[dict[str, str]]:
    """The rows as files hold them."""
    return [
        {
            name: str(getattr(change, name))
            for name in ("relation", "predecessor", "successor", "before", "after", "reason")
        }
        for change in changes
    ]


def _row(row: Compared) -> ShownRow:
    word, tag = RELATIONS[row.change.relation]
    change = row.change
    aspects = tuple(ShownAspect(ASPECT_TITLES[one.name], one.before, one.after) for one in row.aspects)
    return ShownRow(
        str(change.relation),
        word,
        tag,
        change.predecessor,
        change.successor,
        row.point,
        row.words,
        change.reason,
        aspects,
    )


def _without_labels(row: Compared) -> Compared:
    """A point or cluster that is merely called otherwise is told once, not with each of its questions."""
    if row.change.relation is Relation.MOVED:
        return row
    kept = tuple(one for one in row.aspects if one.name not in {"point", "cluster"})
    return Compared(row.change, row.cluster, row.point, row.words, kept)


def _labels(older: ToolVersion, newer: ToolVersion) -> tuple[tuple[str, str, str], ...]:
    found: dict[tuple[str, str, str], None] = {}
    for level in ("cluster", "point"):
        before = {getattr(q, f"{level}_code"): getattr(q, level) for q in older.questions}
        for question in newer.questions:
            code, now = getattr(question, f"{level}_code"), getattr(question, level)
            if code and code in before and before[code] != now:
                found[code, before[code], now] = None
    return tuple(found)


def _cluster_order(newer: ToolVersion, older: ToolVersion) -> Any:
    order: dict[str, int] = {}
    for question in (*newer.questions, *older.questions):
        order.setdefault(question.cluster, len(order))
    return lambda row: order[row.cluster]
