"""Pages about people, for those who run the programme."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import panels_of
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.people import hooks
from betterwork.foundation.people.mailing import MailNotSent
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.policy import PEOPLE_HISTORY, PEOPLE_INVITE, PEOPLE_MANAGE, PEOPLE_READ, REGISTRATIONS
from betterwork.foundation.people.presentations import FOR_PROGRAMME, STATES
from betterwork.foundation.people.queries import history_of, search_filter
from betterwork.foundation.people.rules import may_join, may_leave, may_return
from betterwork.foundation.people.services import (
    list_exported,
    person_invitation_resend,
    person_invite,
    person_leave,
    person_return,
    sessions_end,
)
from betterwork.foundation.people.web.forms import InviteForm

BOTH = ("GET", "POST")


def _by_state(rows: QuerySet[Person], state: str) -> QuerySet[Person]:
    return rows.filter(state=state)


def _by_roles(rows: QuerySet[Person], wanted: str) -> QuerySet[Person]:
    counted = {"none": Q(roles=0), "one": Q(roles=1)}.get(wanted, Q(roles__gt=1))  # see hooks.roles_counted
    return rows.filter(counted)


LIST = Listing(
    FOR_PROGRAMME,
    (
        Column("called", gettext_lazy("Name"), sort=("name", "email")),
        Column("email", gettext_lazy("E-mail address"), sort=("email",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
        Column("roles", gettext_lazy("Roles"), sort=("roles",), number=True),
        Column("last_login", gettext_lazy("Last signed in"), sort=("last_login",)),
    ),
    order=("name", "email", "id"),
    search=search_filter,
    choices=(
        Choice(
            "state",
            gettext_lazy("State"),
            tuple((state, STATES[state][0]) for state in (Person.INVITED, Person.ACTIVE, Person.LEFT)),
            _by_state,
        ),
        Choice(
            "roles",
            gettext_lazy("Roles"),
            (("none", gettext_lazy("None")), ("one", gettext_lazy("One")), ("more", gettext_lazy("More than one"))),
            _by_roles,
        ),
    ),
)


@page(PEOPLE_READ, audience=PROGRAMME)
def people(request: HttpRequest) -> HttpResponseBase:
    """Who is known to the platform, as far as this person may see."""
    actor, at = actor_of_request(request), timezone.now()
    rows = hooks.roles_counted(PEOPLE_READ.visible_to(actor), actor, at)
    if request.GET.get("format") == "csv":
        narrowed = any(request.GET.get(name) for name in ("q", "state", "roles"))
        list_exported(actor=actor.id, at=at, narrowed=narrowed)
        return LIST.export(request, rows, "people")
    values = {
        "listing": LIST.shown(request, rows),
        "may_invite": PEOPLE_INVITE.may(actor),
        "asking": REGISTRATIONS.visible_to(actor).count() if REGISTRATIONS.may(actor) else 0,
    }
    return page_render(request, "people/people.html", values)


@page(PEOPLE_INVITE, audience=PROGRAMME, methods=BOTH)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody, with what other rooms add to the invitation."""
    actor, data = actor_of_request(request), request.POST if request.method == "POST" else None
    form = InviteForm(data, initial={"language": language_of(get_language()).code})
    parts = [(one, made) for one in hooks.INVITING if (made := one.form(actor, data)) is not None]
    if data is not None and all([form.is_valid(), *(made.is_valid() for _part, made in parts)]):
        at = timezone.now()
        then = [partial(_given, part, made, actor.id, at) for part, made in parts]
        answer = _tried(request, form, lambda: person_invite(actor=actor.id, at=at, then=then, **form.cleaned_data))
        if answer is not None:
            return answer
    shown = [{"title": part.title, "form": made} for part, made in parts]
    return page_render(request, "people/invite.html", {"form": form, "parts": shown})


def _given(part: hooks.InvitationPart, form: Form, actor: str, at: Any, person: Person) -> None:
    part.given(person.public_id, actor, form, at)


def _tried(request: HttpRequest, form: Form, invited: Callable[[], Person]) -> HttpResponse | None:
    """Invite; on success the way to her page, on a fault the form says what is wrong."""
    try:
        person = invited()
    except MailNotSent as error:
        messages.error(request, str(error))
        return redirect("people:people")
    except BetterWorkError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("The invitation is on its way. The link in it works for 7 days."))
    return redirect("people:person", person=person.public_id)


@page(PEOPLE_READ, audience=PROGRAMME, thing=("person", "public_id"))
def person(request: HttpRequest, person: Person) -> HttpResponse:
    """One person: state, what other rooms know of her, what happened to her account."""
    actor, at = actor_of_request(request), timezone.now()
    manages = PEOPLE_MANAGE.may(actor) and PEOPLE_MANAGE.may(actor, person)
    values = {
        "person": FOR_PROGRAMME.row(person),
        "may_send_again": manages and may_join(person.state),
        "may_leave": manages and may_leave(person.state),
        "may_return": manages and may_return(person.state),
        "may_sign_out": manages and person.state == Person.ACTIVE,
        "history": history_of(person.public_id, among=PEOPLE_HISTORY.visible_to(actor)),
        "panels": panels_of("person", actor, person, at),
    }
    return page_render(request, "people/person.html", values)


@page(PEOPLE_MANAGE, audience=PROGRAMME, thing=("person", "public_id"), methods=("POST",))
def send_again(request: HttpRequest, person: Person) -> HttpResponse:
    """Send the invitation once more, with another link."""
    actor = actor_of_request(request).id
    said = _("The invitation was sent again. The links sent before do not work any more.")
    return _done(request, person, said, partial(person_invitation_resend, actor=actor, person=person))


@page(PEOPLE_MANAGE, audience=PROGRAMME, thing=("person", "public_id"), methods=("POST",))
def sign_out(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign somebody out everywhere: a lost phone, a stolen laptop."""
    actor = actor_of_request(request).id
    return _done(request, person, _("Signed out everywhere."), partial(sessions_end, actor=actor, person=person))


@page(PEOPLE_MANAGE, audience=PROGRAMME, thing=("person", "public_id"), methods=BOTH)
def leave(request: HttpRequest, person: Person) -> HttpResponse:
    """Let somebody leave, after saying what will happen."""
    if request.method == "GET":
        return page_render(request, "people/leave.html", {"person": FOR_PROGRAMME.row(person)})
    said = _("Done: every access ended this moment.")
    return _done(request, person, said, partial(person_leave, actor=actor_of_request(request).id, person=person))


@page(PEOPLE_MANAGE, audience=PROGRAMME, thing=("person", "public_id"), methods=BOTH)
def invite_back(request: HttpRequest, person: Person) -> HttpResponse:
    """Invite somebody who left once more, after saying what will happen."""
    if request.method == "GET":
        return page_render(request, "people/return.html", {"person": FOR_PROGRAMME.row(person)})
    said = _("The invitation is on its way. The link in it works for 7 days.")
    return _done(request, person, said, partial(person_return, actor=actor_of_request(request).id, person=person))


def _done(request: HttpRequest, person: Person, said: str, service: Callable[..., Any]) -> HttpResponse:
    """Do it now and go back to her page, with what happened in a sentence."""
    try:
        service(at=timezone.now())
        messages.success(request, said)
    except BetterWorkError as error:
        messages.error(request, str(error))
    return redirect("people:person", person=person.public_id)
