"""Leads whoever needs a second step to where it is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from betterwork.foundation.doors.pages import actor_of_request

OPEN_BEFORE = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_change_password",
        "account_set_password",
        "usersessions_list",
        "set_language",
        "help",
        "help_page",
        "health_live",
        "health_ready",
        "people:me",
        "people:me_export",
        "people:me_kept",
        "access:mine",
    }
)
"""What is open to her before: what she needs to set it up, to leave, and what is her own. All of ``mfa_…`` besides."""


class SecondFactorMiddleware:
    """Stands after the one that says who asks. Until then her roles count for nothing; this says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer with the way to the set-up, in the form in which the page was asked for."""
        if not actor_of_request(request).needs_second_factor:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_BEFORE or name.startswith("mfa_"):
            return None
        setup = reverse("mfa_index")
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": setup})
        if not request.accepts("text/html"):
            return JsonResponse({"detail": _("Set up your second step first.")}, status=403)
        return HttpResponseRedirect(setup)
