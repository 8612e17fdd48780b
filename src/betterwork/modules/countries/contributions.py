"""What the countries add to shared pages: menu, search, their scopes, their settings, who may ask for an account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import Hit, Keeping, MenuItem, keeping_add, menu_add, search_add
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.foundation.people.hooks import COUNTRIES_OPEN
from betterwork.modules.countries.keeping import countries_erase, countries_export
from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.own_settings import settings_declare
from betterwork.modules.countries.policy import PROGRAMMES_OF_COMMITTEE, PROGRAMMES_READ
from betterwork.modules.countries.presentations import PROGRAMME_FOR_COMMITTEE, PROGRAMME_FOR_STAFF
from betterwork.modules.countries.queries import countries_open, country_named, programmes_shown
from betterwork.modules.countries.scopes import scopes_declare


def countries_found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    """Programmes by name in the language of the page, by any spelling, by code."""
    for policy, shown, url_name in (
        (PROGRAMMES_READ, PROGRAMME_FOR_STAFF, "countries:country"),
        (PROGRAMMES_OF_COMMITTEE, PROGRAMME_FOR_COMMITTEE, "countries:country_own"),
    ):
        if not policy.may(actor):
            continue
        named = country_named(text)
        for row in shown.rows(programmes_shown(policy.visible_to(actor), datetime.max.date()).order_by("name")):
            if text.casefold() in row.title.casefold() or (named is not None and row.code == named.code):
                yield Hit(row.title, _("Country programme"), reverse(url_name, kwargs={"programme": row.code}))


settings_declare()
scopes_declare()
COUNTRIES_OPEN.append(countries_open)
menu_add(MenuItem("", _("Countries"), "countries:countries", order=30))
menu_add(MenuItem("", _("Your country programme"), "countries:countries_own", order=31))
search_add("countries", countries_found)
action_words_add(
    {
        "country.programme.added": _("Country programme added"),
        "country.state.entered": _("State of a country programme entered"),
        "country.state.withdrawn": _("State of a country programme withdrawn"),
        "country.setting.entered": _("Rule of a country entered"),
    }
)
keeping_add(
    Keeping(
        room="countries",
        what=_("Which states and rules of country programmes you entered or withdrew, and why."),
        why=_("So that it can be seen later who entered a rule that deadlines and figures follow."),
        how_long=_("For good, under an id that says nothing once you are erased. Your reasons are blanked then."),
        models=(Programme._meta.label, ProgrammeState._meta.label, CountrySetting._meta.label),
        export=countries_export,
        erase=countries_erase,
    )
)
