"""A version's decisions as pure functions: its document's content, whether it can be used, the difference of two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from betterwork.core.errors import BetterWorkError
from betterwork.core.instrument import (
    AnswerKind,
    CountryMark,
    Kind,
    Known,
    LegalLink,
    Lineage,
    Question,
    Relation,
    ReportingLevel,
    ToolVersion,
    TranslatedText,
)

SCHEMA = "betterwork.tool-version/1"


class BadTool(BetterWorkError):
    """A tool version that cannot be sealed. The message names the row and what was expected."""


# --- content of the sealed document -------------------------------------------------------------


def version_content(version: ToolVersion, lineage: Iterable[Lineage] = ()) -> dict[str, Any]:
    """The version as the content of its sealed document."""
    said = {
        "country": version.country,
        "marks": [_texts(one) for one in version.marks],
        "legal": [_texts(one) for one in version.legal],
        "translations": [_texts(one) for one in version.translations],
    }
    return {
        "schema": SCHEMA,
        "tool": version.tool,
        "version": version.version,
        "in_force_from": version.in_force_from,
        "approval": version.approval,
        "questions": [question_content(question) for question in version.questions],
        "lineage": [_texts(link) for link in lineage],
        **{name: value for name, value in said.items() if value},
    }


def _texts(value: Any) -> dict[str, str]:
    return {key: str(one) for key, one in asdict(value).items()}


_LATER = {"answer": AnswerKind.FINDING, "unit": "", "choices": (), "least": "", "most": ""}
"""What questions came to say later: left out where nothing is said, so that what was sealed before keeps its digest."""


def question_content(question: Question) -> dict[str, Any]:
    """One question as it stands in a document."""
    content = {name: value for name, value in asdict(question).items() if _LATER.get(name) != value}
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
            questions=tuple(question_from_content(one) for one in content["questions"]),
            digest=digest,
            country=str(content.get("country", "")),
            marks=tuple(
                CountryMark(
                    str(one["code"]),
                    str(one["country"]),
                    Known(one["publicly_reported"]),
                    Known(one["zero_tolerance"]),
                )
                for one in content.get("marks", [])
            ),
            legal=tuple(LegalLink(**one) for one in content.get("legal", [])),
            translations=tuple(TranslatedText(**one) for one in content.get("translations", [])),
        )
        lineage = tuple(
            Lineage(**{**link, "relation": Relation(link["relation"])}) for link in content.get("lineage", [])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadTool(f"the tool version is not well formed: {error}") from error
    return version, lineage


_LISTS, _YES_NO = ("legal_basis", "tags", "choices"), ("publicly_reported", "only_where_it_applies")


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


def question_from_content(content: Mapping[str, Any]) -> Question:
    """A question from a document. Raises ValueError for a value of another type than its field's."""
    _types_checked(content)
    return Question(
        **{
            **content,
            "kind": Kind(content["kind"]),
            "reporting_level": ReportingLevel(content["reporting_level"]),
            "zero_tolerance": Known(content["zero_tolerance"]),
            "legal_basis": tuple(content["legal_basis"]),
            "tags": tuple(content["tags"]),
            "answer": AnswerKind(content.get("answer", AnswerKind.FINDING)),
            "choices": tuple(content.get("choices", ())),
        }
    )


def with_law(version: ToolVersion) -> ToolVersion:
    """The version with the citations of its legal references among each question's legal basis in words."""
    cited: dict[str, list[str]] = {}
    for link in version.legal:
        cited.setdefault(link.code, []).append(link.citation)
    questions = tuple(
        replace(one, legal_basis=tuple(dict.fromkeys([*one.legal_basis, *cited.get(one.code, [])])))
        for one in version.questions
    )
    return replace(version, questions=questions)


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
