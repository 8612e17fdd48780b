"""What visits add to shared pages: the menu, homes, a factory's page, the search, what is kept of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE, FACTORY
from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Panel,
    home_add,
    keeping_add,
    menu_add,
    panel_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.words import action_words_add
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.erasing import person_erase
from betterwork.modules.visits.models import Plan, TimeSpent, Told, Visit, VisitMember
from betterwork.modules.visits.policy import VISITS_COMMITTEE, VISITS_OWN, VISITS_READ
from betterwork.modules.visits.presentations import VISIT, VISIT_AT_THE_FACTORY
from betterwork.modules.visits.queries import visits_export
from betterwork.modules.visits.rules import AGREED, PROPOSED
from betterwork.modules.visits.settings_of import settings_declare
from betterwork.modules.visits.tasks import tasks_of_visits
from betterwork.modules.visits.telling import notice_kinds_register

MOST = 10


def _of_factory(actor: Actor, factory: Factory, at: datetime) -> Iterator[Panel]:
    """On a factory's page for staff: the visits that whoever asks may know of."""
    if not VISITS_READ.may(actor):
        return
    rows = VISITS_READ.visible_to(actor).filter(factory=factory).exclude(state=PROPOSED).select_related("factory")
    found = VISIT.rows(rows.order_by("-first_day", "-id")[:MOST])
    if found:
        yield Panel(_("Visits"), "visits/panels/visits.html", {"visits": found}, order=15)


def _at_the_factory(actor: Actor, factory: Any, at: datetime) -> Iterator[Panel]:
    """For the people of a factory, on its page and on their homes: visits that are no secret, or nothing at all."""
    for policy, audience in ((VISITS_OWN, FACTORY), (VISITS_COMMITTEE, COMMITTEE)):
        if not policy.may(actor):
            continue
        rows = policy.visible_to(actor).filter(state__in=AGREED).select_related("factory")
        if isinstance(factory, Factory):
            rows = rows.filter(factory=factory)
        found = VISIT_AT_THE_FACTORY[audience].rows(rows.order_by("-first_day", "-id")[:MOST])
        if found:
            template = "visits/panels/at_the_factory.html"
            yield Panel(_("Visits of the programme"), template, {"visits": found}, order=15, audience=audience)


def _own_factory(actor: Actor, factory: Factory, at: datetime) -> Iterator[Panel]:
    return (one for one in _at_the_factory(actor, factory, at) if one.audience == FACTORY)


def _found(actor: Actor, text: str, most: int) -> Iterator[Hit]:
    if not VISITS_READ.may(actor):
        return
    rows = VISITS_READ.visible_to(actor).filter(factory__name__icontains=text, state__in=AGREED)
    for row in VISIT.rows(rows.select_related("factory").order_by("-first_day", "id")[:most]):
        yield Hit(row.factory__name, row.kind_title, reverse("visits:visit", kwargs={"visit": row.id}), row.state_word)


settings_declare()
notice_kinds_register()
menu_add(MenuItem(_("Visits"), _("Calendar"), "visits:calendar", order=100))
menu_add(MenuItem(_("Visits"), _("Due for assessment"), "visits:due", order=103))
menu_add(MenuItem(_("Visits"), _("Plans of visits"), "visits:plans", order=104))
menu_add(MenuItem(_("Visits"), _("Time by service"), "visits:services", order=105))
menu_add(MenuItem(_("Visits"), _("Joint visits"), "visits:joint", order=106))
home_add("visits", tasks_of_visits)
panel_add("home", "visits", _at_the_factory)
panel_add("factory", "visits", _of_factory)
panel_add("own factory", "visits", _own_factory)
search_add("visits", _found)
action_words_add(
    {
        "visit.planned": _("Visit agreed"),
        "visit.changed": _("Team or days of a visit changed"),
        "visit.called-off": _("Visit called off"),
        "visit.told": _("Somebody told of a visit before arrival"),
        "visit.arrived": _("Arrival recorded"),
        "visit.done": _("Visit done"),
        "visit.time.entered": _("Time spent entered"),
        "visit-plan.asked": _("Plan of visits asked for"),
        "visit-plan.made": _("Plan of visits made"),
        "visit-plan.failed": _("No plan of visits could be made"),
        "visit-plan.accepted": _("Plan of visits accepted"),
        "visit-plan.put-aside": _("Plan of visits put aside"),
    }
)
keeping_add(
    Keeping(
        room="visits",
        what=_(
            "On which visits you were and as what, of which ones you were told, the time you entered, what you planned."
        ),
        why=_("So that it can be seen who assessed, that nobody comes too often, and what the services cost in time."),
        how_long=_(
            "For good, under an id that says nothing once you are erased: reports stand on it. What others wrote about "
            "you in words is blanked then."
        ),
        models=tuple(model._meta.label for model in (Plan, Visit, VisitMember, Told, TimeSpent)),
        export=visits_export,
        erase=person_erase,
    )
)
