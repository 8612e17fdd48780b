"""In which shape endpoints and what was sent to them reach a page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.webhooks.models import Delivery, Endpoint, Try
from betterwork.foundation.webhooks.services import FAILED_FOR_DAYS, GONE, SHE_LEFT
from betterwork.foundation.webhooks.topics import TEST, TOPICS

STATES: dict[str, tuple[Any, str]] = {
    Endpoint.ACTIVE: (_("Told"), "ok"),
    Endpoint.STOPPED: (_("Stopped"), "nc"),
    Endpoint.REMOVED: (_("Removed"), "none"),
}
WHY: dict[str, Any] = {
    GONE: _("The receiver said that it is gone (410)."),
    FAILED_FOR_DAYS: _("Nothing was received for five days."),
    SHE_LEFT: _("Its person left."),
    "": "",
}
SENT: dict[str, tuple[Any, str]] = {
    Delivery.WAITING: (_("Waits"), "wait"),
    Delivery.RECEIVED: (_("Received"), "ok"),
    Delivery.GIVEN_UP: (_("Given up"), "nc"),
}


def topic_words(topic: str) -> Any:
    """A topic in words; its name where no room offers it any more."""
    return _("A test") if topic == TEST else TOPICS[topic].words if topic in TOPICS else topic


def _state(one: Any) -> tuple[Any, str]:
    if one.state == Endpoint.ACTIVE and one.failures:
        return _("Fails; tried again"), "wait"
    return STATES[one.state]


ENDPOINT_FOR_HERSELF = Presentation(
    "endpoint for its person",
    model=Endpoint,
    audience=OWN_PERSON,
    fields=("id", "title", "url", "scope", "topics", "state", "made_at", "stopped_at", "failing_since", "before_until"),
    derived={
        "scope_words": Derived(("scope",), lambda one: scope_words(one.scope)),
        "topic_words": Derived(("topics",), lambda one: [str(topic_words(name)) for name in one.topics]),
        "state_word": Derived(("state", "failures"), lambda one: _state(one)[0]),
        "state_kind": Derived(("state", "failures"), lambda one: _state(one)[1]),
        "why": Derived(("stopped_why",), lambda one: WHY.get(one.stopped_why, one.stopped_why)),
    },
)
DELIVERY_FOR_HERSELF = Presentation(
    "message for who is told",
    model=Delivery,
    audience=OWN_PERSON,
    fields=("id", "topic", "made_at", "next_at", "tries", "state", "done_at", "body"),
    derived={
        "topic_word": Derived(("topic",), lambda one: topic_words(one.topic)),
        "state_word": Derived(("state",), lambda one: SENT[one.state][0]),
        "state_kind": Derived(("state",), lambda one: SENT[one.state][1]),
    },
)
DELIVERY_IN_THE_LOG = Presentation(
    "message in the log of who is told",
    model=Delivery,
    audience=OWN_PERSON,
    fields=DELIVERY_FOR_HERSELF.fields,
    derived={
        **DELIVERY_FOR_HERSELF.derived,
        "problem": Derived(
            ("id", "state"), lambda one: "" if one.state == Delivery.RECEIVED else one.last_problem or ""
        ),
    },
)
"""Rows from ``queries.with_last_problem``."""
TRY_FOR_HERSELF = Presentation(
    "try for who is told", model=Try, audience=OWN_PERSON, fields=("at", "status", "milliseconds", "problem")
)
