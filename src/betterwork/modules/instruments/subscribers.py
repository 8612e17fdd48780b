"""What this room does when a committee has decided, and what other systems can be told of tools."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.roles import WORLD, scope_country
from betterwork.foundation.events.registry import Happened, subscribe
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.foundation.webhooks.topics import webhook_topic_add
from betterwork.modules.bodies.events import MATTER_DECIDED
from betterwork.modules.instruments.drafts import draft_called
from betterwork.modules.instruments.events import DRAFT_SUBMITTED, VERSION_IN_FORCE, DraftSubmitted, VersionInForce
from betterwork.modules.instruments.life import KIND, KIND_FOR_ALL, draft_answered
from betterwork.modules.instruments.policy import DRAFTS_READ, TOOLS_READ

Content = dict[str, Any]


def matter_decided(event: Happened, at: datetime) -> None:
    """Take the body's word to the draft it is about. Again it changes nothing."""
    if event.content["kind"] not in (KIND, KIND_FOR_ALL):
        return
    draft = draft_called(event.content["subject"].split("/")[1])
    if draft is not None:
        draft_answered(actor=OPERATOR, draft=draft, at=at)


def _scope(one: Content) -> str:
    return scope_country(one["country"]) if one["country"] else WORLD


def _submitted(one: Content) -> Content:
    ids = {name: one[name] for name in ("draft", "tool", "country", "matter")}
    return {**ids, "url": reverse("instruments:draft", kwargs={"draft": one["draft"]})}


def _in_force(one: Content) -> Content:
    tool, version = (quote(one[name], safe="") for name in ("tool", "version"))
    return {
        "tool": tool,
        "version": version,
        "country": one["country"],
        "starts": one["starts"],
        "url": f"/api/v1/tools/{tool}/versions/{version}",
    }


subscribe(MATTER_DECIDED, "instruments.drafts", matter_decided)
webhook_topic_add(
    DraftSubmitted,
    "tool.draft-submitted",
    _("A draft of a tool was put before the committee that decides"),
    _submitted,
    event=DRAFT_SUBMITTED,
    policy=DRAFTS_READ,
    thing=lambda one: draft_called(one["draft"]),
    scope=_scope,
)
webhook_topic_add(
    VersionInForce,
    "tool.version-in-force",
    _("A version of a tool was sealed, and the day from which it is asked was set"),
    _in_force,
    event=VERSION_IN_FORCE,
    policy=TOOLS_READ,
    scope=_scope,
)
