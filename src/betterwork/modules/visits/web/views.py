"""Pages of visits: the calendar, one visit, what its team and those who plan it do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.contributions.registry import panels_of, person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.visits import services
from betterwork.modules.visits.calendar import month_end, month_of, month_title, named_team, weeks_of
from betterwork.modules.visits.choosing import RulesBroken
from betterwork.modules.visits.models import TimeSpent, Visit
from betterwork.modules.visits.people import people_of
from betterwork.modules.visits.policy import CALENDAR, DUE_READ, VISITS_PLAN, VISITS_READ, VISITS_TEAM
from betterwork.modules.visits.presentations import TIME_FOR_STAFF, TOLD, VISIT, VISIT_IN_FULL
from betterwork.modules.visits.proposals import persons_in
from betterwork.modules.visits.queries import team_of, with_team
from betterwork.modules.visits.rules import CANCELLED, PLANNED, PROPOSED, UNDER_WAY, Place, monday_of
from betterwork.modules.visits.settings_of import rules_of
from betterwork.modules.visits.web.forms import (
    ArrivalForm,
    ChangeForm,
    ReasonForm,
    TeamForm,
    TellForm,
    TimeForm,
    initial_days,
)
from betterwork.modules.visits.words import reason_words, rules_words

BOTH = ("GET", "POST")


def _teams(rows: Any, actor: Any) -> Any:
    return with_team(rows.select_related("factory", "plan"))


@page(CALENDAR, audience=PROGRAMME)
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The visits of a month, week by week: one's own, or those of all colleagues."""
    actor, at, today = actor_of_request(request), timezone.now(), timezone.localdate()
    team = request.GET.get("whose") == "team"
    first = month_of(request.GET.get("month", ""), today)
    before, after = (first - timedelta(days=1)).replace(day=1), month_end(first) + timedelta(days=1)
    whose = "team" if team else "mine"
    values = {
        "title": month_title(first),
        "this_week": monday_of(today),
        "team": team,
        "weeks": weeks_of(actor, first, month_end(first), team=team, at=at),
        "plans": DUE_READ.may(actor),
        "others": [(month_title(one), f"?whose={whose}&month={one:%Y-%m}") for one in (before, after)],
        "tabs": [
            {"title": _("Yours"), "url": f"?whose=mine&month={first:%Y-%m}", "active": not team},
            {"title": _("All colleagues"), "url": f"?whose=team&month={first:%Y-%m}", "active": team},
        ],
    }
    return page_render(request, "visits/calendar.html", values)


@page(VISITS_READ, audience=PROGRAMME, thing=("visit", "id"), reading=_teams)
def visit(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """One visit: where and when, who goes, and what can be done with it."""
    actor, today = actor_of_request(request), timezone.localdate()
    plans, on_it = VISITS_PLAN.may(actor, visit), VISITS_TEAM.may(actor, visit)
    told = list(visit.told.order_by("told_at", "id")) if plans else []
    shown = VISIT_IN_FULL.row(visit) if plans else VISIT.row(visit)
    ids = {one.person for one in team_of(visit)} | {one.person for one in told} | {one.told_by for one in told}
    ids |= persons_in(visit.why) if plans else set()
    names = person_names(ids | {visit.made_by, visit.arrived_by})
    time = TimeSpent.objects.filter(visit=visit, person=actor.id).order_by("day", "activity") if on_it else ()
    values = {
        "visit": shown,
        "team": named_team(visit, names),
        "plans": plans,
        "on_it": on_it,
        "told": [(names.get(one.person, "–"), TOLD.row(one)) for one in told],
        "why": [words for one in visit.why if (words := reason_words(one, names))] if plans else [],
        "overruled": rules_words(visit.overruled) if plans else [],
        "arrived_by": names.get(visit.arrived_by, ""),
        "time": TIME_FOR_STAFF.rows(time),
        "this_year": {visit.first_day.year, visit.last_day.year} == {today.year},
        "may_arrive": on_it and visit.state == PLANNED and visit.first_day <= today,
        "may_accept": plans and visit.state == PROPOSED,
        "may_end": on_it and visit.state == UNDER_WAY,
        "may_time": on_it and visit.state not in (PROPOSED, CANCELLED),
        "may_change": plans and visit.state in (PROPOSED, PLANNED),
        "may_cancel": plans and visit.state in (PROPOSED, PLANNED, UNDER_WAY),
        "may_tell": plans and visit.state == PLANNED and visit.unannounced,
        "panels": panels_of("visit", actor, visit, timezone.now()),
    }
    return page_render(request, "visits/visit.html", values)


@page(VISITS_TEAM, audience=PROGRAMME, thing=("visit", "id"), methods=BOTH, reading=_teams)
def arrive(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Write down that the team is there."""
    form = ArrivalForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.arrival_record(
                actor=actor_of_request(request).id, visit=visit, on=form.cleaned_data["on"], at=timezone.now()
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Arrival is recorded. The factory sees now that you are there."))
            return redirect("visits:visit", visit=visit.pk)
    return page_render(request, "visits/arrive.html", {"form": form, "visit": VISIT.row(visit)})


@page(VISITS_TEAM, audience=PROGRAMME, thing=("visit", "id"), methods=("POST",), reading=_teams)
def end(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that a visit is done."""
    try:
        services.visit_end(actor=actor_of_request(request).id, visit=visit, at=timezone.now())
    except BetterWorkError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done. Enter the time you spent while you remember it."))
    return redirect("visits:visit", visit=visit.pk)


@page(VISITS_TEAM, audience=PROGRAMME, thing=("visit", "id"), methods=BOTH, reading=_teams)
def time(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Enter one's own time on a visit."""
    actor, today = actor_of_request(request), timezone.localdate()
    form = TimeForm(request.POST or None, initial={"day": min(max(visit.first_day, today), visit.last_day)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.time_enter(
                actor=actor.id,
                visit=visit,
                day=given["day"],
                activity=given["activity"],
                minutes=form.whole(),
                at=timezone.now(),
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Entered."))
            return redirect("visits:time", visit=visit.pk)
    rows = TimeSpent.objects.filter(visit=visit, person=actor.id).order_by("day", "activity")
    values = {"form": form, "visit": VISIT.row(visit), "time": TIME_FOR_STAFF.rows(rows)}
    return page_render(request, "visits/time.html", values)


def team_form_values(country: str, on: Any, also: set[str]) -> dict[str, Any]:
    """What the form of a team is made from."""
    people, rules = people_of(country, timezone.now(), also=also), rules_of(country, on)
    return {
        "sent": people.sent,
        "along": people.staff,
        "inspectors": people.inspectors,
        "partners": max(1, rules.advisors - 1),
        "joint": rules.joint,
    }


@page(VISITS_PLAN, audience=PROGRAMME, thing=("visit", "id"), methods=BOTH, reading=_teams)
def change(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another team or other days, with a reason."""
    team = [Place(one.person, one.part) for one in team_of(visit)]
    begins = {**TeamForm.of_team(team), **initial_days(visit.first_day, visit.last_day)}
    also = {one.person for one in team if one.part != "inspector"}
    values = team_form_values(visit.country, visit.first_day, also)
    form = ChangeForm(request.POST or None, initial=begins, **values)
    if request.method == "POST" and form.is_valid():
        given, places = form.cleaned_data, form.team()
        try:
            services.visit_change(
                actor=actor_of_request(request).id,
                visit=visit,
                first_day=given["first_day"],
                last_day=given["last_day"],
                team=places,
                joint=any(one.part == "inspector" for one in places),
                reason=given["reason"],
                overrule=given["overrule"],
                at=timezone.now(),
            )
        except BetterWorkError as error:
            if isinstance(error, RulesBroken) and not error.never:
                form.overruling_ask()
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changed."))
            return redirect("visits:visit", visit=visit.pk)
    return page_render(request, "visits/change.html", {"form": form, "visit": VISIT.row(visit)})


@page(VISITS_PLAN, audience=PROGRAMME, thing=("visit", "id"), methods=BOTH, reading=_teams)
def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Call a visit off, with a reason."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.visit_cancel(
                actor=actor_of_request(request).id, visit=visit, at=timezone.now(), **form.cleaned_data
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Called off. Its team is told."))
            return redirect("visits:visit", visit=visit.pk)
    return page_render(request, "visits/cancel.html", {"form": form, "visit": VISIT.row(visit)})


@page(VISITS_PLAN, audience=PROGRAMME, thing=("visit", "id"), methods=BOTH, reading=_teams)
def tell(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Let somebody of the staff know before arrival, with a reason."""
    form = TellForm(request.POST or None, persons=people_of(visit.country, timezone.now()).staff)
    if request.method == "POST" and form.is_valid():
        try:
            services.visit_tell(actor=actor_of_request(request).id, visit=visit, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Told. She reads this visit from now on."))
            return redirect("visits:visit", visit=visit.pk)
    return page_render(request, "visits/tell.html", {"form": form, "visit": VISIT.row(visit)})
