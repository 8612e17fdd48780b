"""Pages of the country programmes: the list, and one with its life and its rules."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import panels_of, person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.languages.calendar import calendar_gaps, public_holidays
from betterwork.foundation.ledger.words import actor_words
from betterwork.modules.countries.models import STATE_WORDS, Programme
from betterwork.modules.countries.policy import (
    LIFE_ENTER,
    PROGRAMME_RULES_READ,
    PROGRAMMES_OF_COMMITTEE,
    PROGRAMMES_READ,
    PROGRAMMES_RUN,
    RULES_ENTER,
)
from betterwork.modules.countries.presentations import (
    PROGRAMME_FOR_COMMITTEE,
    PROGRAMME_FOR_STAFF,
    RULE_FOR_COMMITTEE,
    RULE_FOR_STAFF,
    STATE_FOR_COMMITTEE,
    STATE_FOR_STAFF,
)
from betterwork.modules.countries.queries import country_named, programmes_shown
from betterwork.modules.countries.web.shown import groups_shown


def _called(text: str) -> Q:
    named = country_named(text)
    found = Q(name__icontains=text) | Q(code__iexact=text)
    return found | Q(code=named.code) if named else found


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(state_now=state)


PROGRAMMES = Listing(
    PROGRAMME_FOR_STAFF,
    (
        Column("title", _("Country"), sort=("name",)),
        Column("state_word", _("State"), sort=("state_now",)),
        Column("since", _("Since"), sort=("since",)),
        Column("next_word", _("Comes next"), sort=("next_first",)),
    ),
    order=("name", "code"),
    search=_called,
    choices=(Choice("state", _("State"), STATE_WORDS, _in_state),),
)


@page(PROGRAMMES_READ, audience=PROGRAMME)
def countries(request: HttpRequest) -> HttpResponseBase:
    """Every country programme with how it stands today."""
    actor, at = actor_of_request(request), timezone.now()
    rows = programmes_shown(PROGRAMMES_READ.visible_to(actor), timezone.localdate(at))
    if request.GET.get("format") == "csv":
        return PROGRAMMES.export(request, rows, "countries")
    values = {
        "listing": PROGRAMMES.shown(request, rows),
        "may_add": PROGRAMMES_RUN.may(actor),
        "may_read_rules": PROGRAMME_RULES_READ.may(actor),
        "panels": panels_of("countries", actor, None, at),
    }
    return page_render(request, "countries/countries.html", values)


@page(PROGRAMMES_READ, audience=PROGRAMME, thing=("programme", "code"))
def country(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One programme: its life as a history, its rules by group, what other rooms know of it."""
    actor, at = actor_of_request(request), timezone.now()
    today = timezone.localdate(at)
    shown = programmes_shown(PROGRAMMES_READ.visible_to(actor), today).get(pk=programme.pk)
    states = STATE_FOR_STAFF.rows(programme.states.order_by("-first", "-entered_at"))
    names = person_names({one.entered_by for one in states} | {one.withdrawn_by for one in states})
    life = [
        {
            "state": one,
            "who": actor_words(one.entered_by, names) if one.entered_by else "",
            "withdrawn_by": actor_words(one.withdrawn_by, names) if one.withdrawn_by else "",
        }
        for one in states
    ]
    values = {
        "programme": PROGRAMME_FOR_STAFF.row(shown),
        "life": life,
        "groups": groups_shown(programme.code, today, RULE_FOR_STAFF, lambda name: _rule_url(programme.code, name)),
        "holidays": _holidays(programme.code, today.year),
        "gaps": list(calendar_gaps(programme.code, today.replace(month=1, day=1), today.replace(month=12, day=31))),
        "may_enter": RULES_ENTER.may(actor, programme),
        "may_live": LIFE_ENTER.may(actor, programme),
        "may_withdraw": LIFE_ENTER.may(actor, programme) and sum(not one.withdrawn_at for one in states) > 1,
        "panels": panels_of("country", actor, programme, at),
        "year": today.year,
    }
    return page_render(request, "countries/country.html", values)


@page(PROGRAMMES_OF_COMMITTEE, audience=COMMITTEE)
def countries_own(request: HttpRequest) -> HttpResponse:
    """The programmes for whose committee one speaks; where it is one, that one."""
    actor = actor_of_request(request)
    rows = programmes_shown(PROGRAMMES_OF_COMMITTEE.visible_to(actor), timezone.localdate()).order_by("name")
    found = PROGRAMME_FOR_COMMITTEE.rows(rows)
    if len(found) == 1:
        return redirect("countries:country_own", programme=found[0].code)
    return page_render(request, "countries/countries_own.html", {"programmes": found})


@page(PROGRAMMES_OF_COMMITTEE, audience=COMMITTEE, thing=("programme", "code"))
def country_own(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The same for the country's committee: without who typed what."""
    actor, at = actor_of_request(request), timezone.now()
    today = timezone.localdate(at)
    shown = programmes_shown(PROGRAMMES_OF_COMMITTEE.visible_to(actor), today).get(pk=programme.pk)
    states = programme.states.filter(withdrawn_at__isnull=True).order_by("-first")
    values = {
        "programme": PROGRAMME_FOR_COMMITTEE.row(shown),
        "life": [{"state": one} for one in STATE_FOR_COMMITTEE.rows(states)],
        "groups": groups_shown(programme.code, today, RULE_FOR_COMMITTEE, lambda name: ""),
        "holidays": _holidays(programme.code, today.year),
        "gaps": list(calendar_gaps(programme.code, today.replace(month=1, day=1), today.replace(month=12, day=31))),
        "panels": panels_of("own country", actor, programme, at),
        "year": today.year,
    }
    return page_render(request, "countries/country.html", values)


def _rule_url(code: str, name: str) -> str:
    return reverse("countries:rule", kwargs={"programme": code, "name": name})


def _holidays(code: str, year: int) -> list[dict[str, Any]]:
    """The public holidays of a year, as the calendar knows them, with those whose day will be announced."""
    found = public_holidays(code, year)
    return [{"day": day, "name": name, "estimated": day in found.estimated} for day, name in found.days.items()]
