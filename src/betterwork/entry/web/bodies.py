"""How much may be sent with a request. Django limits forms, but writes whatever file comes with one to the disk."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from betterwork.foundation.doors.pages import actor_of_request
from betterwork.foundation.files.settings_of import size_limit

STRANGERS = FORM = 1_000_000
"""Bytes: what somebody who is not signed in may send, and what a form may weigh beside the file in it."""


class BodyLimitMiddleware:
    """Refuses what is too large before anything of it is read. Stands after the one that says who asks, and works
    before any ``process_view``: the look for the CSRF token reads the whole form, with its files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or answer 413. Without a length Django reads nothing."""
        most = size_limit() + FORM if actor_of_request(request).signed_in else STRANGERS
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit() and len(length) < 20 and int(length) <= most):
            words = _("This file is too large: %(most)s MB at most. Make it smaller and choose it again.")
            return HttpResponse(
                words % {"most": most // 1_000_000}, status=413, content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)
