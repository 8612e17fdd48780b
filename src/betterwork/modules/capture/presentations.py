"""In which shape captures reach a page: for the visit's team, and in counts and days for those who lead."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from betterwork.foundation.audiences.names import ASSESSING_TEAM, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.capture.models import HANDED_OVER, OPEN, Capture, CaptureDevice, RefusedOperation
from betterwork.modules.capture.rules import reason_words
from betterwork.modules.countries.queries import country_title

STATES: dict[str, tuple[Any, str]] = {
    OPEN: (pgettext_lazy("capture", "Being written"), "info"),
    HANDED_OVER: (_("Handed over"), "ok"),
}
_FIELDS = (
    *("id", "visit", "country", "factory__name", "version", "state", "questions", "answered", "conflicts"),
    *("first_day", "last_day", "handed_over_on"),
)
_DERIVED = {
    "country_name": Derived(("country",), lambda one: country_title(one.country)),
    "state_word": Derived(("state",), lambda one: STATES[one.state][0]),
    "state_kind": Derived(("state",), lambda one: STATES[one.state][1]),
    "missing": Derived(("questions", "answered"), lambda one: one.questions - one.answered),
}
CAPTURE_FOR_TEAM = Presentation(
    "capture for its team",
    model=Capture,
    audience=ASSESSING_TEAM,
    fields=(*_FIELDS, "reopened_why"),
    derived=_DERIVED,
)
CAPTURE_FOR_LEADERS = Presentation(
    "capture for who leads", model=Capture, audience=PROGRAMME, fields=_FIELDS, derived=_DERIVED
)


def _device_word(one: Any) -> tuple[Any, str]:
    if one.forgotten_at:
        return _("Lost: what it had not sent is gone"), "nc"
    if one.confirmed_at:
        return _("Everything has arrived"), "ok"
    return _("May hold what was not sent"), "wait"


_DEVICE_STATE = ("forgotten_at", "confirmed_at")
DEVICE_FOR_TEAM = Presentation(
    "device for the team",
    model=CaptureDevice,
    audience=ASSESSING_TEAM,
    fields=("id", "capture__id", "label", "person", "taken_at", "last_day", "confirmed_at", "forgotten_at",
            "forgotten_why"),
    derived={
        "state_word": Derived(_DEVICE_STATE, lambda one: _device_word(one)[0]),
        "state_kind": Derived(_DEVICE_STATE, lambda one: _device_word(one)[1]),
    },
)  # fmt: skip
REFUSED_FOR_TEAM = Presentation(
    "refused operation for the team",
    model=RefusedOperation,
    audience=ASSESSING_TEAM,
    fields=("operation", "content", "reason", "by", "at", "settled_at"),
    derived={"why": Derived(("reason",), lambda one: reason_words(one.reason))},
)
