"""Pages of those who plan: who is due, a visit by hand, plans and their proposals, time by service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import countries_known, country_title, setting
from betterwork.modules.registry.policy import FACTORIES_READ
from betterwork.modules.registry.presentations import FACTORY_FOR_STAFF
from betterwork.modules.registry.queries import factories_kept, factory_called
from betterwork.modules.visits import planning, services
from betterwork.modules.visits.calendar import month_title, time_by_service
from betterwork.modules.visits.due import DueRows, factories_due
from betterwork.modules.visits.models import Plan, Visit
from betterwork.modules.visits.policy import DUE_READ, PLANS, VISITS_PLAN, countries_planned
from betterwork.modules.visits.presentations import DUE, PLAN
from betterwork.modules.visits.proposals import (
    job_progress,
    job_trouble,
    months_of,
    proposals_of,
    rules_counted,
    unplaced_of,
)
from betterwork.modules.visits.rules import ASSESSMENT, DUE_WORDS, KINDS, MAKING, PROPOSED
from betterwork.modules.visits.settings_of import MONTHS, rules_of
from betterwork.modules.visits.web.forms import FactoryForm, NewForm, PlanForm, ReasonForm, initial_days
from betterwork.modules.visits.web.views import team_form_values

BOTH = ("GET", "POST")
FEW = 10
"""So many factories without a visit stand on the page of a plan; more of them rule by rule, on pages of their own."""


def _keeps(state: str) -> Any:
    return lambda one: bool(one.visit) if state == "planned" else one.state == state and not one.visit


DUE_LIST = Listing(
    DUE,
    (
        Column("name", gettext_lazy("Factory"), sort=("name",)),
        Column("outside_id", gettext_lazy("Number in its country"), sort=("outside_id",)),
        Column("due", gettext_lazy("Due"), sort=("due",)),
        Column("last", gettext_lazy("Last assessed"), sort=("last",)),
        Column("visit_first", gettext_lazy("Agreed for"), sort=("visit_first",)),
        Column("state_word", gettext_lazy("State"), sort=("due",)),
    ),
    order=("due", "name", "id"),
    search=lambda text: lambda one: text.casefold() in one.name.casefold() or one.outside_id.startswith(text),  # type: ignore[arg-type,return-value]
    choices=(
        Choice(
            "state",
            gettext_lazy("State"),
            (*((key, words) for key, (words, _kind) in DUE_WORDS.items()), ("planned", gettext_lazy("Planned"))),
            lambda rows, state: rows.filter(_keeps(state)),
        ),
    ),
)
FACTORY_LIST = Listing(
    FACTORY_FOR_STAFF,
    (
        Column("name", gettext_lazy("Factory"), sort=("name",)),
        Column("outside_id", gettext_lazy("Number in its country"), sort=("outside_id",)),
        Column("country_name", gettext_lazy("Country"), sort=("country",)),
    ),
    order=("name", "id"),
    search=lambda text: Q(name__icontains=text) | Q(outside_id__istartswith=text),
    per_page=20,
)


def _countries(actor: Actor) -> list[str]:
    planned = countries_planned(actor)
    return [one.code for one in countries_known() if planned is None or one.code in planned]


def _country(request: HttpRequest, actor: Actor) -> tuple[str, list[dict[str, Any]]]:
    """The country asked for, and those one may ask for. Raises Http404 for any other."""
    mine = _countries(actor)
    asked = request.GET.get("country", "") or (mine[0] if mine else "")
    if asked not in mine:
        raise Http404
    tabs = [{"title": country_title(code), "url": f"?country={code}", "active": code == asked} for code in mine]
    return asked, tabs


@page(DUE_READ, audience=PROGRAMME)
def due(request: HttpRequest) -> HttpResponseBase:
    """Which factories are due to be assessed by the country's rule, the longest overdue first."""
    actor, today = actor_of_request(request), timezone.localdate()
    country, tabs = _country(request, actor)
    found = factories_due(country, today)
    rows: Any = DueRows(found)
    if request.GET.get("format") == "csv":
        return DUE_LIST.export(request, rows, f"due-{country}")
    listing = DUE_LIST.shown(request, rows)
    listing = replace(
        listing, along=(("country", country),), export_url=f"{listing.export_url}&{urlencode({'country': country})}"
    )
    open_ones = [one for one in found if not one.visit]
    rule = setting(country, MONTHS, today)
    values = {
        "country": country_title(country),
        "code": country,
        "tabs": tabs,
        "listing": listing,
        "figures": [
            (words, sum(one.state == key for one in open_ones), key) for key, (words, _kind) in DUE_WORDS.items()
        ],
        "planned": len(found) - len(open_ones),
        "rules": rules_of(country, today),
        "source": rule.source,
    }
    return page_render(request, "visits/due.html", values)


def _which(request: HttpRequest, actor: Actor, form: FactoryForm) -> HttpResponse:
    """The factories that can be chosen, found by name or number; the key of one can be typed."""
    rows = factories_kept(FACTORIES_READ.visible_to(actor)).filter(country__in=_countries(actor), obsolete=False)
    listing = replace(FACTORY_LIST.shown(request, rows), export_url="")
    return page_render(request, "visits/new.html", {"form": form, "factory": None, "listing": listing})


@page(DUE_READ, audience=PROGRAMME, methods=BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """A visit that somebody plans by hand: first the factory, then the days and the team."""
    actor, today = actor_of_request(request), timezone.localdate()
    asked = request.GET.get("factory", "")
    if not asked:
        return _which(request, actor, FactoryForm())
    try:
        factory = factory_called(asked.replace("\x00", ""), FACTORIES_READ.visible_to(actor))
    except BetterWorkError:
        which = FactoryForm(request.GET)
        which.is_valid()
        which.add_error("factory", _("No factory of yours has this number."))
        return _which(request, actor, which)
    if factory.country not in _countries(actor):
        raise Http404
    rules = rules_of(factory.country, today)
    begins = initial_days(today, today + timedelta(days=rules.days - 1))
    form = NewForm(request.POST or None, initial=begins, **team_form_values(factory.country, today, set()))
    if request.method == "POST" and form.is_valid():
        given, places = form.cleaned_data, form.team()
        try:
            made = services.visit_plan(
                actor=actor.id,
                factory=factory,
                kind=given["kind"],
                first_day=given["first_day"],
                last_day=given["last_day"],
                team=places,
                unannounced=not given["announced"],
                joint=any(one.part == "inspector" for one in places),
                why=given["why"],
                at=timezone.now(),
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Agreed. Its team is told, and nobody else."))
            return redirect("visits:visit", visit=made.pk)
    shown = {"name": factory.name, "id": factory.pk, "key": str(factory)}
    return page_render(request, "visits/new.html", {"form": form, "factory": shown})


@page(PLANS, audience=PROGRAMME, methods=BOTH)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of one's countries, and asking for another."""
    actor, today = actor_of_request(request), timezone.localdate()
    mine = [(code, country_title(code)) for code in _countries(actor)]
    monday = today + timedelta(days=7 - today.weekday())
    begins = {"first_day": monday, "last_day": monday + timedelta(days=363)}
    form = PlanForm(request.POST or None, countries=mine, initial=begins)
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.plan_ask(actor=actor.id, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked for. You are told when it is there."))
            return redirect("visits:plan", plan=made.pk)
    rows = PLAN.rows(PLANS.visible_to(actor).order_by("-made_at", "-id")[:100])
    return page_render(request, "visits/plans.html", {"form": form, "plans": rows})


@page(PLANS, audience=PROGRAMME, thing=("plan", "id"))
def plan(request: HttpRequest, plan: Plan) -> HttpResponse:
    """What a plan proposes, week by week with its reasons; and what it could not place, with the rule."""
    actor = actor_of_request(request)
    months = months_of(plan)
    asked, rules = request.GET.get("month", ""), rules_counted(plan)
    rule = request.GET.get("unplaced", "")
    rule = rule if rule in {code for code, _words, _count in rules} else ""
    month = asked if asked in {key for key, _count in months} else (months[0][0] if months else "")
    weeks, agreed = proposals_of(plan, month) if month and not rule else ([], 0)
    few = len(plan.unplaced) <= FEW and plan.state == PROPOSED
    values = {
        "plan": PLAN.row(plan),
        "making": plan.state == MAKING,
        "progress": job_progress(plan) if plan.state == MAKING else {},
        "trouble": job_trouble(plan) if plan.state == MAKING else plan.trouble,
        "open": plan.state == PROPOSED,
        "weeks": weeks,
        "agreed": agreed,
        "proposed": plan.visits.filter(state=PROPOSED).count(),
        "tabs": [
            {
                "title": month_title(date.fromisoformat(f"{key}-01")),
                "key": key,
                "count": count,
                "active": key == month and not rule,
            }
            for key, count in months
        ],
        "unplaced": unplaced_of(plan, rule) if rule or few else [],
        "rule": rule,
        "rules": rules,
        "unplaced_count": len(plan.unplaced),
        "may_put_aside": plan.state in (MAKING, PROPOSED) and PLANS.may(actor, plan),
    }
    return page_render(request, "visits/plan.html", values)


@page(PLANS, audience=PROGRAMME, thing=("plan", "id"), methods=BOTH)
def accept(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Agree to all that a plan still proposes."""
    trouble = ""
    if request.method == "POST":
        try:
            planning.plan_accept(actor=actor_of_request(request).id, plan=plan, at=timezone.now())
        except BetterWorkError as error:
            trouble = str(error)
        else:
            messages.success(request, _("Agreed. The teams are told, and nobody else."))
            return redirect("visits:plan", plan=plan.pk)
    count = plan.visits.filter(state=PROPOSED).count()
    return page_render(request, "visits/accept.html", {"plan": PLAN.row(plan), "count": count, "trouble": trouble})


@page(PLANS, audience=PROGRAMME, thing=("plan", "id"), methods=BOTH)
def put_aside(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Put a plan aside, with a reason."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planning.plan_put_aside(
                actor=actor_of_request(request).id, plan=plan, at=timezone.now(), **form.cleaned_data
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Put aside. What was agreed of it stays."))
            return redirect("visits:plan", plan=plan.pk)
    return page_render(request, "visits/put_aside.html", {"form": form, "plan": PLAN.row(plan)})


@page(VISITS_PLAN, audience=PROGRAMME, thing=("visit", "id"), methods=("POST",))
def accept_one(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Agree to one proposal."""
    try:
        planning.proposal_accept(actor=actor_of_request(request).id, visit=visit, at=timezone.now())
    except BetterWorkError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Agreed. Its team is told, and nobody else."))
    if visit.plan_id is None:
        return redirect("visits:visit", visit=visit.pk)
    return redirect(f"{reverse('visits:plan', kwargs={'plan': visit.plan_id})}?month={visit.first_day:%Y-%m}")


@page(DUE_READ, audience=PROGRAMME)
def time_of_services(request: HttpRequest) -> HttpResponse:
    """What assessment, advice and training took of the time of a year, beside what they are meant to take."""
    actor, today = actor_of_request(request), timezone.localdate()
    country, tabs = _country(request, actor)
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and 2000 <= int(text[:5]) <= today.year else today.year
    shares = time_by_service(country, year)
    values = {
        "country": country_title(country),
        "code": country,
        "year": str(year),
        "before": year - 1,
        "after": year + 1 if year < today.year else None,
        "tabs": tabs,
        "rows": [(KINDS[one.kind], one, 100 * (one.share or 0)) for one in shares],
        "entered": any(one.minutes for one in shares),
        "assessment": ASSESSMENT,
    }
    return page_render(request, "visits/services.html", values)
