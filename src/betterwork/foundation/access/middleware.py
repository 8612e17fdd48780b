"""Says with each request who asks, and leaves a trace of each one made with a role taken for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from betterwork.foundation.access.queries import NO_ACCESS, access_of, scopes_remembered
from betterwork.foundation.access.taking import elevated_request_note
from betterwork.foundation.people.models import Person

READS = frozenset({"GET", "HEAD"})


class ActorMiddleware:
    """Sets ``request.actor`` anew for each request, so that what ended a moment ago has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out who asks, and pass on. One query for who is signed in, none for a stranger."""
        person = request.user if isinstance(request.user, Person) else None
        request.access = access_of(person, timezone.now()) if person else NO_ACCESS  # type: ignore[attr-defined]
        request.actor = request.access.actor  # type: ignore[attr-defined]
        if request.method in READS:
            with scopes_remembered():
                return self.get_response(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Write down which page and which thing an elevated person asks for, before she is given it."""
        access = request.access  # type: ignore[attr-defined]
        if not access.elevations:
            return
        match = request.resolver_match
        elevated_request_note(
            actor=access.actor.id,
            elevations=access.elevations,
            route=(match.view_name or match.route) if match else "",
            key="/".join(str(one) for one in (*args, *kwargs.values())),
            at=timezone.now(),
        )
