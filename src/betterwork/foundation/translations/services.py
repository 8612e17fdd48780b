"""Proposing, reviewing and approving translations; saying that a source has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.known import KNOWN
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.translations.models import Translation
from betterwork.foundation.translations.rules import (
    APPROVED,
    DRAFT,
    OPEN,
    REVIEWED,
    STALE,
    Source,
    approval_check,
    review_check,
    source_digest,
)


def _subject(translation: Translation) -> str:
    return f"translation {translation.language} {translation.subject} {translation.field}"


def _state(translation: Translation) -> Mapping[str, Any]:
    return {"state": translation.state, "text": translation.text, "source_digest": translation.source_digest}


def _own_name(code: str) -> str:
    if code not in KNOWN:
        raise WrongUse(f"no language is called {code}: write one of {', '.join(KNOWN)}")
    return code


def translation_propose(*, actor: str, source: Source, language: str, text: str, at: datetime) -> Translation:
    """Propose a translation of the words of ``source``, in the place of an open one of the same text and language.

    Raises :class:`~betterwork.core.errors.WrongUse` for a language that is not known or is the source's own, and for
    a text that says nothing.
    """
    if _own_name(language) == source.language:
        raise WrongUse("a text is not translated into the language it is written in")
    if not text.strip():
        raise WrongUse("the translation says nothing: write it first")
    with transaction.atomic():
        before = _rows(source, language).filter(state__in=OPEN).select_for_update().first()
        if before is None:
            return _proposed(actor=actor, source=source, language=language, text=text, at=at)
        return _proposed_anew(actor=actor, translation=before, source=source, text=text, at=at)


@audited("translations.proposed", subject=_subject, state=_state)
def _proposed(*, actor: str, source: Source, language: str, text: str, at: datetime) -> Translation:
    return Translation.objects.create(
        subject=source.subject,
        field=source.field,
        language=language,
        text=text,
        state=DRAFT,
        source_text=source.text,
        source_digest=source.digest,
        proposed_by=actor,
        proposed_at=at,
    )


@audited("translations.proposed", subject=_subject, state=_state, of="translation")
def _proposed_anew(*, actor: str, translation: Translation, source: Source, text: str, at: datetime) -> Translation:
    translation.text, translation.state = text, DRAFT
    translation.source_text, translation.source_digest = source.text, source.digest
    translation.proposed_by, translation.proposed_at = actor, at
    translation.reviewed_by, translation.reviewed_at = "", None
    translation.save()
    return translation


@audited("translations.reviewed", subject=_subject, state=_state, of="translation")
def translation_review(*, actor: str, translation: Translation, source: Source, at: datetime) -> Translation:
    """Say that a draft is a good translation of the words of ``source``.

    Raises :class:`~betterwork.foundation.translations.rules.NotNow` and ``SecondPersonNeeded``.
    """
    translation = _locked(translation)
    review_check(
        state=translation.state,
        is_current=_is_of(translation, source),
        proposed_by=translation.proposed_by,
        actor=actor,
    )
    translation.state, translation.reviewed_by, translation.reviewed_at = REVIEWED, actor, at
    translation.save()
    return translation


@audited("translations.approved", subject=_subject, state=_state, of="translation")
def translation_approve(*, actor: str, translation: Translation, source: Source, at: datetime) -> Translation:
    """Let a reviewed translation be shown; the one that was shown until now becomes stale.

    Raises :class:`~betterwork.foundation.translations.rules.NotNow` and ``SecondPersonNeeded``.
    """
    translation = _locked(translation)
    approval_check(
        state=translation.state,
        is_current=_is_of(translation, source),
        proposed_by=translation.proposed_by,
        actor=actor,
    )
    for shown in _rows(source, translation.language).filter(state=APPROVED):
        translation_retire(actor=actor, translation=shown, at=at)
    translation.state, translation.approved_by, translation.approved_at = APPROVED, actor, at
    translation.save()
    return translation


@audited("translations.retired", subject=_subject, state=_state, of="translation")
def translation_retire(*, actor: str, translation: Translation, at: datetime) -> Translation:
    """Show a translation no longer: its source has changed, or it turned out wrong. ``at`` goes into the ledger."""
    translation = _locked(translation)
    translation.state = STALE
    translation.save()
    return translation


@transaction.atomic
def translations_source_changed(*, actor: str, source: Source, at: datetime) -> list[Translation]:
    """Mark stale what was made from other words than those the source has now; return what was marked.

    The room whose text it is calls this in the transaction of its change. Readers are safe without: a translation of
    other words is not shown.
    """
    old = Translation.objects.filter(subject=source.subject, field=source.field).exclude(state=STALE)
    old = old.exclude(source_digest=source_digest(source.text)).order_by("pk")
    return [translation_retire(actor=actor, translation=one, at=at) for one in old]


def _rows(source: Source, language: str) -> Any:
    return Translation.objects.filter(subject=source.subject, field=source.field, language=language)


def _locked(translation: Translation) -> Translation:
    return Translation.objects.select_for_update().get(pk=translation.pk)


def _is_of(translation: Translation, source: Source) -> bool:
    same = (translation.subject, translation.field) == (source.subject, source.field)
    if not same:
        raise WrongUse(f"{translation} is not a translation of {source.subject} {source.field}")
    return translation.source_digest == source.digest
