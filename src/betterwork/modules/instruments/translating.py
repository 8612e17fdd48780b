"""Translations of a tool's questions: each wording has its own, so that no draft takes the place of another's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Question, TranslatedText
from betterwork.foundation.languages.known import KNOWN
from betterwork.foundation.translations.models import Translation
from betterwork.foundation.translations.rules import APPROVED, STALE, Source
from betterwork.foundation.translations.services import (
    translation_approve,
    translation_propose,
    translation_review,
)

FIELDS = ("text", "guidance")
_AT_ONCE = 400


def source_of(tool: str, question: Question, field: str) -> Source:
    """A text of a question as translators know it.

    The field carries the first of its digest: a draft of other words leaves the translation of what is in force alone.
    """
    bare = Source(f"question {tool}/{question.code}", field, getattr(question, field))
    return Source(bare.subject, f"{field} {bare.digest[:16]}", bare.text)


@dataclass(frozen=True, slots=True)
class Translated:
    """One text of a question in one language, or that there is none yet."""

    field: str
    language: str
    language_name: str
    source: str
    text: str
    state: str
    key: int
    proposed_by: str = ""


def translations_of_question(tool: str, question: Question) -> list[Translated]:
    """Every text of a question in every language but its own: the open one before the approved one. One query."""
    sources = [source_of(tool, question, field) for field in FIELDS if getattr(question, field).strip()]
    rows = Translation.objects.filter(subject=f"question {tool}/{question.code}").exclude(state=STALE)
    found: dict[tuple[str, str], Translation] = {}
    for row in rows.order_by("pk"):
        known = found.get((row.field, row.language))
        if known is None or known.state == APPROVED:
            found[row.field, row.language] = row
    return [
        _translated(one, language, found.get((one.field, language)))
        for one in sources
        for language in KNOWN
        if language != one.language
    ]


def _translated(source: Source, language: str, row: Translation | None) -> Translated:
    field, name = source.field.partition(" ")[0], KNOWN[language].own_name
    if row is None:
        return Translated(field, language, name, source.text, "", "", 0)
    return Translated(field, language, name, source.text, row.text, row.state, row.pk, row.proposed_by)


def sealed_translations(tool: str, questions: Sequence[Question]) -> tuple[TranslatedText, ...]:
    """The approved translations of these very words, to be sealed with them."""
    wanted = {
        (one.subject, one.field): (question.code, field)
        for question in questions
        for field in FIELDS
        if getattr(question, field).strip()
        for one in (source_of(tool, question, field),)
    }
    found = []
    subjects = sorted({subject for subject, _field in wanted})
    for start in range(0, len(subjects), _AT_ONCE):
        rows = Translation.objects.filter(subject__in=subjects[start : start + _AT_ONCE], state=APPROVED)
        for subject, field, language, text in rows.values_list("subject", "field", "language", "text"):
            if (subject, field) in wanted:
                found.append(TranslatedText(*wanted[subject, field], language, text))
    return tuple(sorted(found, key=lambda one: (one.code, one.field, one.language)))


def languages_missing(tool: str, questions: Sequence[Question], languages: Iterable[str]) -> dict[str, int]:
    """How many questions have no approved translation of their text, by language."""
    there: dict[str, set[str]] = {}
    for one in sealed_translations(tool, questions):
        if one.field == "text":
            there.setdefault(one.language, set()).add(one.code)
    codes = {one.code for one in questions}
    return {language: len(codes - there.get(language, set())) for language in languages}


def question_translate(
    *, actor: str, tool: str, question: Question, field: str, language: str, text: str, at: datetime
) -> Translation:
    """Propose a translation of a text of a question, as it stands. Raises :class:`WrongUse`."""
    if field not in FIELDS or not getattr(question, field).strip():
        raise WrongUse(_("There is no such text to translate."))
    source = source_of(tool, question, field)
    return translation_propose(actor=actor, source=source, language=language, text=text, at=at)


def question_translation_accept(
    *, actor: str, tool: str, question: Question, translation: int, at: datetime
) -> Translation:
    """Take a translation a step on: a draft is reviewed, a reviewed one approved. Never by who proposed it.

    Raises :class:`WrongUse` for one of other words, and what the room of translations raises.
    """
    row = Translation.objects.filter(pk=translation).first()
    sources = {one.field: one for one in (source_of(tool, question, field) for field in FIELDS)}
    source = sources.get(row.field) if row else None
    if row is None or source is None or row.subject != source.subject:
        raise WrongUse(_("This is a translation of other words: look at the question again."))
    step = translation_review if row.state == "draft" else translation_approve
    return step(actor=actor, translation=row, source=source, at=at)
