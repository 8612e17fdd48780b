"""From a proposal to what readers are shown, and what the ledger says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.translations.contributions import _export
from betterwork.foundation.translations.models import Translation
from betterwork.foundation.translations.queries import translations_for, translations_of, translations_waiting
from betterwork.foundation.translations.rules import APPROVED, DRAFT, STALE, NotNow, SecondPersonNeeded, Source
from betterwork.foundation.translations.services import (
    translation_approve,
    translation_propose,
    translation_review,
    translations_source_changed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P3")]
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
SOURCE = Source("question OSH-8-07", "text", "Are emergency exits kept clear?")
TRANSLATOR, SECOND, THIRD = "p-translator", "p-second", "p-third"


def proposed(text: str = "Les issues de secours sont-elles dégagées ?", language: str = "fr") -> Translation:
    return translation_propose(actor=TRANSLATOR, source=SOURCE, language=language, text=text, at=AT)


def approved(text: str = "Les issues de secours sont-elles dégagées ?", language: str = "fr") -> Translation:
    draft = proposed(text, language)
    reviewed = translation_review(actor=SECOND, translation=draft, source=SOURCE, at=AT)
    return translation_approve(actor=THIRD, translation=reviewed, source=SOURCE, at=AT)


def words(language: str = "fr", source: Source = SOURCE) -> str:
    return translations_for([source], language)[source.subject, source.field].text


def test_readers_see_english_until_a_translation_is_approved() -> None:
    draft = proposed()
    assert words() == SOURCE.text
    reviewed = translation_review(actor=SECOND, translation=draft, source=SOURCE, at=AT)
    assert words() == SOURCE.text
    translation_approve(actor=SECOND, translation=reviewed, source=SOURCE, at=AT)
    assert words() == "Les issues de secours sont-elles dégagées ?"
    assert words("ht") == words("fr"), "a Haitian reader may read French where there is no Creole"
    assert words("es") == SOURCE.text


def test_the_translator_cannot_vouch_for_herself() -> None:
    draft = proposed()
    with pytest.raises(SecondPersonNeeded):
        translation_review(actor=TRANSLATOR, translation=draft, source=SOURCE, at=AT)
    reviewed = translation_review(actor=SECOND, translation=draft, source=SOURCE, at=AT)
    with pytest.raises(SecondPersonNeeded):
        translation_approve(actor=TRANSLATOR, translation=reviewed, source=SOURCE, at=AT)


def test_the_database_itself_refuses_an_approval_by_the_translator() -> None:
    draft = proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Translation.objects.filter(pk=draft.pk).update(state=APPROVED, approved_by=TRANSLATOR, approved_at=AT)


def test_a_changed_source_hides_its_translations_at_once_and_marks_them_when_told() -> None:
    approved()
    changed = Source(SOURCE.subject, SOURCE.field, "Are emergency exits kept clear and unlocked?")
    assert words(source=changed) == changed.text
    marked = translations_source_changed(actor=SECOND, source=changed, at=AT)
    assert [one.state for one in marked] == [STALE]
    assert translations_source_changed(actor=SECOND, source=changed, at=AT) == []


def test_a_draft_of_words_that_have_changed_cannot_be_reviewed() -> None:
    draft = proposed()
    changed = Source(SOURCE.subject, SOURCE.field, "Other words")
    with pytest.raises(NotNow, match="has changed"):
        translation_review(actor=SECOND, translation=draft, source=changed, at=AT)
    with pytest.raises(WrongUse, match="is not a translation of"):
        translation_review(actor=SECOND, translation=draft, source=Source("notice 1", "text", SOURCE.text), at=AT)


def test_the_old_words_are_shown_until_new_ones_are_approved() -> None:
    old = approved("Anciens mots")
    draft = proposed("Nouveaux mots")
    assert words() == "Anciens mots"
    reviewed = translation_review(actor=SECOND, translation=draft, source=SOURCE, at=AT)
    translation_approve(actor=SECOND, translation=reviewed, source=SOURCE, at=AT)
    assert words() == "Nouveaux mots"
    old.refresh_from_db()
    assert old.state == STALE


def test_proposing_anew_replaces_the_open_draft_and_takes_its_review_away() -> None:
    first = proposed("un")
    translation_review(actor=SECOND, translation=first, source=SOURCE, at=AT)
    again = translation_propose(actor=THIRD, source=SOURCE, language="fr", text="deux", at=AT + timedelta(days=1))
    assert (again.pk, again.state, again.reviewed_by, again.proposed_by) == (first.pk, DRAFT, "", THIRD)


def test_every_step_is_in_the_ledger() -> None:
    approved()
    proposed("Nouveaux mots")
    ours = Entry.objects.filter(action__startswith="translations.")
    actions = list(ours.order_by("number").values_list("action", "actor", "subject"))
    assert [(action, actor) for action, actor, _subject in actions] == [
        ("translations.proposed", TRANSLATOR),
        ("translations.reviewed", SECOND),
        ("translations.approved", THIRD),
        ("translations.proposed", TRANSLATOR),
    ]
    assert {subject for _action, _actor, subject in actions} == {"translation fr question OSH-8-07 text"}


def test_a_page_of_texts_takes_one_query() -> None:
    from django.db import connection

    sources = [Source(f"question Q{number}", field, "words") for number in range(100) for field in ("text", "guidance")]
    approved()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = translations_for([SOURCE, *sources], "ht")
    assert len(queries) == 1
    assert len(found) == 201
    with CaptureQueriesContext(connection) as queries:
        translations_for(sources, "en")
    assert len(queries) == 0, "English of English needs nobody"


def test_drafts_are_rows_for_the_programme_alone() -> None:
    approved()
    proposed("Nouveaux mots")
    rows = [*translations_waiting("fr"), *translations_of(SOURCE.subject)]
    assert len(rows) == 3
    assert {row.audience for row in rows} == {PROGRAMME}
    assert translations_waiting("es") == []


def test_a_person_is_told_what_she_had_to_do_with() -> None:
    approved()
    assert _export(SECOND) == [
        {"subject": SOURCE.subject, "field": "text", "language": "fr", "part": "reviewed"},
    ]


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [("xx", "mots", "no language"), ("en", "words", "it is written in"), ("fr", "  ", "says nothing")],
)
def test_a_proposal_that_makes_no_sense_is_refused(language: str, text: str, why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        proposed(text, language)
    assert not Translation.objects.exists()
