"""Factories ask for an account, where their country lets them; somebody of the country answers."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import EVERYBODY_MAY
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.people.hooks import countries_open
from betterwork.foundation.people.mailing import MailNotSent
from betterwork.foundation.people.models import Registration
from betterwork.foundation.people.policy import REGISTRATIONS
from betterwork.foundation.people.presentations import REGISTRATION
from betterwork.foundation.people.registering import registration_accept, registration_ask, registration_refuse
from betterwork.foundation.people.web.forms import RegisterForm

MOST_SHOWN = 200


@page(EVERYBODY_MAY, audience=PUBLIC, methods=("GET", "POST"))
def register(request: HttpRequest) -> HttpResponse:
    """Ask for an account for a factory. There is no such page while no country allows it."""
    at = timezone.now()
    countries = countries_open(at)
    if not countries:
        raise Http404
    too_often: HttpResponse | None = ratelimit.consume_or_429(request, action="signup")
    if too_often is not None:
        return too_often
    data = request.POST if request.method == "POST" else None
    form = RegisterForm(data, countries=countries, initial={"language": language_of(get_language()).code})
    if data is not None and form.is_valid():
        try:
            registration_ask(at=at, **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            return redirect("people:registered")
    return page_render(request, "people/register.html", {"form": form})


@page(EVERYBODY_MAY, audience=PUBLIC)
def registered(request: HttpRequest) -> HttpResponse:
    """The same answer for everybody who asked: known, unknown, asked before."""
    return page_render(request, "people/registered.html")


@page(REGISTRATIONS, audience=PROGRAMME)
def registrations(request: HttpRequest) -> HttpResponse:
    """Requests that wait for an answer, the oldest first."""
    rows = REGISTRATIONS.visible_to(actor_of_request(request)).order_by("asked_at", "id")
    return page_render(request, "people/registrations.html", {"asking": REGISTRATION.rows(rows[:MOST_SHOWN])})


@page(REGISTRATIONS, audience=PROGRAMME, thing=("registration", "id"), methods=("POST",))
def registration_answer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Invite who asked, or forget the request."""
    actor, at = actor_of_request(request).id, timezone.now()
    try:
        if request.POST.get("answer") == "invite":
            person = registration_accept(actor=actor, registration=registration, at=at)
            messages.success(request, _("Invited. Give the role on this page."))
            return redirect("people:person", person=person.public_id)
        registration_refuse(actor=actor, registration=registration, at=at)
        messages.success(request, _("The request is forgotten. Nobody was written to."))
    except MailNotSent as error:
        messages.error(request, str(error))
    except BetterWorkError as error:
        messages.error(request, str(error))
    return redirect("people:registrations")
