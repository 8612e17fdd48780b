"""What concerns add elsewhere: menu, homes, panels, notices, settings, what is kept of a person. Not the search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import (
    Keeping,
    MenuItem,
    Panel,
    home_add,
    keeping_add,
    menu_add,
    panel_add,
    person_names,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.alerts.models import Concern, ConcernStep, NamedPerson
from betterwork.modules.alerts.policy import CONCERNS_RAISE, NAMED_READ, countries_of
from betterwork.modules.alerts.queries import named_in, person_export
from betterwork.modules.alerts.settings_of import settings_declare
from betterwork.modules.alerts.tasks import tasks_of_concerns
from betterwork.modules.alerts.telling import notice_kinds_register
from betterwork.modules.countries.models import Programme
from betterwork.modules.registry.models import Factory


def _reaches(actor: Actor, country: str) -> bool:
    within = countries_of(actor)
    return within is None or country in within


def _of_country(actor: Actor, programme: Programme, at: datetime) -> Iterator[Panel]:
    if NAMED_READ.may(actor) and _reaches(actor, programme.code):
        persons = sorted(person_names(named_in(programme.code, at)).values())
        url = reverse("alerts:named_of", kwargs={"country": programme.code})
        yield Panel(_("Named for concerns"), "alerts/panels/named.html", {"persons": persons, "url": url}, order=60)


def _of_factory(actor: Actor, factory: Factory, at: datetime) -> Iterator[Panel]:
    if CONCERNS_RAISE.may(actor) and _reaches(actor, factory.country):
        asked = urlencode({"factory": f"{factory.country}/{factory.outside_id}"})
        url = reverse("alerts:raise", kwargs={"country": factory.country}) + f"?{asked}"
        yield Panel(_("Something serious here?"), "alerts/panels/raise.html", {"url": url}, order=900)


def _erase(person_id: str, at: datetime) -> None:
    """Nothing: an opaque id stays, which speaks of nobody once people has forgotten whose it was. Repeatable."""


settings_declare()
notice_kinds_register()
menu_add(MenuItem("", _("Raise a concern"), "alerts:begin", order=15))
menu_add(MenuItem("", _("Concerns"), "alerts:concerns", order=16))
home_add("alerts", tasks_of_concerns)
panel_add("country", "alerts", _of_country)
panel_add("factory", "alerts", _of_factory)
action_words_add(
    {
        "alerts.concern.raised": _("Concern raised"),
        "alerts.concern.taken": _("Concern taken in hand"),
        "alerts.concern.noted": _("Something written down about a concern"),
        "alerts.concern.closing-asked": _("Closing of a concern asked for"),
        "alerts.concern.closing-confirmed": _("Closing of a concern confirmed by a second person"),
        "alerts.concern.closing-refused": _("Closing of a concern refused"),
        "alerts.concern.closing-taken-back": _("Asking for closing of a concern taken back"),
        "alerts.concern.reopened": _("Concern reopened"),
        "alerts.named.entered": _("Somebody named for concerns"),
        "alerts.named.confirmed": _("Naming for concerns confirmed by the person"),
        "alerts.named.ended": _("Naming for concerns ended"),
    }
)
keeping_add(
    Keeping(
        room="alerts",
        what=_("Which concerns you raised, what you did about concerns, for which countries you are or were named."),
        why=_("So that a concern is answered in time, by persons who can be asked, and never closed by one alone."),
        how_long=_("For good, under an id that says nothing once you are erased. What you wrote lies in the vault."),
        models=(Concern._meta.label, ConcernStep._meta.label, NamedPerson._meta.label),
        export=person_export,
        erase=_erase,
    )
)
