"""Says who asks where a token is shown: `Authorization: Bearer bw_…`, on addresses of the API and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.api.middleware import PREFIX
from betterwork.foundation.doors.actor import STRANGER
from betterwork.foundation.doors.operations import SAFE
from betterwork.foundation.tokens.queries import actor_of_token, token_shown
from betterwork.foundation.tokens.services import token_used


class TokenMiddleware:
    """Stands behind the one that reads the session. A token shown counts instead of the cookie, even a bad one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out whose token it is, anew for each request, and pass on."""
        shown = request.headers.get("Authorization", "")
        if shown and request.path_info.startswith(PREFIX):
            _token_read(request, shown)
        return self.get_response(request)


def _token_read(request: HttpRequest, shown: str) -> None:
    at = timezone.now()
    scheme, _space, secret = shown.partition(" ")
    token = token_shown(secret.strip(), at) if scheme.lower() == "bearer" else None
    actor = actor_of_token(token, at) if token else STRANGER
    request.actor, request.by_token = STRANGER, False  # type: ignore[attr-defined]
    if token is None or not actor.signed_in:
        request.token_refused = _("This token does not count: it is unknown, over, or was ended.")  # type: ignore[attr-defined]
        return
    request.token_id = token.id  # type: ignore[attr-defined]
    if request.method not in SAFE and not token.writes:
        request.token_refused = _("This token reads only.")  # type: ignore[attr-defined]
        request.token_reads_only = True  # type: ignore[attr-defined]
        return
    request.actor, request.by_token = actor, True  # type: ignore[attr-defined]
    with suppress(OperationalError):  # a long write holds the database: the day is noted with the next request
        token_used(token=token, day=at.date())
