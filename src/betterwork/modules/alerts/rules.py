"""What may be done with a concern, by whom and when, as pure functions. The one rule above all: nobody closes alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

SUSPICION, PROOF = "suspicion", "proof"
CERTAINTIES = (SUSPICION, PROOF)
OPEN, IN_HAND, CLOSING, CLOSED = "open", "in-hand", "closing-asked", "closed"
STATES = (OPEN, IN_HAND, CLOSING, CLOSED)
TAKEN, NOTED, ASKED, CONFIRMED = "taken", "noted", "closing-asked", "closing-confirmed"
REFUSED, TAKEN_BACK, REOPENED = "closing-refused", "closing-taken-back", "reopened"
STEPS = (TAKEN, NOTED, ASKED, CONFIRMED, REFUSED, TAKEN_BACK, REOPENED)
WITH_WORDS = frozenset({NOTED, ASKED, REFUSED, REOPENED})
"""The steps that say something. What they say lies in the vault."""
SHORTEST_WORDS, LONGEST_WORDS = 3, 20_000
LONGEST_WHERE = 200
_ID = re.compile(r"[0-9a-f]{32}")
_AFTER = {
    TAKEN: IN_HAND,
    ASKED: CLOSING,
    CONFIRMED: CLOSED,
    REFUSED: IN_HAND,
    TAKEN_BACK: IN_HAND,
    REOPENED: OPEN,
}
_FROM: dict[str, frozenset[str]] = {
    TAKEN: frozenset({OPEN, IN_HAND}),
    NOTED: frozenset({IN_HAND, CLOSING}),
    ASKED: frozenset({IN_HAND}),
    CONFIRMED: frozenset({CLOSING}),
    REFUSED: frozenset({CLOSING}),
    TAKEN_BACK: frozenset({CLOSING}),
    REOPENED: frozenset({CLOSED}),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a concern stands: its state, who has it in hand, who asks for closing, who raised it."""

    state: str
    taken_by: str
    asked_by: str
    raised_by: str


def step_refusal(standing: Standing, step: str, *, actor: str, named: bool) -> Any:
    """Why a person may not take a step, in words; empty where she may.

    ``named``: whether she is one of those who answer this concern now.
    """
    if not named and not (step == REOPENED and actor == standing.raised_by):
        return _("Only who is named for concerns of this country does this.")
    if standing.state not in _FROM[step]:
        return _FIRST[step] if standing.state != CLOSED else _("It is closed: reopen it first.")
    if step == TAKEN and standing.taken_by == actor:
        return _("You have it in hand already.")
    if step in {CONFIRMED, REFUSED} and standing.asked_by == actor:
        return _("You asked for closing: another named person confirms or refuses. Nobody closes alone.")
    if step == TAKEN_BACK and standing.asked_by != actor:
        return _("Only who asked for closing takes that back; you can refuse.")
    return ""


_FIRST = {
    TAKEN: _("Closing is asked for: confirm or refuse that first."),
    NOTED: _("Take it in hand first."),
    ASKED: _("Take it in hand first; closing is asked for once."),
    CONFIRMED: _("Nobody asks for closing now."),
    REFUSED: _("Nobody asks for closing now."),
    TAKEN_BACK: _("Nobody asks for closing now."),
    REOPENED: _("It is not closed."),
}


def standing_after(standing: Standing, step: str, *, actor: str) -> Standing:
    """How a concern stands after a step that was not refused."""
    return Standing(
        state=_AFTER.get(step, standing.state),
        taken_by=actor if step == TAKEN else "" if step == REOPENED else standing.taken_by,
        asked_by=actor if step == ASKED else standing.asked_by if step == NOTED else "",
        raised_by=standing.raised_by,
    )


def steps_open(standing: Standing, *, actor: str, named: bool) -> tuple[str, ...]:
    """The steps that a person may take now, in the order of ``STEPS``."""
    return tuple(step for step in STEPS if not step_refusal(standing, step, actor=actor, named=named))


@dataclass(frozen=True, slots=True)
class Due:
    """One of the two times of a concern: until when, and when it was met."""

    due: datetime
    met_at: datetime | None

    def late(self, at: datetime) -> bool:
        """Whether it was met too late, or is not met and its time is over."""
        return (self.met_at or at) > self.due

    def left(self, at: datetime) -> timedelta:
        """The time that is left, below nothing once it is over. For one that is not met."""
        return self.due - at


def due_of(since: datetime, hours: int, met_at: datetime | None) -> Due:
    """Until when something must be done that has so many hours from ``since``. Hours go on at night and on Sundays."""
    return Due(since + timedelta(hours=hours), met_at)


@dataclass(frozen=True, slots=True)
class Said:
    """A concern as somebody raises it, cleaned: what must be the same when it is sent again."""

    id: str
    country: str
    factory: int | None
    kind: str
    certainty: str
    words: str
    where: str
    made_on: date
    set_aside_person: str


def said_refusal(said: Said, kinds: frozenset[str]) -> Any:
    """Why a concern cannot be taken as it is, in words; empty where it can."""
    if not _ID.fullmatch(said.id):
        return _("The id of a concern is 32 small hexadecimal digits, made by whoever raises it.")
    if said.kind not in kinds:
        return _("Choose what it is about.")
    if said.certainty not in CERTAINTIES:
        return _("Say whether it is a suspicion or proof.")
    return words_refusal(said.words)


def words_refusal(words: str) -> Any:
    """Why words cannot be taken, in words; empty where they can."""
    if len(words) < SHORTEST_WORDS:
        return _("Write what it is, in a few words at least.")
    if len(words) > LONGEST_WORDS:
        return _("This is longer than what is kept: %(most)s characters. Shorten it.") % {"most": LONGEST_WORDS}
    return ""


def words_cleaned(text: str) -> str:
    """Words as they are kept: one form of each letter, no signs that cannot be seen, nothing at the ends."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(one for one in plain if one in "\n\t" or unicodedata.category(one) != "Cc").strip()


def where_cleaned(text: str) -> str:
    """Where it was noticed, as one short line."""
    return " ".join(words_cleaned(text).split())[:LONGEST_WHERE]
