"""Raising a concern: of which country, what, and who is told."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.alerts.models import Concern
from betterwork.modules.alerts.policy import CONCERNS_OWN, CONCERNS_RAISE, countries_of
from betterwork.modules.alerts.presentations import OWN_CONCERN
from betterwork.modules.alerts.queries import candidates, named_in, told_of, words_kept
from betterwork.modules.alerts.services import concern_raise, words_complete
from betterwork.modules.alerts.settings_of import hours_of
from betterwork.modules.alerts.web.forms import AgainForm, RaiseForm
from betterwork.modules.countries.queries import countries_known, country_title
from betterwork.modules.registry.policy import FACTORIES_READ
from betterwork.modules.registry.queries import factories_kept

BOTH = ("GET", "POST")
MOST_FACTORIES = 2_000
"""Most factories of a country that the form offers; a longer list would not be read."""


@page(CONCERNS_RAISE, audience=PROGRAMME)
def begin(request: HttpRequest) -> HttpResponseBase:
    """Of which country: asked only of who works in several; who works in one has the form at once."""
    within = countries_of(actor_of_request(request))
    found = [one.code for one in countries_known() if within is None or one.code in within]
    if len(found) == 1:
        return _form_shown(request, found[0])
    choices = sorted(({"code": one, "title": country_title(one)} for one in found), key=lambda one: one["title"])
    return page_render(request, "alerts/begin.html", {"choices": choices})


@page(CONCERNS_RAISE, audience=PROGRAMME, methods=BOTH)
def raised(request: HttpRequest, country: str) -> HttpResponseBase:
    """The form. It says who is told and what happens next; sent twice, it counts once."""
    within = countries_of(actor_of_request(request))
    if country not in {one.code for one in countries_known()} or (within is not None and country not in within):
        raise Http404
    return _form_shown(request, country)


def _form_shown(request: HttpRequest, country: str) -> HttpResponseBase:
    actor, at = actor_of_request(request), timezone.now()
    factories = _factories(actor, country)
    data = request.POST if request.method == "POST" else None
    form = RaiseForm(
        data,
        factories=[(key, title) for key, title in factories],
        persons=_persons(actor, country, at),
        initial={
            "once": secrets.token_hex(16),
            "made_on": timezone.localdate(),
            "factory": request.GET.get("factory", ""),
            "where": request.GET.get("where", ""),
        },
    )
    if data is not None and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            concern = concern_raise(
                actor=actor.id,
                concern_id=given.pop("once"),
                country=country,
                factory=_factory(actor, country, given.pop("factory")),
                at=at,
                **given,
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _told_words(concern.told))
            return redirect("alerts:concern", concern=concern.id)
    return page_render(request, "alerts/raise.html", {"form": form, **_next(actor, country, at)})


def _next(actor: Actor, country: str, at: datetime) -> dict[str, Any]:
    """Who is told and by when somebody answers."""
    persons = told_of(country, at, raised_by=actor.id)
    named = set(named_in(country, at)) & set(persons)
    answer, follow_up = hours_of(country, at.date())
    return {
        "country": {"code": country, "title": country_title(country)},
        "told": sorted(person_names(persons).values()),
        "stand_ins": bool(persons) and not named,
        "answer_hours": answer,
        "follow_up_hours": follow_up,
    }


def _told_words(count: int) -> str:
    if not count:
        return _("The concern stands. Nobody could be told: nobody is named. Tell your manager now.")
    words = ngettext(
        "The concern was raised. %(count)s person was told.",
        "The concern was raised. %(count)s persons were told.",
        count,
    )
    return words % {"count": count}


def _factories(actor: Actor, country: str) -> list[tuple[str, str]]:
    rows = factories_kept(FACTORIES_READ.visible_to(actor).filter(country=country, obsolete=False))
    found = rows.order_by("name", "id").values_list("country", "outside_id", "name")[:MOST_FACTORIES]
    return [(f"{code}/{number}", f"{name} ({number})") for code, number, name in found]


def _factory(actor: Actor, country: str, key: str) -> Any:
    return (
        FACTORIES_READ.visible_to(actor).filter(country=country, outside_id=key.partition("/")[2]).first()
        if key
        else None
    )


def _persons(actor: Actor, country: str, at: datetime) -> list[tuple[str, str]]:
    names = person_names(one for one in candidates(country, at) if one != actor.id)
    return sorted(names.items(), key=lambda one: one[1])


@page(CONCERNS_OWN, audience=PROGRAMME, thing=("concern", "id"), methods=BOTH)
def again(request: HttpRequest, concern: Concern) -> HttpResponseBase:
    """What she wrote did not arrive: she writes it again."""
    if words_kept([concern.id]):
        return redirect("alerts:concern", concern=concern.id)
    data = request.POST if request.method == "POST" else None
    form = AgainForm(data)
    if data is not None and form.is_valid():
        try:
            words_complete(
                actor=actor_of_request(request).id,
                concern=concern,
                words=form.cleaned_data["words"],
                at=timezone.now(),
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("What you wrote has arrived."))
            return redirect("alerts:concern", concern=concern.id)
    return page_render(request, "alerts/again.html", {"form": form, "concern": OWN_CONCERN.row(concern)})
