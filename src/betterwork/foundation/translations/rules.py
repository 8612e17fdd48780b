"""The decisions of the room, pure: what may follow what, who may do it, which text a reader is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from betterwork.core.errors import BetterWorkError

DRAFT, REVIEWED, APPROVED, STALE = "draft", "reviewed", "approved", "stale"
STATES = (DRAFT, REVIEWED, APPROVED, STALE)
OPEN = (DRAFT, REVIEWED)
"""States in which a translation waits for somebody."""


class NotNow(BetterWorkError):
    """The step does not follow from the state a translation is in, or its source has changed."""


class SecondPersonNeeded(BetterWorkError):
    """Who proposed a translation cannot also be the one who vouches for it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be shown: whose it is, which of its texts, its words, and the language they are in."""

    subject: str
    field: str
    text: str
    language: str = "en"

    @property
    def digest(self) -> str:
        """What a translation of these very words is known by."""
        return source_digest(self.text)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader is shown: the words, their language (for the attribute ``lang``), whether they are the source."""

    text: str
    language: str
    is_source: bool


def source_digest(text: str) -> str:
    """The digest of the words a translation is made from."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def review_check(*, state: str, is_current: bool, proposed_by: str, actor: str) -> None:
    """Whether this person may review. Raises :class:`NotNow` or :class:`SecondPersonNeeded`."""
    _current_check(is_current)
    if state != DRAFT:
        raise NotNow(f"only a draft is reviewed, and this translation is {state}: propose one anew")
    _second_person_check(proposed_by, actor)


def approval_check(*, state: str, is_current: bool, proposed_by: str, actor: str) -> None:
    """Whether this person may approve. Raises :class:`NotNow` or :class:`SecondPersonNeeded`."""
    _current_check(is_current)
    if state != REVIEWED:
        raise NotNow(f"only a reviewed translation is approved, and this one is {state}: have it reviewed first")
    _second_person_check(proposed_by, actor)


def shown(source: Source, approved: Mapping[tuple[str, str], str], languages: Iterable[str]) -> Shown:
    """The words for a reader of ``languages``, best first.

    ``approved`` are texts by (language, digest of the words they were made from). A translation of other words than
    those of ``source`` does not count.
    """
    for language in languages:
        if language == source.language:
            break
        text = approved.get((language, source.digest))
        if text is not None:
            return Shown(text, language, is_source=False)
    return Shown(source.text, source.language, is_source=True)


def _current_check(is_current: bool) -> None:
    if not is_current:
        raise NotNow("the text has changed since it was translated: propose a translation of what it says now")


def _second_person_check(proposed_by: str, actor: str) -> None:
    if proposed_by == actor:
        raise SecondPersonNeeded("who proposed a translation cannot vouch for it: ask a second person")
