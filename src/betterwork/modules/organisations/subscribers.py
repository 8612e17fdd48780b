"""What other systems can be told of organisations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.webhooks.topics import webhook_topic_add
from betterwork.modules.organisations.events import CHANGED, OrganisationChanged
from betterwork.modules.organisations.models import Organisation
from betterwork.modules.organisations.policy import ORGANISATIONS_READ

Content = dict[str, Any]


def _payload(one: Content) -> Content:
    return {"organisation": one["organisation"], "url": f"/api/v1/organisations/one/{one['organisation']}"}


webhook_topic_add(
    OrganisationChanged,
    "organisation.changed",
    _("An organisation was entered, renamed, changed or moved"),
    _payload,
    event=CHANGED,
    policy=ORGANISATIONS_READ,
    thing=lambda one: Organisation.objects.filter(key=one["organisation"]).first(),
    scope=lambda one: f"organisation:{one['organisation']}",
)
