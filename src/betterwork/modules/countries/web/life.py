"""Pages that write the life of country programmes: a new one, the next state, a state entered by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.models import Programme
from betterwork.modules.countries.policy import LIFE_ENTER, PROGRAMMES_RUN
from betterwork.modules.countries.presentations import STATE_FOR_STAFF
from betterwork.modules.countries.queries import countries_known, country_title, life_of
from betterwork.modules.countries.services import programme_add, state_enter, state_withdraw
from betterwork.modules.countries.web.forms import ProgrammeForm, ReasonForm, StateForm

BOTH = ("GET", "POST")


@page(PROGRAMMES_RUN, audience=PROGRAMME, methods=BOTH)
def add(request: HttpRequest) -> HttpResponse:
    """Add the programme of a country."""
    data = request.POST if request.method == "POST" else None
    form = ProgrammeForm(data, taken={one.code for one in countries_known()}, today=timezone.localdate())
    if form.is_valid():
        try:
            made = programme_add(actor=actor_of_request(request).id, at=timezone.now(), **form.given())
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Added. The programme's rules hold in it until it has its own."))
            return redirect("countries:country", programme=made.code)
    return page_render(request, "countries/add.html", {"form": form})


@page(LIFE_ENTER, audience=PROGRAMME, thing=("programme", "code"), methods=BOTH)
def state(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Enter the next state of a programme."""
    life = life_of(programme)
    before = life[-1].state if life else ""
    form = StateForm(request.POST if request.method == "POST" else None, before=before, today=timezone.localdate())
    if form.is_valid():
        try:
            state_enter(actor=actor_of_request(request).id, programme=programme, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Entered."))
            return redirect("countries:country", programme=programme.code)
    values = {"form": form, "code": programme.code, "title": country_title(programme.code)}
    return page_render(request, "countries/state.html", values)


@page(LIFE_ENTER, audience=PROGRAMME, thing=("programme", "code"), methods=BOTH)
def withdraw(request: HttpRequest, programme: Programme, state: str) -> HttpResponse:
    """Withdraw the last state, entered by mistake, with the reason."""
    last = programme.states.filter(withdrawn_at__isnull=True, pk=state).first()
    if last is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            state_withdraw(actor=actor_of_request(request).id, state=last, reason=reason, at=timezone.now())
            messages.success(request, _("Withdrawn. It stays in the history, with your reason."))
        except BetterWorkError as error:
            messages.error(request, str(error))
        return redirect("countries:country", programme=programme.code)
    values = {"form": form, "code": programme.code, "title": country_title(programme.code)}
    return page_render(request, "countries/withdraw.html", {**values, "state": STATE_FOR_STAFF.row(last)})
