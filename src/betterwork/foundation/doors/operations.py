"""Doors of the API's operations: declared beside each, like those of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.utils import check_csrf

from betterwork.foundation.audiences.names import EVERYBODY
from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.doors.pages import Door, actor_of_request, refuse_leaks
from betterwork.foundation.doors.policy import Policy

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
APIS: list[NinjaAPI] = []
"""The APIs whose operations the start looks at."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an API: its method and route as typed, its function."""

    method: str
    route: str
    function: Any

    @property
    def door(self) -> Door | None:
        """What was declared of it."""
        return getattr(self.function, "door", None)


def operation(policy: Policy, *, audience: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the door of an operation; stands below ``@api.get(...)``.

    A stranger gets 401, whom the policy does not let in 404. What it returns are rows of the door's audience and
    plain values; rows become objects. Raises ValueError at import for an audience that is none.
    """
    if audience not in EVERYBODY:
        raise ValueError(f"no audience is called {audience}")
    door = Door(policy, audience)

    def declared(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def behind_its_door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor = actor_of_request(request)
            if not actor.signed_in and not policy.open_to_strangers:
                raise HttpError(401, "Sign in, or send a token.")
            # A browser sends its cookie along with a form of anybody's: what changes something needs the token too.
            if request.method not in SAFE and check_csrf(request, function) is not None:
                raise HttpError(403, "The CSRF token is missing or wrong.")
            if not policy.may(actor):
                raise HttpError(404, "There is nothing here.")
            request.door = door  # type: ignore[attr-defined]
            found = function(request, *args, **kwargs)
            refuse_leaks(found, audience=audience, where=f"the operation {function.__name__}")
            return _plain(found)

        behind_its_door.door = door  # type: ignore[attr-defined]
        return behind_its_door

    return declared


def operations() -> Iterator[Operation]:
    """Every operation of every API."""
    for api in APIS:
        for prefix, router in api._routers:
            for route, view in router.path_operations.items():
                for one in view.operations:
                    for method in one.methods:
                        yield Operation(method, "/" + f"{prefix}{route}".lstrip("/"), one.view_func)


def _plain(found: Any) -> Any:
    if isinstance(found, Row):
        return {name: _plain(value) for name, value in found.as_dict().items()}
    if isinstance(found, dict):
        return {name: _plain(value) for name, value in found.items()}
    return [_plain(one) for one in found] if isinstance(found, list | tuple) else found
