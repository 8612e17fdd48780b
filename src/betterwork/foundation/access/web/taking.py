"""Access taken for a while: the list that owners and auditors see, taking it, ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.access.models import Elevation
from betterwork.foundation.access.policy import ELEVATIONS_END, ELEVATIONS_READ, ELEVATIONS_TAKE
from betterwork.foundation.access.presentations import ELEVATION_FOR_STAFF, TAKEN, elevations_shown
from betterwork.foundation.access.purposes import purpose_kind, purpose_words
from betterwork.foundation.access.queries import requests_made_with
from betterwork.foundation.access.rules import runs_programme
from betterwork.foundation.access.taking import elevation_end, elevation_take
from betterwork.foundation.access.web.forms import TakeForm
from betterwork.foundation.access.web.grants import tabs
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.ledger.words import actor_words
from betterwork.foundation.people.models import Person


def _called(text: str) -> Q:
    """By name alone: owners who are not of the programme read this list, and addresses are not theirs to find out."""
    found = Person.objects.exclude(state=Person.ERASED).filter(name__icontains=text)
    return Q(person__in=found.values("public_id"))


LIST = Listing(
    ELEVATION_FOR_STAFF,
    (
        Column("called", gettext_lazy("Who"), sort=("called",)),
        Column("what", gettext_lazy("What")),
        Column("reason", gettext_lazy("Why")),
        Column("starts", gettext_lazy("From"), sort=("starts",)),
        Column("until", gettext_lazy("Until"), sort=("ends",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
    ),
    order=("-starts", "-id"),
    search=_called,
    choices=(
        Choice(
            "state",
            gettext_lazy("State"),
            tuple((state, words[0]) for state, words in TAKEN.items()),
            lambda rows, state: rows.filter(state=state),
        ),
    ),
)


@page(ELEVATIONS_READ, audience=PROGRAMME)
def taken(request: HttpRequest) -> HttpResponseBase:
    """What was taken of what this person owns or oversees: by whom, why, until when."""
    actor = actor_of_request(request)
    rows = elevations_shown(ELEVATIONS_READ.visible_to(actor), timezone.now())
    values = {
        "listing": LIST.shown(request, rows),
        "may_take": ELEVATIONS_TAKE.may(actor) and runs_programme(actor),
        "tabs": tabs(actor, "taken"),
    }
    return page_render(request, "access/taken.html", values)


@page(ELEVATIONS_READ, audience=PROGRAMME, thing=("elevation", "id"))
def elevation(request: HttpRequest, elevation: Elevation) -> HttpResponse:
    """One of them, with every page that was asked for with it."""
    actor, at = actor_of_request(request), timezone.now()
    shown = elevations_shown(ELEVATIONS_READ.visible_to(actor), at).get(pk=elevation.pk)
    requests, more = requests_made_with(elevation)
    owners = sorted(elevation.owners.values_list("person", flat=True))
    names = person_names({*owners, elevation.ended_by})
    values = {
        "taken": ELEVATION_FOR_STAFF.row(shown),
        "owners": [actor_words(one, names) for one in owners],
        "ended_by": actor_words(elevation.ended_by, names) if elevation.ended_by else "",
        "requests": requests,
        "more": more,
        "may_end": ELEVATIONS_END.may(actor, elevation) and elevation.ends > at,
    }
    return page_render(request, "access/elevation.html", values)


@page(ELEVATIONS_TAKE, audience=PROGRAMME, methods=("GET", "POST"))
def take(request: HttpRequest) -> HttpResponse:
    """Take a role over a country, or open one thing, for at most an hour."""
    actor = actor_of_request(request)
    purpose = request.GET.get("purpose", "")[:200]
    data = request.POST if request.method == "POST" else None
    form = TakeForm(data, actor=actor, purpose=purpose)
    if data is not None and form.is_valid():
        found: dict[str, Any] = form.cleaned_data
        what = {"purpose": purpose} if purpose else {"role": found["role"], "scope": found["scope"]}
        minutes = int(found["minutes"])
        try:
            made = elevation_take(actor=actor.id, reason=found["reason"], minutes=minutes, at=timezone.now(), **what)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You have it now. The owners were told."))
            return redirect("access:elevation", elevation=made.id)
    known = purpose_kind(purpose) is not None
    values = {"form": form, "purpose": purpose_words(purpose) if known else "", "role": runs_programme(actor)}
    return page_render(request, "access/take.html", values)


@page(ELEVATIONS_END, audience=PROGRAMME, thing=("elevation", "id"), methods=("POST",))
def end(request: HttpRequest, elevation: Elevation) -> HttpResponse:
    """End it this moment."""
    try:
        elevation_end(actor=actor_of_request(request).id, elevation=elevation, at=timezone.now())
        messages.success(request, _("Ended this moment."))
    except BetterWorkError as error:
        messages.error(request, str(error))
    return redirect("access:elevation", elevation=elevation.id)
