"""What must hold even if a check was forgotten: no view runs that declares no door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from betterwork.foundation.doors.pages import SPACES, URLS, actor_of_request


class DoorMiddleware:
    """Refuses views without a door, and guards those of packages, which cannot ask themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask the door of a package's URL; refuse a view that has none."""
        match = request.resolver_match
        name = match.view_name if match else ""
        door = URLS.get(name) or SPACES.get(name.partition(":")[0])
        if door is None:
            if getattr(view, "door", None) is None:
                raise Http404
            return None
        request.door = door  # type: ignore[attr-defined]
        actor = actor_of_request(request)
        if not actor.signed_in and not door.policy.open_to_strangers:
            return redirect_to_login(request.get_full_path())
        if not door.policy.may(actor):
            raise Http404
        return None
