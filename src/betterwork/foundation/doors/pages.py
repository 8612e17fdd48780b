"""Doors of pages: what is declared beside a view, and what is refused before and after it runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render

from betterwork.foundation.audiences.names import EVERYBODY
from betterwork.foundation.doors.actor import STRANGER, Actor
from betterwork.foundation.doors.audience_table import audiences_for
from betterwork.foundation.doors.leaks import refuse_leaks as refuse_leaks
from betterwork.foundation.doors.policy import Policy, ThingPolicy

View = Callable[..., HttpResponseBase]
Reading = Callable[[QuerySet[Any], Actor], QuerySet[Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class Door:
    """What is declared of a URL, an operation or a command."""

    policy: Policy
    audience: str
    """Whom what lies behind is made for; rows of another audience are refused."""
    thing: tuple[str, str] | None = None
    """(argument of the view, field by which the thing is found among those visible to the actor)."""
    methods: tuple[str, ...] = ("GET",)
    why: str = ""
    """For doors of packages: why this policy."""
    reading: Reading | None = None
    """What else is read with the thing, by the same question: it adds to the rows visible, and shows no others."""


URLS: dict[str, Door] = {}
"""Doors of URLs that packages bring, by the URL's name."""
SPACES: dict[str, Door] = {}
"""Doors of whole namespaces of URLs behind which something smaller asks for itself: the API's operations."""


def declare_url(name: str, policy: Policy, *, audience: str, methods: tuple[str, ...] = ("GET",), why: str) -> None:
    """Say who may enter a URL of a package, by its name (with its namespace)."""
    URLS[name] = Door(policy, audience, methods=methods, why=why)


def declare_space(name: str, policy: Policy, *, audience: str, why: str) -> None:
    """The same for every URL of a namespace."""
    SPACES[name] = Door(policy, audience, methods=("GET", "POST", "PUT", "PATCH", "DELETE"), why=why)


def door_of(name: str, view: Any) -> Door | None:
    """The door of a URL: declared by its name, for its namespace, or beside its view."""
    return URLS.get(name) or SPACES.get(name.partition(":")[0]) or getattr(view, "door", None)


def page(
    policy: Policy,
    *,
    audience: str,
    thing: tuple[str, str] | None = None,
    methods: tuple[str, ...] = ("GET",),
    reading: Reading | None = None,
) -> Callable[[View], View]:
    """Declare the door of a view.

    Who is not signed in is asked to sign in; whom the policy does not let in gets 404, as if there were nothing.
    With ``thing`` the view receives, under that argument, the row found among those visible to the actor, with what
    ``reading`` adds to it: related rows, annotations. Raises ValueError at import for an audience that is none, or a
    thing without a policy over a model.
    """
    if audience not in EVERYBODY:
        raise ValueError(f"no audience is called {audience}")
    if (thing is not None) != isinstance(policy, ThingPolicy) and thing is not None:
        raise ValueError(f"{policy.name} says nothing of rows, and the page leads to one")
    door = Door(policy, audience, thing, methods, reading=reading)

    def declared(view: View) -> View:
        @wraps(view)
        def behind_its_door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            actor = actor_of_request(request)
            if not actor.signed_in and not policy.open_to_strangers:
                return redirect_to_login(request.get_full_path())
            if not policy.may(actor) or nul_in(kwargs):
                raise Http404
            request.door = door  # type: ignore[attr-defined]
            if thing is not None:
                kwargs[thing[0]] = thing_found(door, actor, kwargs[thing[0]])
            return view(request, *args, **kwargs)

        behind_its_door.door = door  # type: ignore[attr-defined]
        return behind_its_door

    return declared


def nul_in(path: Mapping[str, Any]) -> bool:
    """Whether an address names something with a NUL in it: nothing is called so, and PostgreSQL would fail."""
    return any(isinstance(one, str) and "\x00" in one for one in path.values())


def thing_found(door: Door, actor: Actor, key: Any) -> Model:
    """The thing a door leads to, among those visible to the actor. Raises Http404 for any other."""
    assert door.thing is not None and isinstance(door.policy, ThingPolicy)
    try:
        rows = door.policy.visible_to(actor).filter(**{door.thing[1]: key})
        found = (door.reading(rows, actor) if door.reading else rows).first()
    except (ValueError, TypeError, ValidationError, DataError) as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def actor_of_request(request: HttpRequest) -> Actor:
    """Who asks; a stranger where no middleware has said."""
    actor = getattr(request, "actor", STRANGER)
    assert isinstance(actor, Actor)
    return actor


def page_render(
    request: HttpRequest, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page from plain values, forms and rows of its door's audience; :class:`Leak` for anything else."""
    values = dict(values or {})
    belongs = audiences_for(actor_of_request(request))
    refuse_leaks(values, audience=request.door.audience, belongs=belongs)  # type: ignore[attr-defined]
    return render(request, template, values, status=status)
