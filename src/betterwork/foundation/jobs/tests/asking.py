"""Who asks, as a test says it: a middleware in the place of the one that looks it up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from betterwork.foundation.doors.actor import STRANGER, Actor, Held

WHO: list[Actor] = [STRANGER]
INSTEAD_OF = "betterwork.foundation.access.middleware.ActorMiddleware"


class AsTold:
    """Sets ``request.actor`` to the one the test named."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = WHO[0]  # type: ignore[attr-defined]
        return self.get_response(request)


def holding(role: str, scope: str = "world") -> Actor:
    """Somebody with one role."""
    return Actor("p-one", frozenset({Held(role, scope)}))
