"""What the register adds to shared pages: the menu, the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Hit, MenuItem, menu_add, search_add
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.registry.policy import FACTORIES_OWN, FACTORIES_READ
from betterwork.modules.registry.presentations import FACTORY_FOR_ITSELF, FACTORY_FOR_STAFF


def _factories_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    for policy, shown, url_name in (
        (FACTORIES_READ, FACTORY_FOR_STAFF, "registry:factory"),
        (FACTORIES_OWN, FACTORY_FOR_ITSELF, "registry:factory_own"),
    ):
        found = policy.visible_to(actor).filter(Q(name__icontains=text) | Q(outside_id__istartswith=text))
        for row in shown.rows(found.order_by("name", "id")[:most]):
            yield Hit(row.name, _("Factory"), reverse(url_name, kwargs={"factory": row.id}), row.country_name)


menu_add(MenuItem("", _("Factories"), "registry:factories", order=10))
menu_add(MenuItem("", _("Your factories"), "registry:factories_own", order=11))
search_add("registry", _factories_found)
