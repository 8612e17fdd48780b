"""Giving, confirming, refusing and ending roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.access.models import Grant
from betterwork.foundation.access.policy import GRANTS_CONFIRM, GRANTS_END, GRANTS_GIVE, GRANTS_LAY_DOWN
from betterwork.foundation.access.presentations import GRANT_FOR_HERSELF, GRANT_FOR_STAFF, grants_shown
from betterwork.foundation.access.rules import NEEDED
from betterwork.foundation.access.services import grant_confirm, grant_end, grant_give, grant_refuse
from betterwork.foundation.access.web.forms import GiveForm, ReasonForm, roles_to_give
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Presentation, Row
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.roles import ROLES, Role
from betterwork.foundation.people.policy import PEOPLE_READ
from betterwork.foundation.people.rules import email_cleaned

BOTH = ("GET", "POST")


@page(GRANTS_GIVE, audience=PROGRAMME, methods=BOTH)
def give(request: HttpRequest) -> HttpResponse:
    """First which role, in words that say what it does; then to whom, over what, how long and why."""
    actor = actor_of_request(request)
    role = ROLES.get(request.GET.get("role", ""))
    to = request.GET.get("to", "")[:254]
    if role is None:
        choices = [_role_choice(one, to) for one in roles_to_give(actor)]
        return page_render(request, "access/give_role.html", {"choices": choices})
    if role not in roles_to_give(actor):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = GiveForm(data, actor=actor, role=role, initial={"email": to})
    if data is not None and form.is_valid():
        grant = _given(actor, role, form)
        if grant is not None:
            messages.success(request, _said(grant))
            return redirect("access:grant", grant=grant.id)
    values = {"form": form, "role": role.title, "does": role.does, "powerful": role.powerful}
    return page_render(request, "access/give.html", {**values, "confidential": role.confidential})


def _role_choice(role: Role, to: str) -> dict[str, Any]:
    asked = {"role": role.name, "to": to} if to else {"role": role.name}
    return {"title": role.title, "does": role.does, "powerful": role.powerful, "url": f"?{urlencode(asked)}"}


def _given(actor: Actor, role: Role, form: GiveForm) -> Grant | None:
    # Only among those she sees: a role must be no way to reach, or to learn of, a person of another country.
    person = PEOPLE_READ.visible_to(actor).filter(email=email_cleaned(form.cleaned_data["email"])).first()
    if person is None:
        words = _("Nobody you see has this address. Invite the person, or ask global staff to give this role.")
        form.add_error("email", words)
        return None
    try:
        return grant_give(actor=actor.id, person=person.public_id, role=role.name, at=timezone.now(), **form.given())
    except BetterWorkError as error:
        form.add_error(None, str(error))
        return None


def _said(grant: Grant) -> str:
    if grant.second == NEEDED:
        return _("Given. It waits now for a second person; those who may confirm it were told.")
    return _("Given. The person was told.")


@page(GRANTS_CONFIRM, audience=PROGRAMME, thing=("grant", "id"), methods=BOTH)
def confirm(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Confirm a role as the second person, after saying what will happen."""
    if request.method == "GET":
        values = {"grant": _shown(grant, GRANT_FOR_STAFF), "does": ROLES[grant.role].does}
        return page_render(request, "access/confirm.html", values)
    actor = actor_of_request(request).id
    return _done(
        request,
        grant,
        _("Confirmed. The person was told."),
        lambda: grant_confirm(actor=actor, grant=grant, at=timezone.now()),
    )


@page(GRANTS_CONFIRM, audience=PROGRAMME, thing=("grant", "id"), methods=BOTH)
def refuse(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Refuse a role that waits, with the reason."""
    actor, form = actor_of_request(request).id, _reason(request)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(
            request,
            grant,
            _("Refused. Who gave it was told."),
            lambda: grant_refuse(actor=actor, grant=grant, reason=reason, at=timezone.now()),
        )
    return page_render(request, "access/refuse.html", {"grant": _shown(grant, GRANT_FOR_STAFF), "form": form})


@page(GRANTS_END, audience=PROGRAMME, thing=("grant", "id"), methods=BOTH)
def end(request: HttpRequest, grant: Grant) -> HttpResponse:
    """End a role before its time, with the reason."""
    actor, form = actor_of_request(request).id, _reason(request)
    if form.is_valid():
        return _done(request, grant, _("Ended this moment."), _ending(actor, grant, form))
    return page_render(request, "access/end.html", {"grant": _shown(grant, GRANT_FOR_STAFF), "form": form})


@page(GRANTS_LAY_DOWN, audience=OWN_PERSON, thing=("grant", "id"), methods=BOTH)
def lay_down(request: HttpRequest, grant: Grant) -> HttpResponse:
    """Lay down a role of one's own."""
    actor, form = actor_of_request(request).id, _reason(request)
    if form.is_valid():
        return _done(request, grant, _("Ended this moment."), _ending(actor, grant, form), back="access:mine")
    return page_render(request, "access/lay_down.html", {"grant": _shown(grant, GRANT_FOR_HERSELF), "form": form})


def _ending(actor: str, grant: Grant, form: ReasonForm) -> Callable[[], Grant]:
    reason = form.cleaned_data["reason"]
    return lambda: grant_end(actor=actor, grant=grant, reason=reason, at=timezone.now())


def _reason(request: HttpRequest) -> ReasonForm:
    return ReasonForm(request.POST if request.method == "POST" else None)


def _shown(grant: Grant, presentation: Presentation) -> Row:
    return presentation.row(grants_shown(Grant.objects.filter(pk=grant.pk), timezone.now()).get())


def _done(
    request: HttpRequest, grant: Grant, said: str, service: Callable[[], Grant], *, back: str = "access:grant"
) -> HttpResponse:
    """Do it and go back, with what happened in a sentence."""
    try:
        service()
        messages.success(request, said)
    except BetterWorkError as error:
        messages.error(request, str(error))
    return redirect(back, grant=grant.id) if back == "access:grant" else redirect(back)
