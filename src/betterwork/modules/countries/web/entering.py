"""Pages of rules: one setting with all that held, holds and will hold, and entering a value of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.ledger.words import actor_words
from betterwork.modules.countries.declaring import SETTINGS, Declared
from betterwork.modules.countries.models import Programme
from betterwork.modules.countries.policy import PROGRAMME_RULES_READ, PROGRAMMES_READ, PROGRAMMES_RUN, RULES_ENTER
from betterwork.modules.countries.presentations import RULE_FOR_STAFF
from betterwork.modules.countries.queries import country_title, setting_newest, settings_entered
from betterwork.modules.countries.services import setting_enter
from betterwork.modules.countries.web.forms import RuleForm
from betterwork.modules.countries.web.shown import groups_shown, holdings_shown

BOTH = ("GET", "POST")


@page(PROGRAMME_RULES_READ, audience=PROGRAMME)
def every(request: HttpRequest) -> HttpResponse:
    """The rules for every country that has none of its own."""
    today = timezone.localdate()
    groups = groups_shown("", today, RULE_FOR_STAFF, lambda name: _url("", name))
    may_enter = PROGRAMMES_RUN.may(actor_of_request(request))
    return page_render(request, "countries/every.html", {"groups": groups, "may_enter": may_enter})


@page(PROGRAMME_RULES_READ, audience=PROGRAMME)
def every_rule(request: HttpRequest, name: str) -> HttpResponse:
    """One of them, with its history."""
    return _rule(request, "", name, PROGRAMMES_RUN.may(actor_of_request(request)))


@page(PROGRAMMES_RUN, audience=PROGRAMME, methods=BOTH)
def every_enter(request: HttpRequest, name: str) -> HttpResponse:
    """Enter a value for every country."""
    return _enter(request, "", name)


@page(PROGRAMMES_READ, audience=PROGRAMME, thing=("programme", "code"))
def rule(request: HttpRequest, programme: Programme, name: str) -> HttpResponse:
    """One setting of a country, with its history."""
    return _rule(request, programme.code, name, RULES_ENTER.may(actor_of_request(request), programme))


@page(RULES_ENTER, audience=PROGRAMME, thing=("programme", "code"), methods=BOTH)
def enter(request: HttpRequest, programme: Programme, name: str) -> HttpResponse:
    """Enter a value of a setting of a country."""
    return _enter(request, programme.code, name)


def _declared(name: str) -> Declared:
    if name not in SETTINGS:
        raise Http404
    return SETTINGS[name]


def _url(owner: str, name: str, what: str = "rule") -> str:
    if not owner:
        return reverse(f"countries:every_{what}", kwargs={"name": name})
    return reverse(f"countries:{what}", kwargs={"programme": owner, "name": name})


def _where(owner: str) -> tuple[str, str]:
    """How the owner of a rule is called, and the page of all its rules."""
    if not owner:
        return _("Every country"), reverse("countries:every")
    return country_title(owner), reverse("countries:country", kwargs={"programme": owner})


def _rule(request: HttpRequest, owner: str, name: str, may_enter: bool) -> HttpResponse:
    one = _declared(name)
    where, back = _where(owner)
    rows = RULE_FOR_STAFF.rows(settings_entered(owner, name).order_by("-entered_at", "-id")[:200])
    names = person_names({row.entered_by for row in rows})
    values = {
        "title": one.title,
        "help": one.help,
        "where": where,
        "owner": owner,
        "back": back,
        "holdings": holdings_shown(owner, name, timezone.localdate(), RULE_FOR_STAFF),
        "entered": [{"rule": row, "who": actor_words(row.entered_by, names)} for row in rows],
        "enter_url": _url(owner, name, "enter") if may_enter else "",
    }
    return page_render(request, "countries/rule.html", values)


def _enter(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    one, today = _declared(name), timezone.localdate()
    where, _back = _where(owner)
    now = next((held for held in holdings_shown(owner, name, today, RULE_FOR_STAFF) if held.when == "holds"), None)
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        one=one,
        of_country=bool(owner),
        now=now.rule.value if now else "",
        today=today,
        seen=setting_newest(owner, name),
    )
    if form.is_valid() and _entered(request, owner, name, form):
        messages.success(request, _("Entered. It holds on the days you said, for everybody at once."))
        return redirect(_url(owner, name))
    values = {"form": form, "title": one.title, "help": one.help, "where": where, "now": now, "back": _url(owner, name)}
    return page_render(request, "countries/enter.html", {**values, "of_country": bool(owner)})


def _entered(request: HttpRequest, owner: str, name: str, form: RuleForm) -> bool:
    given: dict[str, Any] = form.given()
    try:
        setting_enter(actor=actor_of_request(request).id, country=owner, name=name, at=timezone.now(), **given)
    except BetterWorkError as error:
        form.add_error(None, str(error))
        return False
    return True
