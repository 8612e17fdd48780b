"""Drafts between their rows and the values that the rules work with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Value

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
    VersionLegal,
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


def draft_frame(draft: ToolDraft, *, codes: bool = True) -> Frame:
    """What a draft is written against. Its base and the codes used before are read once and kept.

    ``codes``: whether the codes used before are wanted, which only a step that gives a code asks for.
    """
    base: Version | None = None
    if draft.based_on_id is not None:
        base = version_of_row(_base_of(draft, draft.based_on_id))[0]
    national = bool(draft.country) and not draft.tool.country
    return Frame(base, draft.version, national, codes_used(draft.tool.code) if codes else frozenset())


def _base_of(draft: ToolDraft, base: int) -> ToolVersion:
    known: ToolVersion | None = draft._state.fields_cache.get("based_on")
    if known is not None and "document" in known._state.fields_cache:
        return known
    return ToolVersion.objects.select_related("document").defer("document__body").get(pk=base)


@dataclass(frozen=True)
class Opened:
    """A draft as it was read: what the rules work with, and the rows that a page shows."""

    content: Content
    questions: tuple[DraftQuestion, ...]
    links: tuple[DraftLineage, ...]
    laws: Mapping[str, tuple[date | None, date | None]]
    """First and last day of each reference that a question rests on, by its key."""
    legal_of_base: frozenset[tuple[str, str]]
    """On what the questions of the base rest, as (code, key of the reference)."""


_MARK, _OF_DRAFT, _OF_BASE = "mark", "draft", "base"


def draft_opened(draft: ToolDraft) -> Opened:
    """What a draft holds: three queries, however large it is. Give it with its base, or that is asked for too."""
    base = draft.based_on.version if draft.based_on else ""
    rows = tuple(DraftQuestion.objects.filter(draft=draft).order_by("position", "id"))
    links, marks = _links_and_marks(draft)
    legal, laws = _legal(draft, base)
    content = Content(
        questions=tuple(question_of_row(row) for row in rows),
        links=tuple(
            Lineage(base, draft.version, one.predecessor, one.successor, Relation(one.relation), one.reason)
            for one in links
        ),
        legal=legal[_OF_DRAFT],
        marks=marks,
    )
    return Opened(content, rows, links, laws, legal[_OF_BASE])


def draft_read(draft: ToolDraft) -> Content:
    """What a draft holds, as the rules take it: three queries."""
    return draft_opened(draft).content


def _links_and_marks(draft: ToolDraft) -> tuple[tuple[DraftLineage, ...], tuple[CountryMark, ...]]:
    """Both are four words each: one query. Links in the order in which they were made, marks by question."""
    links = DraftLineage.objects.filter(draft=draft).order_by()
    marks = DraftMark.objects.filter(draft=draft).order_by()
    found = links.values_list(Value(""), "id", "predecessor", "successor", "relation", "reason").union(
        marks.values_list(Value(_MARK), "id", "code", "country", "publicly_reported", "zero_tolerance"), all=True
    )
    rows = sorted(found, key=lambda row: row[1])
    own = ("predecessor", "successor", "relation", "reason")
    return (
        tuple(DraftLineage(draft=draft, **dict(zip(own, row[2:], strict=True))) for row in rows if row[0] != _MARK),
        tuple(
            CountryMark(code, country, Known(public), Known(serious))
            for code, country, public, serious in sorted(row[2:] for row in rows if row[0] == _MARK)
        ),
    )


def _legal(
    draft: ToolDraft, base: str
) -> tuple[dict[str, frozenset[tuple[str, str]]], dict[str, tuple[date | None, date | None]]]:
    """On what the questions of a draft rest and those of its base, and when each reference of the draft holds."""
    names = ("code", "reference__key", "reference__in_force_from", "reference__in_force_until")
    sealed = VersionLegal.objects.filter(tool=draft.tool.code, version=base).order_by()
    rows = DraftLegal.objects.filter(draft=draft).order_by().values_list(Value(_OF_DRAFT), *names)
    found = list(rows.union(sealed.values_list(Value(_OF_BASE), *names), all=True))
    return (
        {of: frozenset((row[1], row[2]) for row in found if row[0] == of) for of in (_OF_DRAFT, _OF_BASE)},
        {key: (first, last) for of, _code, key, first, last in found if of == _OF_DRAFT},
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
