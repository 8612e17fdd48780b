"""Pages that write organisations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.organisations.models import Organisation
from betterwork.modules.organisations.policy import ORGANISATIONS_ADD, ORGANISATIONS_CHANGE, countries_of
from betterwork.modules.organisations.presentations import MEMBERSHIP_FOR_STAFF, ORGANISATION_FOR_STAFF
from betterwork.modules.organisations.queries import organisation_called, organisation_choices
from betterwork.modules.organisations.services import (
    membership_end,
    membership_enter,
    organisation_add,
    organisation_change,
    organisation_rename,
)
from betterwork.modules.organisations.web.forms import AddForm, ChangeForm, JoinForm, LeaveForm, NameForm

BOTH = ("GET", "POST")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(form: Form, service: Callable[[], Any]) -> Any:
    """Do it; what refuses is said on the form, and nothing is returned."""
    try:
        return service()
    except BetterWorkError as error:
        form.add_error(None, str(error))
        return None


@page(ORGANISATIONS_ADD, audience=PROGRAMME, methods=BOTH)
def add(request: HttpRequest) -> HttpResponse:
    """Enter an organisation: in the countries for which one does."""
    actor = actor_of_request(request)
    form = AddForm(_posted(request), within=countries_of(actor))
    if form.is_valid():
        given = {**form.place(), "name": form.cleaned_data["name"], "first": form.cleaned_data["first"]}
        made = _done(form, lambda: organisation_add(actor=actor.id, at=timezone.now(), **given))
        if made is not None:
            messages.success(request, _("Entered."))
            return redirect("organisations:organisation", organisation=made.key)
    return page_render(request, "organisations/add.html", {"form": form})


@page(ORGANISATIONS_CHANGE, audience=PROGRAMME, thing=("organisation", "key"), methods=BOTH)
def change(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Change what it is and where it stands."""
    actor = actor_of_request(request)
    known = ("kind", "country", "mail", "last")
    initial = {**{name: getattr(organisation, name) for name in known}, "seen": organisation.changed_at.isoformat()}
    form = ChangeForm(_posted(request), within=countries_of(actor), initial=initial)
    if form.is_valid():
        given = {**form.place(), "last": form.cleaned_data["last"], "seen": form.cleaned_data["seen"]}
        service = organisation_change
        if _done(form, lambda: service(actor=actor.id, organisation=organisation, at=timezone.now(), **given)):
            messages.success(request, _("Changed."))
            return redirect("organisations:organisation", organisation=organisation.key)
    return _form_page(request, "organisations/change.html", organisation, form)


@page(ORGANISATIONS_CHANGE, audience=PROGRAMME, thing=("organisation", "key"), methods=BOTH)
def rename(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Enter how it is called from a day on."""
    form = NameForm(_posted(request), initial={"first": timezone.localdate()})
    if form.is_valid():
        actor, given = actor_of_request(request).id, form.cleaned_data
        service = organisation_rename
        if _done(form, lambda: service(actor=actor, organisation=organisation, at=timezone.now(), **given)):
            messages.success(request, _("Entered. It is found by its former names too."))
            return redirect("organisations:organisation", organisation=organisation.key)
    return _form_page(request, "organisations/rename.html", organisation, form)


@page(ORGANISATIONS_CHANGE, audience=PROGRAMME, thing=("organisation", "key"), methods=BOTH)
def join(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Enter that it lies in another."""
    choices = [one for one in organisation_choices(on=timezone.localdate()) if one[0] != organisation.key]
    form = JoinForm(_posted(request), choices=choices)
    if form.is_valid():
        actor, given = actor_of_request(request).id, {**form.cleaned_data}
        group = organisation_called(given.pop("group"))
        service = membership_enter
        if _done(form, lambda: service(actor=actor, member=organisation, group=group, at=timezone.now(), **given)):
            messages.success(request, _("Entered."))
            return redirect("organisations:organisation", organisation=organisation.key)
    return _form_page(request, "organisations/join.html", organisation, form)


@page(ORGANISATIONS_CHANGE, audience=PROGRAMME, thing=("organisation", "key"), methods=BOTH)
def leave(request: HttpRequest, organisation: Organisation, membership: str) -> HttpResponse:
    """Enter the last day on which it lies in another."""
    found = organisation.lies_in.filter(pk=membership, last__isnull=True).select_related("member", "group").first()
    if found is None:
        raise Http404
    form = LeaveForm(_posted(request), initial={"last": timezone.localdate()})
    if form.is_valid():
        actor, last = actor_of_request(request).id, form.cleaned_data["last"]
        if _done(form, lambda: membership_end(actor=actor, membership=found, last=last, at=timezone.now())):
            messages.success(request, _("Entered."))
            return redirect("organisations:organisation", organisation=organisation.key)
    values = {"membership": MEMBERSHIP_FOR_STAFF.row(found)}
    return _form_page(request, "organisations/leave.html", organisation, form, **values)


def _form_page(
    request: HttpRequest, template: str, organisation: Organisation, form: Form, **more: Any
) -> HttpResponse:
    organisation.refresh_from_db()
    values = {"organisation": ORGANISATION_FOR_STAFF.row(organisation), "form": form, **more}
    return page_render(request, template, values)
