"""Who is named for the concerns of a country: the list, entering, saying that one knows, ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.alerts.models import NamedPerson
from betterwork.modules.alerts.naming import named_confirm, named_end, named_enter
from betterwork.modules.alerts.policy import NAMED_KEEP, NAMED_OWN, NAMED_READ, countries_kept, countries_of
from betterwork.modules.alerts.presentations import NAMED
from betterwork.modules.alerts.queries import candidates, countries_short, named_now, namings
from betterwork.modules.alerts.web.forms import EndForm, NamedForm
from betterwork.modules.countries.queries import countries_known, country_title

BOTH = ("GET", "POST")


@page(NAMED_READ, audience=PROGRAMME)
def named(request: HttpRequest) -> HttpResponse:
    """The countries one works in: who is named in each; and what oneself has to say that one knows."""
    actor, at = actor_of_request(request), timezone.now()
    within = countries_of(actor)
    codes = [one.code for one in countries_known() if within is None or one.code in within]
    pairs = sorted(set(named_now(at).filter(country__in=codes).values_list("country", "person")))
    names = person_names(person for _country, person in pairs)
    short = countries_short(codes, at)
    rows = [
        {
            "code": code,
            "title": country_title(code),
            "persons": sorted(names.get(person, "") for country, person in pairs if country == code),
            "short": short.get(code),
        }
        for code in codes
    ]
    mine = NAMED_OWN.visible_to(actor).filter(confirmed_at__isnull=True, ended_at__isnull=True)
    values = {
        "rows": sorted(rows, key=lambda one: str(one["title"])),
        "mine": NAMED.rows(mine.exclude(last__lt=at.date()).order_by("first", "id")),
    }
    return page_render(request, "alerts/named.html", values)


@page(NAMED_READ, audience=PROGRAMME, methods=BOTH)
def named_of(request: HttpRequest, country: str) -> HttpResponseBase:
    """Who is, was and will be named for a country; its manager enters who."""
    actor, at = actor_of_request(request), timezone.now()
    within, kept = countries_of(actor), countries_kept(actor)
    if country not in {one.code for one in countries_known()} or (within is not None and country not in within):
        raise Http404
    keeps = kept is None or country in kept
    data = request.POST if request.method == "POST" else None
    if data is not None and not keeps:
        raise Http404
    form = None
    if keeps:
        persons = person_names(candidates(country, at))
        choices = sorted(persons.items(), key=lambda one: one[1])
        form = NamedForm(data, persons=choices, initial={"first": timezone.localdate()})
        if data is not None and form.is_valid():
            try:
                named_enter(actor=actor.id, country=country, at=at, **form.cleaned_data)
            except BetterWorkError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Named. The person is told."))
                return redirect("alerts:named_of", country=country)
    return page_render(request, "alerts/named_of.html", {"form": form, **_shown(country)})


def _shown(country: str) -> dict[str, Any]:
    at = timezone.now()
    rows = NAMED.rows(namings(country, at.date())[:200])
    names = person_names({one.person for one in rows} | {one.entered_by for one in rows})
    counted = set(named_now(at).filter(country=country).values_list("id", flat=True))
    today = timezone.localdate(at)
    listed = [
        {
            "naming": one,
            "called": names.get(one.person, _("somebody who left")),
            "by": names.get(one.entered_by, _("the operator")),
            "state": _naming_state(one, today, counts=one.id in counted),
        }
        for one in rows
    ]
    return {
        "country": {"code": country, "title": country_title(country)},
        "rows": listed,
        "short": countries_short([country], at).get(country),
    }


def _naming_state(one: Any, today: Any, *, counts: bool) -> dict[str, Any]:
    if one.ended_at or (one.last and one.last < today):
        return {"kind": "none", "word": _("Over"), "over": True}
    if one.first > today:
        return {"kind": "info", "word": _("To come"), "over": False}
    if not counts:
        return {"kind": "nc", "word": _("Works here no more: does not count"), "over": False}
    if one.confirmed_at is None:
        return {"kind": "wait", "word": _("Named, not confirmed yet"), "over": False}
    return {"kind": "ok", "word": _("Named, confirmed"), "over": False}


@page(NAMED_OWN, audience=PROGRAMME, thing=("naming", "id"), methods=("POST",))
def confirm(request: HttpRequest, naming: NamedPerson) -> HttpResponseBase:
    """Say that one knows that one is named."""
    named_confirm(actor=actor_of_request(request).id, naming=naming, at=timezone.now())
    messages.success(request, _("Written down: you know that you are named."))
    return redirect("alerts:named")


@page(NAMED_KEEP, audience=PROGRAMME, thing=("naming", "id"), methods=BOTH)
def end(request: HttpRequest, naming: NamedPerson) -> HttpResponseBase:
    """End a naming, now or with a day."""
    data = request.POST if request.method == "POST" else None
    form = EndForm(data)
    if data is not None and form.is_valid():
        try:
            named_end(actor=actor_of_request(request).id, naming=naming, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done."))
            return redirect("alerts:named_of", country=naming.country)
    called = person_names([naming.person]).get(naming.person, "")
    values = {"form": form, "naming": NAMED.row(naming), "called": called}
    return page_render(request, "alerts/named_end.html", values)
