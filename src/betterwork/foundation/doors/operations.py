"""Doors of the API's operations: declared beside each, like those of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.responses import Status
from ninja.utils import check_csrf

from betterwork.foundation.audiences.names import EVERYBODY
from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.doors.pages import Door, actor_of_request, nul_in, refuse_leaks, thing_found
from betterwork.foundation.doors.policy import Policy, ThingPolicy

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


def operation(
    policy: Policy, *, audience: str, thing: tuple[str, str] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the door of an operation; stands below ``@router.get(...)``.

    A stranger gets 401, whom the policy does not let in 404. With ``thing`` (argument, field) the function receives
    the row found among those visible to the actor. What it returns are rows of the door's audience and plain values;
    rows become objects. Raises ValueError at import for an audience that is none, or a thing without a policy over a
    model.
    """
    if audience not in EVERYBODY:
        raise ValueError(f"no audience is called {audience}")
    if thing is not None and not isinstance(policy, ThingPolicy):
        raise ValueError(f"{policy.name} says nothing of rows, and the operation leads to one")
    door = Door(policy, audience, thing)

    def declared(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def behind_its_door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            thing_row = entered(request, door, kwargs)
            if thing is not None:
                kwargs[thing[0]] = thing_row
            found = function(request, *args, **kwargs)
            body = found.value if isinstance(found, Status) else found
            refuse_leaks(body, audience=audience, where=f"the operation {function.__name__}")
            plain = _plain(body)
            return Status(found.status_code, plain) if isinstance(found, Status) else plain

        behind_its_door.door = door  # type: ignore[attr-defined]
        # Ninja reads names in annotations among those of the wrapper's module: they are read here, among the room's.
        behind_its_door.__signature__ = signature(function, eval_str=True)  # type: ignore[attr-defined]
        return behind_its_door

    return declared


def entered(request: HttpRequest, door: Door, path: Mapping[str, Any]) -> Any:
    """Let somebody through the door of an operation, before anything of what was sent is read; the thing it leads to.

    Asked again within one request it looks nothing up a second time. Raises HttpError and Http404.
    """
    known = getattr(request, "entered", None)
    if known is not None and known[0] is door:
        return known[1]
    actor = actor_of_request(request)
    if not actor.signed_in and not door.policy.open_to_strangers:
        raise HttpError(401, "Sign in, or send a token.")
    # A browser sends its cookie along with a form of anybody's: what changes something needs the token too.
    # Who shows a token of her own in a header was not led here by a form.
    changes = request.method not in SAFE and actor.signed_in and not by_token(request)
    if changes and check_csrf(request, entered) is not None:
        raise HttpError(403, "The CSRF token is missing or wrong.")
    if not door.policy.may(actor) or nul_in(path):
        raise HttpError(404, "There is nothing here.")
    found = thing_found(door, actor, path[door.thing[0]]) if door.thing else None
    request.door, request.entered = door, (door, found)  # type: ignore[attr-defined]
    return found


def by_token(request: HttpRequest) -> bool:
    """Whether who asks showed a token, and no cookie counted. The room of tokens says so on the request."""
    return bool(getattr(request, "by_token", False))


def operations() -> Iterator[Operation]:
    """Every operation of every API."""
    for api in APIS:
        for prefix, router in api._routers:
            for route, view in router.path_operations.items():
                for one in view.operations:
                    for method in one.methods:
                        yield Operation(method, "/" + f"{prefix}{route}".lstrip("/"), one.view_func)


def _plain(found: Any) -> Any:
    if isinstance(found, Promise):  # words that wait for a language: that of this request
        return str(found)
    if isinstance(found, Row):
        return {name: _plain(value) for name, value in found.as_dict().items()}
    if isinstance(found, dict):
        return {name: _plain(value) for name, value in found.items()}
    return [_plain(one) for one in found] if isinstance(found, list | tuple) else found
