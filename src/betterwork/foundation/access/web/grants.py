"""Who has access: the list, one grant with its history, one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.policy import (
    ELEVATIONS_READ,
    GRANTS_CONFIRM,
    GRANTS_END,
    GRANTS_GIVE,
    GRANTS_LAY_DOWN,
    GRANTS_OWN,
    GRANTS_READ,
)
from betterwork.foundation.access.presentations import (
    ELEVATION_FOR_HERSELF,
    GRANT_FOR_HERSELF,
    GRANT_FOR_STAFF,
    STATES,
    elevations_shown,
    grants_shown,
)
from betterwork.foundation.access.queries import elevations_of
from betterwork.foundation.access.rules import BEGINNING
from betterwork.foundation.access.services import LEFT_REASON, grants_list_noted
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.ledger.words import actor_words
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.queries import search_filter

_KINDS = (
    ("world", gettext_lazy("The whole programme")),
    ("country", gettext_lazy("A country")),
    ("factory", gettext_lazy("A factory")),
    ("organisation", gettext_lazy("An organisation")),
    ("committee", gettext_lazy("A committee")),
    ("project", gettext_lazy("A project")),
)


def _called(text: str) -> Q:
    found = Person.objects.exclude(state=Person.ERASED).filter(search_filter(text))
    return Q(person__in=found.values("public_id"))


def _of_kind(rows: QuerySet[Grant], kind: str) -> QuerySet[Grant]:
    return rows.filter(Q(scope=kind) | Q(scope__startswith=f"{kind}:"))


LIST = Listing(
    GRANT_FOR_STAFF,
    (
        Column("called", gettext_lazy("Who"), sort=("called",)),
        Column("role_title", gettext_lazy("Role"), sort=("role",)),
        Column("scope_words", gettext_lazy("Over what"), sort=("scope",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
        Column("starts", gettext_lazy("From"), sort=("starts",)),
        Column("ends", gettext_lazy("Until"), sort=("ends",)),
    ),
    order=("-given_at", "-id"),
    search=_called,
    choices=(
        Choice(
            "role",
            gettext_lazy("Role"),
            tuple((role.name, role.title) for role in ROLES.values()),
            lambda rows, role: rows.filter(role=role),
        ),
        Choice("over", gettext_lazy("Over what"), _KINDS, _of_kind),
        Choice(
            "state",
            gettext_lazy("State"),
            tuple((state, words[0]) for state, words in STATES.items()),
            lambda rows, state: rows.filter(state=state),
        ),
    ),
)


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The parts of access that this person may open."""
    parts = (
        ("list", _("Who has access"), GRANTS_READ),
        ("taken", _("Taken for a while"), ELEVATIONS_READ),
        ("mine", _("Yours"), GRANTS_OWN),
    )
    return [
        {"title": title, "url": reverse(f"access:{name}"), "active": name == here}
        for name, title, policy in parts
        if policy.may(actor)
    ]


@page(GRANTS_READ, audience=PROGRAMME)
def grants(request: HttpRequest) -> HttpResponseBase:
    """Everybody's roles, as far as this person oversees them."""
    actor, at = actor_of_request(request), timezone.now()
    rows = grants_shown(GRANTS_READ.visible_to(actor), at)
    if request.GET.get("format") == "csv":
        grants_list_noted(actor=actor.id, at=at)
        return LIST.export(request, rows, "access")
    values = {
        "listing": LIST.shown(request, rows),
        "may_give": GRANTS_GIVE.may(actor),
        "tabs": tabs(actor, "list"),
    }
    return page_render(request, "access/grants.html", values)


@page(GRANTS_READ, audience=PROGRAMME, thing=("grant", "id"))
def grant(request: HttpRequest, grant: Grant) -> HttpResponse:
    """One role of one person: what it is, what happened to it, what can be done now."""
    actor, at = actor_of_request(request), timezone.now()
    shown = grants_shown(GRANTS_READ.visible_to(actor), at).get(pk=grant.pk)
    values = {
        "grant": GRANT_FOR_STAFF.row(shown),
        "does": ROLES[grant.role].does if grant.role in ROLES else "",
        "history": history_of(grant),
        "may_confirm": GRANTS_CONFIRM.may(actor, grant),
        "may_end": GRANTS_END.may(actor, grant) and (grant.ends is None or grant.ends > at),
    }
    return page_render(request, "access/grant.html", values)


@page(GRANTS_OWN, audience=OWN_PERSON)
def mine(request: HttpRequest) -> HttpResponse:
    """One's own roles, and what one took for a while."""
    actor, at = actor_of_request(request), timezone.now()
    rows = grants_shown(GRANTS_OWN.visible_to(actor), at).order_by("-given_at", "-id")
    taken = elevations_shown(elevations_of(actor.id), at).order_by("-starts", "-id")
    values = {
        "grants": GRANT_FOR_HERSELF.rows(rows),
        "endable": sorted(GRANTS_LAY_DOWN.visible_to(actor).values_list("id", flat=True)),
        "taken": ELEVATION_FOR_HERSELF.rows(taken[:50]),
        "needs_second_factor": actor.needs_second_factor,
        "tabs": tabs(actor, "mine"),
    }
    return page_render(request, "access/mine.html", values)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a grant."""

    what: Any
    at: datetime
    who: str
    note: Any = ""


def history_of(grant: Grant) -> list[Event]:
    """What happened to a grant, newest first."""
    persons = {grant.given_by, grant.confirmed_by, grant.ended_by}
    names = person_names(persons)
    found = [Event(_("Given"), grant.given_at, actor_words(grant.given_by, names), grant.reason)]
    if grant.confirmed_at and grant.confirmed_by != grant.given_by:
        found.append(Event(_("Confirmed"), grant.confirmed_at, actor_words(grant.confirmed_by, names)))
    elif grant.second == BEGINNING:
        note = _("While fewer than two persons ran the programme nobody could confirm it.")
        found.append(Event(_("Counted without a second person"), grant.given_at, "", note))
    if grant.ended_at:
        what = _("Ended") if grant.confirmed_at else _("Refused or withdrawn")
        note = _("The person left.") if grant.end_reason == LEFT_REASON else grant.end_reason
        found.append(Event(what, grant.ended_at, actor_words(grant.ended_by, names), note))
    return found[::-1]
