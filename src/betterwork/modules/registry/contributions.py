"""What the register adds to shared pages: the menu, the search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import FACTORY
from betterwork.foundation.backup.folders import backup_folder_add
from betterwork.foundation.contributions.registry import (
    Hit,
    MenuItem,
    Panel,
    menu_add,
    panel_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.registry.policy import FACTORIES_OWN, FACTORIES_READ
from betterwork.modules.registry.presentations import FACTORY_FOR_ITSELF, FACTORY_FOR_STAFF
from betterwork.modules.registry.queries import SIMULATED_MARK, factories_by_country
from betterwork.modules.registry.scopes import scopes_declare


def _factories_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    for policy, shown, url_name in (
        (FACTORIES_READ, FACTORY_FOR_STAFF, "registry:factory"),
        (FACTORIES_OWN, FACTORY_FOR_ITSELF, "registry:factory_own"),
    ):
        found = policy.visible_to(actor).filter(Q(name__icontains=text) | Q(outside_id__istartswith=text))
        for row in shown.rows(found.order_by("name", "id")[:most]):
            yield Hit(row.name, _("Factory"), reverse(url_name, kwargs={"factory": row.id}), row.country_name)


def _home_panels(actor: Actor, thing: Any, at: datetime) -> Iterator[Panel]:
    """On the home of staff: the factories of their countries, counted. On a factory's: its own."""
    if FACTORIES_READ.may(actor):
        counts = factories_by_country(FACTORIES_READ.visible_to(actor))
        values = {"counts": counts, "whole": sum(one.taking_part for one in counts)}
        yield Panel(_("Factories in the programme"), "registry/home_counts.html", values, order=10)
    if FACTORIES_OWN.may(actor):
        rows = FACTORY_FOR_ITSELF.rows(FACTORIES_OWN.visible_to(actor).order_by("name", "id")[:20])
        yield Panel(_("Your factories"), "registry/home_own.html", {"factories": rows}, order=10, audience=FACTORY)


backup_folder_add(SIMULATED_MARK)  # restored, simulated data must not pass for real
panel_add("home", "registry", _home_panels)
menu_add(MenuItem("", _("Factories"), "registry:factories", order=10))
menu_add(MenuItem("", _("Your factories"), "registry:factories_own", order=11))
search_add("registry", _factories_found)
scopes_declare()
action_words_add({"factories.ensured": _("Factories added or renamed")})
