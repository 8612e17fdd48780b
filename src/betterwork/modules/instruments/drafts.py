"""Drafts between their rows and the values that the rules work with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from betterwork.core.canonical import canonical_bytes, digest
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
)
from betterwork.core.instrument import ToolVersion as Version
from betterwork.modules.instruments.lineage import Content, Frame
from betterwork.modules.instruments.models import (
    DraftLegal,
    DraftLineage,
    DraftMark,
    DraftQuestion,
    LegalReference,
    ToolDraft,
    ToolVersion,
)
from betterwork.modules.instruments.queries import codes_used, version_of_row
from betterwork.modules.instruments.rules import version_content

NAMES = tuple(one.name for one in fields(Question))
_MADE: dict[str, Any] = {
    "kind": Kind,
    "reporting_level": ReportingLevel,
    "zero_tolerance": Known,
    "answer": AnswerKind,
    "legal_basis": tuple,
    "tags": tuple,
    "choices": tuple,
}


def question_of_row(row: DraftQuestion) -> Question:
    """A stored question as the rules take it."""
    return Question(**{name: _MADE.get(name, _same)(getattr(row, name)) for name in NAMES})


def _same(value: Any) -> Any:
    return value


def row_of_question(draft: ToolDraft, position: int, question: Question, revision: int) -> DraftQuestion:
    """A question as it is stored; nothing is written."""
    values = {name: getattr(question, name) for name in NAMES}
    stored = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return DraftQuestion(draft=draft, position=position, revision=revision, **stored)


def draft_frame(draft: ToolDraft) -> Frame:
    """What a draft is written against. Its base and the codes used before are read once and kept."""
    base: Version | None = None
    if draft.based_on_id:
        base = version_of_row(ToolVersion.objects.select_related("document").get(pk=draft.based_on_id))[0]
    national = bool(draft.country) and not draft.tool.country
    return Frame(base, draft.version, national, codes_used(draft.tool.code))


def draft_read(draft: ToolDraft) -> Content:
    """What a draft holds: four queries."""
    base = draft.based_on.version if draft.based_on else ""
    rows = DraftQuestion.objects.filter(draft=draft).order_by("position", "id")
    links = DraftLineage.objects.filter(draft=draft).order_by("id")
    legal = DraftLegal.objects.filter(draft=draft).values_list("code", "reference__key")
    marks = DraftMark.objects.filter(draft=draft).order_by("code", "country")
    return Content(
        questions=tuple(question_of_row(row) for row in rows),
        links=tuple(
            Lineage(base, draft.version, one.predecessor, one.successor, Relation(one.relation), one.reason)
            for one in links
        ),
        legal=frozenset(legal),
        marks=tuple(
            CountryMark(one.code, one.country, Known(one.publicly_reported), Known(one.zero_tolerance)) for one in marks
        ),
    )


def draft_content(draft: ToolDraft) -> tuple[Version, tuple[Lineage, ...]]:
    """A draft as a version and its lineage: what exchange writes into files and difference compares. Not approved."""
    content = draft_read(draft)
    day = draft.in_force_from.isoformat() if draft.in_force_from else ""
    return version_of_content(draft, content, in_force_from=day, approval="draft, not approved"), content.links


def version_of_content(draft: ToolDraft, content: Content, *, in_force_from: str, approval: str) -> Version:
    """What a draft holds as a version of its tool, each question with its legal basis in words."""
    known = references_called({key for _code, key in content.legal})
    legal = tuple(LegalLink(code, key, known[key].citation) for code, key in sorted(content.legal) if key in known)
    return Version(
        tool=draft.tool.code,
        version=draft.version,
        in_force_from=in_force_from,
        approval=approval,
        questions=content.questions,
        country=draft.country,
        marks=content.marks,
        legal=legal,
    )


def references_called(keys: Iterable[str]) -> dict[str, LegalReference]:
    """References of the register by their keys."""
    return {one.key: one for one in LegalReference.objects.filter(key__in=list(keys))}


def draft_digest(draft: ToolDraft, content: Content) -> str:
    """What was put before a body is known by this: everything it says, without the day it begins."""
    version = version_of_content(draft, content, in_force_from="", approval="")
    return digest(canonical_bytes(version_content(version, content.links)))


def draft_called(key: str) -> ToolDraft | None:
    """A draft by its key, with its tool and base."""
    return ToolDraft.objects.select_related("tool", "based_on", "sealed").filter(key=key).first()
