"""Reading translations: approved ones for everybody, all of them for the programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.languages.known import content_chain
from betterwork.foundation.translations.models import Translation
from betterwork.foundation.translations.presentations import FOR_THE_PROGRAMME
from betterwork.foundation.translations.rules import APPROVED, OPEN, Shown, Source, shown

_AT_ONCE = 500
"""Subjects named in one query: fewer than any database refuses."""


def translations_for(sources: Iterable[Source], language: str) -> dict[tuple[str, str], Shown]:
    """What a reader of ``language`` is shown for each text, by (subject, field): approved words, else the source.

    One query for up to 500 subjects. Translations of other words than those of the sources are left out.
    """
    wanted = list(sources)
    chain = content_chain(language)
    subjects = sorted({one.subject for one in wanted if one.language != chain[0]})
    found: dict[tuple[str, str], dict[tuple[str, str], str]] = defaultdict(dict)
    for start in range(0, len(subjects), _AT_ONCE):
        rows = Translation.objects.filter(
            subject__in=subjects[start : start + _AT_ONCE], language__in=chain, state=APPROVED
        )
        for subject, field, code, digest, text in rows.values_list(
            "subject", "field", "language", "source_digest", "text"
        ):
            found[subject, field][code, digest] = text
    return {(one.subject, one.field): shown(one, found.get((one.subject, one.field), {}), chain) for one in wanted}


def translations_waiting(language: str = "", most: int = 200) -> list[Row]:
    """Drafts and reviewed ones, oldest first: rows for the programme. ``language`` empty: of all languages."""
    rows = Translation.objects.filter(state__in=OPEN).order_by("proposed_at", "pk")
    return FOR_THE_PROGRAMME.rows((rows.filter(language=language) if language else rows)[:most])


def translations_of(subject: str, fields: Sequence[str] = ()) -> list[Row]:
    """Every translation of a subject in any state, rows for the programme; of all its texts unless ``fields`` says."""
    rows = Translation.objects.filter(subject=subject).order_by("field", "language", "pk")
    return FOR_THE_PROGRAMME.rows(rows.filter(field__in=fields) if fields else rows)


def translations_by(person_id: str) -> list[dict[str, str]]:
    """What a person had to do with, as plain values for herself: which text, in which language, in what part."""
    parts = ("proposed", "reviewed", "approved")
    mine = Q(proposed_by=person_id) | Q(reviewed_by=person_id) | Q(approved_by=person_id)
    return [
        {
            "subject": one.subject,
            "field": one.field,
            "language": one.language,
            "part": ", ".join(part for part in parts if getattr(one, f"{part}_by") == person_id),
        }
        for one in Translation.objects.filter(mine).order_by("pk")
    ]
