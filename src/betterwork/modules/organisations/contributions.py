"""What organisations add to shared pages: menu, search, their scopes, what is kept of who entered them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import BUYER, COMMITTEE, OWN_PERSON
from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Panel,
    keeping_add,
    menu_add,
    panel_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.organisations.keeping import organisations_erase, organisations_export
from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName
from betterwork.modules.organisations.policy import (
    ORGANISATIONS_OF_BUYERS,
    ORGANISATIONS_OF_DONORS,
    ORGANISATIONS_OF_REPRESENTATIVES,
    ORGANISATIONS_READ,
)
from betterwork.modules.organisations.presentations import ORGANISATION_FOR_STAFF, OWN_FOR
from betterwork.modules.organisations.queries import found_by
from betterwork.modules.organisations.scopes import scopes_declare


def organisations_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    """Organisations by any name they have or had."""
    if not ORGANISATIONS_READ.may(actor):
        return
    rows = ORGANISATIONS_READ.visible_to(actor).filter(found_by(text)).order_by("name", "key")
    for row in ORGANISATION_FOR_STAFF.rows(rows[:most]):
        url = reverse("organisations:organisation", kwargs={"organisation": row.key})
        yield Hit(row.name, row.kind_word, url, row.place)


OWN = (
    (ORGANISATIONS_OF_REPRESENTATIVES, COMMITTEE, "organisations:own_committee"),
    (ORGANISATIONS_OF_BUYERS, BUYER, "organisations:own_buyer"),
    (ORGANISATIONS_OF_DONORS, OWN_PERSON, "organisations:own_donor"),
)
"""Who speaks or reads for an organisation, as which audience, on which page."""


def _home_panels(actor: Actor, thing: Any, at: datetime) -> Iterator[Panel]:
    """On the home of whoever speaks for an organisation: which one the programme takes her to speak for."""
    for policy, audience, url_name in OWN:
        if policy.may(actor):
            rows = OWN_FOR[audience].rows(policy.visible_to(actor).order_by("name", "key")[:20])
            if rows:
                values = {"organisations": rows, "url": reverse(url_name)}
                template = "organisations/home_own.html"
                yield Panel(_("Your organisation"), template, values, order=90, audience=audience)


scopes_declare()
menu_add(MenuItem("", _("Organisations"), "organisations:organisations", order=40))
menu_add(MenuItem("", _("Your organisation"), "organisations:own_committee", order=41))
menu_add(MenuItem("", _("Your organisation"), "organisations:own_buyer", order=42))
menu_add(MenuItem("", _("Your organisation"), "organisations:own_donor", order=43))
panel_add("home", "organisations", _home_panels)
search_add("organisations", organisations_found)
action_words_add(
    {
        "organisation.added": _("Organisation entered"),
        "organisation.changed": _("Organisation changed"),
        "organisation.renamed": _("Name of an organisation entered"),
        "organisation.joined": _("Organisation put in another"),
        "organisation.left": _("Organisation taken out of another"),
        "organisations.imported": _("Organisations imported from a file"),
    }
)
keeping_add(
    Keeping(
        room="organisations",
        what=_("Which organisations, names and groups you entered."),
        why=_("So that it can be seen later who entered them."),
        how_long=_("For good, under an id that says nothing once you are erased."),
        models=(Organisation._meta.label, OrganisationName._meta.label, Membership._meta.label),
        export=organisations_export,
        erase=organisations_erase,
    )
)
