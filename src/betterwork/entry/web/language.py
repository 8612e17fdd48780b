"""Choosing a language: kept in a cookie for this device, and in the account of who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.doors.pages import actor_of_request, page
from betterwork.foundation.doors.policy import EVERYBODY_MAY
from betterwork.foundation.languages.cookie import language_remembered
from betterwork.foundation.people.services import person_language_set


@page(EVERYBODY_MAY, audience=PUBLIC, methods=("POST",))
def language_set(request: HttpRequest) -> HttpResponse:
    """Remember the language and go back to the page."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    answer = HttpResponseRedirect(back)
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        language_remembered(answer, wanted)
        actor = actor_of_request(request)
        if actor.signed_in:
            person_language_set(person_id=actor.id, language=wanted)
    return answer
