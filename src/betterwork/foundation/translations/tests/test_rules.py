"""Which words a reader is shown, for all orders of languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from betterwork.foundation.languages.known import KNOWN, content_chain
from betterwork.foundation.translations.rules import (
    APPROVED,
    DRAFT,
    REVIEWED,
    STALE,
    NotNow,
    SecondPersonNeeded,
    Shown,
    Source,
    approval_check,
    review_check,
    shown,
    source_digest,
)

CODES = some.sampled_from(sorted(KNOWN))


@given(language=CODES, own=CODES, have=some.sets(CODES))
def test_a_reader_is_shown_the_first_language_of_her_chain_that_there_is(
    language: str, own: str, have: set[str]
) -> None:
    source = Source("question Q1", "text", "Is there a fire drill?", own)
    approved = {(code, source.digest): f"in {code}" for code in have - {own}}
    found = shown(source, approved, content_chain(language))
    chain = content_chain(language)
    before = chain[: chain.index(own)] if own in chain else chain
    wanted = next((code for code in before if code in have), None)
    assert found == (Shown(f"in {wanted}", wanted, False) if wanted else Shown(source.text, own, True))


@given(text=some.text(), other=some.text())
def test_a_translation_of_other_words_is_not_shown(text: str, other: str) -> None:
    found = shown(Source("notice 1", "text", text), {("fr", source_digest(other)): "autre"}, ("fr",))
    assert found.is_source == (text != other)


def test_haitian_readers_are_shown_french_before_english() -> None:
    source = Source("notice 1", "title", "Hello")
    assert shown(source, {("fr", source.digest): "Bonjour"}, content_chain("ht")).text == "Bonjour"
    assert shown(source, {("fr", source.digest): "Bonjour"}, content_chain("st")).text == "Hello"


@pytest.mark.parametrize("state", [REVIEWED, APPROVED, STALE])
def test_only_a_draft_is_reviewed(state: str) -> None:
    with pytest.raises(NotNow, match=state):
        review_check(state=state, is_current=True, proposed_by="p-1", actor="p-2")


@pytest.mark.parametrize("state", [DRAFT, APPROVED, STALE])
def test_only_a_reviewed_one_is_approved(state: str) -> None:
    with pytest.raises(NotNow, match=state):
        approval_check(state=state, is_current=True, proposed_by="p-1", actor="p-2")


def test_nobody_vouches_for_her_own_words() -> None:
    with pytest.raises(SecondPersonNeeded):
        review_check(state=DRAFT, is_current=True, proposed_by="p-1", actor="p-1")
    with pytest.raises(SecondPersonNeeded):
        approval_check(state=REVIEWED, is_current=True, proposed_by="p-1", actor="p-1")


def test_words_that_have_changed_are_not_vouched_for() -> None:
    for check, state in ((review_check, DRAFT), (approval_check, REVIEWED)):
        with pytest.raises(NotNow, match="has changed"):
            check(state=state, is_current=False, proposed_by="p-1", actor="p-2")
        check(state=state, is_current=True, proposed_by="p-1", actor="p-2")
