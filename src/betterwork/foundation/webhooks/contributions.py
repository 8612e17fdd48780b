"""What webhooks add to one's own account, hang on other rooms, and keep of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Keeping, Panel, keeping_add, panel_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.rotations import rotation_add
from betterwork.foundation.ledger.words import about_person_add, action_words_add
from betterwork.foundation.people import hooks
from betterwork.foundation.webhooks.models import Delivery, Endpoint, Try
from betterwork.foundation.webhooks.policy import WEBHOOKS_MAKE, WEBHOOKS_OWN
from betterwork.foundation.webhooks.queries import webhooks_of_person
from betterwork.foundation.webhooks.sealing import secrets_rewrap
from betterwork.foundation.webhooks.services import endpoints_stop_of_leaver, webhooks_of_person_delete


def own_endpoints(actor: Actor, person: Any, at: datetime) -> Iterator[Panel]:
    """On one's own account: how many endpoints are told, and the way to them."""
    if not WEBHOOKS_MAKE.may(actor):
        return
    count = WEBHOOKS_OWN.visible_to(actor).count()
    yield Panel(_("Systems that are told"), "webhooks/panel.html", {"count": count}, order=55)


def endpoints_left(person_id: str, actor: str, at: datetime) -> None:
    """She leaves: her endpoints are told nothing from then on."""
    endpoints_stop_of_leaver(actor=actor, person_id=person_id, at=at)


def _erase(person_id: str, at: datetime) -> None:
    webhooks_of_person_delete(person_id=person_id)


def _about(person_id: str) -> Q:
    """Entries about her endpoints that the platform or the operator caused."""
    hers = Endpoint.objects.filter(person=person_id).annotate(subject=Concat(Value("webhook "), "id"))
    return Q(subject__in=hers.values("subject"))


hooks.LEAVING.append(endpoints_left)
panel_add("own person", "webhooks", own_endpoints)
rotation_add("webhooks", secrets_rewrap)
about_person_add("webhooks", _about)
action_words_add(
    {
        "webhooks.endpoint.made": _("Webhook made"),
        "webhooks.endpoint.resumed": _("Webhook told again"),
        "webhooks.endpoint.removed": _("Webhook removed"),
        "webhooks.endpoint.stopped": _("Webhook stopped"),
        "webhooks.secret.changed": _("Webhook given a new secret"),
        "webhooks.test.asked": _("Webhook tried"),
        "webhooks.delivery.again": _("Webhook message sent again"),
    }
)
keeping_add(
    Keeping(
        room="webhooks",
        what=_("The addresses you let the platform call, what they are told of, and how each call ended."),
        why=_("So that systems of yours learn of what you may read, and you see whether they did."),
        how_long=_("Addresses until you remove them or are erased; messages for 90 days."),
        models=(Endpoint._meta.label, Delivery._meta.label, Try._meta.label),
        export=webhooks_of_person,
        erase=_erase,
    )
)
