"""The tool's decisions as pure functions: older versions from the reference, content, difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from betterwork.core.errors import BetterWorkError
from betterwork.core.instrument import (
    Kind,
    Known,
    Lineage,
    Question,
    Relation,
    ReportingLevel,
    ToolVersion,
)

SCHEMA = "betterwork.tool-version/1"
Row = Mapping[str, str]


class BadTool(BetterWorkError):
    """A tool version that cannot be sealed. The message names the row and what was expected."""


# --- from the reference table -------------------------------------------------------------------


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


# --- content of the sealed document -------------------------------------------------------------


def version_content(version: ToolVersion, lineage: Iterable[Lineage] = ()) -> dict[str, Any]:
    """The version as the content of its sealed document."""
    return {
        "schema": SCHEMA,
        "tool": version.tool,
        "version": version.version,
        "in_force_from": version.in_force_from,
        "approval": version.approval,
        "questions": [_question_content(question) for question in version.questions],
        "lineage": [{key: str(value) for key, value in asdict(link).items()} for link in lineage],
    }


def _question_content(question: Question) -> dict[str, Any]:
    content = asdict(question)
    for key, value in content.items():
        if isinstance(value, tuple):
            content[key] = list(value)
        elif isinstance(value, str):
            content[key] = str(value)
    return content


def version_from_content(content: Mapping[str, Any], *, digest: str = "") -> tuple[ToolVersion, tuple[Lineage, ...]]:
    """The version and its lineage from a document's content.

    Raises :class:`BadTool` when the content is not a tool version or a question is not well formed.
    """
    if content.get("schema") != SCHEMA:
        raise BadTool(f"this is not a tool version: schema {content.get('schema')!r}, expected {SCHEMA!r}")
    try:
        version = ToolVersion(
            tool=str(content["tool"]),
            version=str(content["version"]),
            in_force_from=str(content["in_force_from"]),
            approval=str(content["approval"]),
            questions=tuple(_question_from_content(one) for one in content["questions"]),
            digest=digest,
        )
        lineage = tuple(
            Lineage(**{**link, "relation": Relation(link["relation"])}) for link in content.get("lineage", [])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadTool(f"the tool version is not well formed: {error}") from error
    return version, lineage


_LISTS, _YES_NO = ("legal_basis", "tags"), ("publicly_reported", "only_where_it_applies")


def _types_checked(content: Mapping[str, Any]) -> None:
    """Refuse a value of another type than its field's: ``"no"`` would be true. Raises ValueError."""
    for name, value in content.items():
        if name in _LISTS:
            right, wanted = isinstance(value, list) and all(isinstance(one, str) for one in value), "a list of texts"
        elif name in _YES_NO:
            right, wanted = isinstance(value, bool), "true or false"
        else:
            right, wanted = isinstance(value, str), "a text"
        if not right:
            raise ValueError(f"question {content.get('code')!r}: {name} is {value!r}, expected {wanted}")


def _question_from_content(content: Mapping[str, Any]) -> Question:
    _types_checked(content)
    return Question(
        **{
            **content,
            "kind": Kind(content["kind"]),
            "reporting_level": ReportingLevel(content["reporting_level"]),
            "zero_tolerance": Known(content["zero_tolerance"]),
            "legal_basis": tuple(content["legal_basis"]),
            "tags": tuple(content["tags"]),
        }
    )


def version_check(version: ToolVersion, lineage: Sequence[Lineage] = ()) -> None:
    """Refuse a version that evidence could not use. Raises :class:`BadTool` that names the question."""
    if not version.questions:
        raise BadTool(f"version {version.version!r} has no questions")
    seen: set[str] = set()
    places: dict[str, tuple[str, str]] = {}
    for question in version.questions:
        code = question.code
        if not (code and code.isascii() and code.isprintable() and code == code.strip()):
            raise BadTool(f"question code {code!r}: ASCII text is needed, without space around it")
        if question.code in seen:
            raise BadTool(f"question {question.code} stands twice in version {version.version}")
        seen.add(question.code)
        if not (question.text.strip() and question.cluster.strip() and question.point.strip()):
            raise BadTool(f"question {question.code} needs a text, a cluster and a compliance point")
        place = (question.cluster, question.point)
        if places.setdefault(question.point_code, place) != place:
            raise BadTool(f"point {question.point_code} has two labels or two clusters; see question {question.code}")
    for link in lineage:
        if link.to_version == version.version and link.successor and link.successor not in seen:
            raise BadTool(f"the lineage names {link.successor}, which version {version.version} does not ask")


# --- difference of two versions -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one question, or from where it came."""

    relation: Relation
    predecessor: str
    successor: str
    before: str
    after: str
    reason: str


def versions_difference(
    older: ToolVersion, newer: ToolVersion, lineage: Iterable[Lineage], *, with_same: bool = False
) -> tuple[Change, ...]:
    """Every question that is not the same in both versions, in the newer version's order, withdrawn ones last.

    The lineage's word goes first; what it does not mention is read off the questions: same,
    reworded (other text), moved (other point), added, withdrawn. A code that is in both versions
    is never reported as added or withdrawn.
    """
    links = [link for link in lineage if (link.from_version, link.to_version) == (older.version, newer.version)]
    mentioned = {link.successor for link in links if link.successor}
    gone = {link.predecessor for link in links if link.predecessor and link.predecessor not in newer.by_code}
    changes: list[Change] = []
    for question in newer.questions:
        for link in links:
            if link.successor == question.code:
                changes.append(_linked(link, older, newer))
        if question.code not in mentioned:
            changes.append(_read_off(older.by_code.get(question.code), question))
    for question in older.questions:
        if question.code not in newer.by_code and question.code not in gone:
            changes.append(Change(Relation.WITHDRAWN, question.code, "", question.text, "", ""))
    changes += [_linked(link, older, newer) for link in links if not link.successor]
    return tuple(change for change in changes if with_same or change.relation is not Relation.SAME)


def _linked(link: Lineage, older: ToolVersion, newer: ToolVersion) -> Change:
    before, after = older.by_code.get(link.predecessor), newer.by_code.get(link.successor)
    return Change(
        link.relation,
        link.predecessor,
        link.successor,
        before.text if before else "",
        after.text if after else "",
        link.reason,
    )


def _read_off(before: Question | None, after: Question) -> Change:
    if before is None:
        return Change(Relation.ADDED, "", after.code, "", after.text, "")
    relation = Relation.SAME
    reason = ""
    if before.point_code != after.point_code:
        relation, reason = Relation.MOVED, f"from {before.point} to {after.point}"
    elif before.text != after.text:
        relation = Relation.REWORDED
    return Change(relation, before.code, after.code, before.text, after.text, reason)
