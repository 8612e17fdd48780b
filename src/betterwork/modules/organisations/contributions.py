"""What organisations add to shared pages: menu, search, their scopes, what is kept of who entered them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Hit, Keeping, MenuItem, keeping_add, menu_add, search_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.organisations.keeping import organisations_erase, organisations_export
from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName
from betterwork.modules.organisations.policy import ORGANISATIONS_READ
from betterwork.modules.organisations.presentations import ORGANISATION_FOR_STAFF
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


scopes_declare()
menu_add(MenuItem("", _("Organisations"), "organisations:organisations", order=40))
menu_add(MenuItem("", _("Your organisation"), "organisations:own_committee", order=41))
menu_add(MenuItem("", _("Your organisation"), "organisations:own_buyer", order=42))
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
