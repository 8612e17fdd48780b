"""The shipped tool's decisions as pure functions: questions of the reference table, older versions undone from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from betterwork.core.instrument import Kind, Known, Lineage, Question, Relation

Row = Mapping[str, str]


def question_from_reference(row: Row, *, only_where_it_applies: bool) -> Question:
    """A question of the reference table. Blank ``zero_tolerance`` is *not known*, never *no*."""
    public = row["publicly_reported"] == "true"
    zero = {"true": Known.YES, "false": Known.NO}.get(row["zero_tolerance"], Known.UNKNOWN)
    tags = [*(["Public Disclosure"] if public else []), *(["Zero Tolerance"] if zero is Known.YES else [])]
    return Question(
        code=row["question_code"],
        kind=Kind.COMPLIANCE,
        cluster_code=row["cluster_code"],
        cluster=row["cluster"],
        point_code=row["compliance_point_code"],
        point=row["compliance_point"],
        text=row["topic"],
        standard_kind=row["standard_kind"],
        noncompliant_answer=row["noncompliant_answer"],
        legal_basis=tuple(part.strip() for part in row["legal_basis"].split(";") if part.strip()),
        tags=tuple(tags),
        publicly_reported=public,
        zero_tolerance=zero,
        only_where_it_applies=only_where_it_applies,
        source=row["source"],
    )


def fact_from_reference(row: Row) -> Question:
    """A fact question that the tool declares."""
    return Question(
        code=row["code"],
        kind=Kind.FACT,
        cluster_code="GEN",
        cluster="General Information",
        point_code="GEN-1",
        point="Workforce",
        text=row["text"],
        source=row["source"],
    )


def older_version_questions(
    newer: Sequence[Question], lineage: Iterable[Lineage], older: Iterable[Row], labels: Iterable[Row]
) -> tuple[Question, ...]:
    """The questions of a predecessor version: the newer ones, with what the lineage added, split or merged undone.

    ``older`` gives the older wording (``code``, ``placed_like``, ``text``), ``labels`` the older
    labels of points and clusters.
    """
    successors_only = {
        link.successor
        for link in lineage
        if link.relation is Relation.ADDED
        or (link.relation in {Relation.SPLIT, Relation.MERGED} and link.predecessor != link.successor)
    }
    reworded = {row["code"]: row for row in older if row["code"] == row["placed_like"]}
    returning: dict[str, list[Row]] = {}
    for row in older:
        if row["code"] != row["placed_like"]:
            returning.setdefault(row["placed_like"], []).append(row)
    found: list[Question] = []
    for question in newer:
        for row in returning.get(question.code, []):
            found.append(_older_question(question, row))
        if question.code in successors_only:
            continue
        wording = reworded.get(question.code)
        found.append(replace(question, text=wording["text"]) if wording else question)
    return tuple(_older_labels(question, labels) for question in found)


def _older_question(like: Question, row: Row) -> Question:
    turned = {"yes": "no", "no": "yes"}[like.noncompliant_answer] if row["code"] == "OSH-8-90" else None
    return replace(
        like,
        code=row["code"],
        text=row["text"],
        noncompliant_answer=turned or like.noncompliant_answer,
        tags=(),
        publicly_reported=False,
        zero_tolerance=Known.UNKNOWN,
        source=row["source"],
    )


def _older_labels(question: Question, labels: Iterable[Row]) -> Question:
    for row in labels:
        if row["point_code"] == question.point_code:
            question = (
                replace(question, point=row["label"])
                if row["level"] == "point"
                else replace(question, cluster=row["label"])
            )
    return question
