"""What other systems can be told of committees: staff of their country, and apart from them their members."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.webhooks.topics import webhook_topic_add
from betterwork.modules.bodies.events import MATTER_DECIDED, MatterDecided
from betterwork.modules.bodies.models import Decision, Matter
from betterwork.modules.bodies.policy import DECISIONS_OWN, DECISIONS_READ

Content = dict[str, Any]


def _payload(one: Content) -> Content:
    ids = {name: one[name] for name in ("matter", "kind", "decision")}
    return {**ids, "url": f"/api/v1/committees/decisions/{one['decision']}"}


def _payload_own(one: Content) -> Content:
    return {**_payload(one), "url": reverse("bodies:decision_own", kwargs={"decision": one["decision"]})}


def _decision(one: Content) -> Decision | None:
    return Decision.objects.filter(pk=one["decision"]).first()


def _scope(one: Content) -> str:
    """The committee: an endpoint over its country hears of it too."""
    body = Matter.objects.filter(pk=one["matter"]).values_list("body", flat=True).first()
    return f"committee:{body}" if body else WORLD


webhook_topic_add(
    MatterDecided,
    "matter.decided",
    _("A committee of a country you work for decided on a matter"),
    _payload,
    event=MATTER_DECIDED,
    policy=DECISIONS_READ,
    thing=_decision,
    scope=_scope,
)
webhook_topic_add(
    MatterDecided,
    "matter.decided-own",
    _("A committee in which you sit decided on a matter"),
    _payload_own,
    event=MATTER_DECIDED,
    policy=DECISIONS_OWN,
    thing=_decision,
    scope=_scope,
)
