"""How concerns and those who are named are shown: for her who raised one, for who answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.alerts.declaring import where_words
from betterwork.modules.alerts.kinds import kind_title
from betterwork.modules.alerts.models import Concern, ConcernStep, NamedPerson
from betterwork.modules.alerts.rules import (
    ASKED,
    CLOSED,
    CLOSING,
    CONFIRMED,
    IN_HAND,
    NOTED,
    OPEN,
    PROOF,
    REFUSED,
    REOPENED,
    SUSPICION,
    TAKEN,
    TAKEN_BACK,
    Due,
    due_of,
)
from betterwork.modules.countries.queries import country_title

STATES: dict[str, tuple[Any, str]] = {
    OPEN: (_("Waits for an answer"), "wait"),
    IN_HAND: (_("In hand"), "info"),
    CLOSING: (_("Closing asked for"), "wait"),
    CLOSED: (_("Closed"), "none"),
}
CERTAINTY: dict[str, Any] = {SUSPICION: _("A suspicion"), PROOF: _("Proof")}
STEPS: dict[str, Any] = {
    TAKEN: _("Taken in hand"),
    NOTED: _("What was done was written down"),
    ASKED: _("Closing asked for, with a reason"),
    CONFIRMED: _("Closing confirmed by a second person"),
    REFUSED: _("Closing refused, with a reason"),
    TAKEN_BACK: _("Asking for closing taken back"),
    REOPENED: _("Reopened, with a reason"),
}


def _country(one: Any) -> str:
    try:
        return country_title(one.country)
    except KeyError:
        return str(one.country)


_FIELDS = ("id", "country", "state", "raised_on", "raised_at", "told", "clock_from", "answer_hours", "follow_up_hours")
_TIMES = ("answered_at", "followed_up_at")


def answer_due(one: Any) -> datetime:
    """Until when it should be in hand."""
    return due_of(one.clock_from, one.answer_hours, None).due


def follow_up_due(one: Any) -> datetime:
    """Until when the first follow-up should be written down."""
    return due_of(one.clock_from, one.follow_up_hours, None).due


_DERIVED = {
    "country_name": Derived(("country",), _country),
    "state_word": Derived(("state",), lambda one: STATES[one.state][0]),
    "state_kind": Derived(("state",), lambda one: STATES[one.state][1]),
    "kind_title": Derived(("kind",), lambda one: kind_title(one.kind)),
    "certainty_word": Derived(("certainty",), lambda one: CERTAINTY[one.certainty]),
    "where_words": Derived(("where",), lambda one: where_words(one.where)),
    "factory_key": Derived(
        ("factory__country", "factory__outside_id"),
        lambda one: f"{one.factory.country}/{one.factory.outside_id}" if one.factory else "",
    ),
    "factory_name": Derived(("factory__name",), lambda one: one.factory.name if one.factory else ""),
    "answer_due": Derived(("clock_from", "answer_hours"), answer_due),
    "follow_up_due": Derived(("clock_from", "follow_up_hours"), follow_up_due),
}
CONCERN = Presentation(
    "concern for who answers it",
    model=Concern,
    audience=PROGRAMME,
    fields=(*_FIELDS, "kind", "certainty", "where", "raised_by", "taken_by", "asked_by", *_TIMES),
    derived=_DERIVED,
)
OWN_CONCERN = Presentation(
    "concern for who raised it",
    model=Concern,
    audience=PROGRAMME,
    fields=(*_FIELDS, "kind", "certainty", "where", *_TIMES),
    derived=_DERIVED,
)
RECEIPT = Presentation(
    "receipt of a concern",
    model=Concern,
    audience=PROGRAMME,
    fields=("id", "country", "kind", "certainty", "raised_at", "told"),
    derived={
        "answer_due": Derived(("raised_at", "answer_hours"), lambda one: _after(one.raised_at, one.answer_hours)),
        "follow_up_due": Derived(
            ("raised_at", "follow_up_hours"), lambda one: _after(one.raised_at, one.follow_up_hours)
        ),
    },
)
"""What was taken in: the same whenever it is sent again, so nothing in it changes later."""
STEP = Presentation(
    "step of a concern",
    model=ConcernStep,
    audience=PROGRAMME,
    fields=("id", "number", "kind", "done_by", "done_at"),
    derived={"words": Derived(("kind",), lambda one: STEPS[one.kind])},
)
NAMED = Presentation(
    "person named for concerns",
    model=NamedPerson,
    audience=PROGRAMME,
    fields=("id", "country", "person", "first", "last", "confirmed_at", "ended_at", "entered_by"),
    derived={"country_name": Derived(("country",), _country)},
)


def _after(since: datetime, hours: int) -> datetime:
    return due_of(since, hours, None).due


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the two times of a concern, in words."""

    title: Any
    due: datetime
    met_at: datetime | None
    word: Any
    kind: str
    """The colour of its tag."""
    left: str


def clocks(concern: Any, at: datetime) -> list[Clock]:
    """Both times of a concern (or of its row in a list) as they stand at a moment: met, met late, left, overdue."""
    answer = due_of(concern.clock_from, concern.answer_hours, concern.answered_at)
    follow_up = due_of(concern.clock_from, concern.follow_up_hours, concern.followed_up_at)
    return [_clock(_("Taken in hand"), answer, at), _clock(_("First follow-up written down"), follow_up, at)]


def clock_running(concern: Any, at: datetime) -> Clock | None:
    """The time that runs now: the earlier one that is not met; None where both are."""
    running = [one for one in clocks(concern, at) if one.met_at is None]
    return min(running, key=lambda one: one.due, default=None)


def _clock(title: Any, due: Due, at: datetime) -> Clock:
    late = due.late(at)
    if due.met_at is not None:
        word = _("Done, too late") if late else _("Done in time")
        return Clock(title, due.due, due.met_at, word, "wait" if late else "ok", "")
    left = due.left(at)
    if late:
        return Clock(
            title, due.due, None, _("Overdue"), "nc", _now("Overdue by %(time)s") % {"time": hours_words(-left)}
        )
    return Clock(title, due.due, None, _("Time runs"), "info", _now("%(time)s left") % {"time": hours_words(left)})


def hours_words(time: timedelta) -> str:
    """A length of time in one unit: minutes under an hour, hours for four days, then days."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 96:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": hours // 24}
