"""The page behind the link of an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.doors.pages import page, page_render
from betterwork.foundation.doors.policy import EVERYBODY_MAY
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.people.links import LinkRefused, invitation_person
from betterwork.foundation.people.presentations import FOR_HERSELF
from betterwork.foundation.people.services import person_join
from betterwork.foundation.people.web.forms import JoinForm


@page(EVERYBODY_MAY, audience=OWN_PERSON, methods=("GET", "POST"))
@sensitive_post_parameters()
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Set name, language and password. Whoever has the link is the person it was sent to.

    Opening it changes nothing: programs that look at mails open links too.
    """
    at = timezone.now()
    try:
        person = invitation_person(token, at)
    except LinkRefused as error:
        return page_render(request, "people/link_refused.html", {"why": str(error)}, status=410)
    data = request.POST if request.method == "POST" else None
    language = language_of(person.language or get_language()).code
    with translation.override(language if data is None else get_language()):
        form = JoinForm(data, person=person, initial={"name": person.name, "language": language})
        if data is not None and form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("name", "language", "password")}
            try:
                person_join(actor=person.public_id, person=person, at=at, **given)
            except BetterWorkError as error:
                form.add_error(None, str(error))
            else:
                logout(request)  # somebody else may be signed in on this device
                messages.success(request, _("Your account is ready. Sign in with your address and password."))
                return redirect("account_login")
        return page_render(request, "people/join.html", {"form": form, "person": FOR_HERSELF.row(person)})
