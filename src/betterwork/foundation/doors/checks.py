"""The start stops where a URL or an operation of the API declares no door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from betterwork.foundation.doors.operations import operations
from betterwork.foundation.doors.pages import Door, door_of


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern: its name with its namespace, its route as typed, its view."""

    name: str
    route: str
    view: Any

    @property
    def door(self) -> Door | None:
        """What was declared of it."""
        return door_of(self.name, self.view)


def addresses(resolver: URLResolver | None = None, route: str = "/", space: str = "") -> Iterator[Address]:
    """Every URL of the platform."""
    for one in (resolver or get_resolver()).url_patterns:
        here = route + str(one.pattern).removeprefix("^").removesuffix("$")
        if isinstance(one, URLResolver):
            yield from addresses(one, here, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield Address(f"{space}{one.name or ''}", here, one.callback)


def without_door() -> list[str]:
    """One line for each URL and operation for which nobody said who may enter."""
    pages = [
        f"{one.route} ({one.name or 'no name'}) declares no door: put @page(policy, audience=…) above its view"
        for one in addresses()
        if one.door is None
    ]
    asked = [
        f"{one.method} {one.route} of the API declares no door: put @operation(policy, audience=…) below its route"
        for one in operations()
        if one.door is None
    ]
    return pages + asked


def doors_check(**_: Any) -> list[CheckMessage]:
    """One error for each URL without a door."""
    return [Error(line, id="doors.E001") for line in without_door()]


def doors_required() -> None:
    """Stop the start of a server. Raises ImproperlyConfigured with every URL that has no door."""
    from betterwork.foundation.audiences.checks import audiences_check

    faults = [*without_door(), *(str(message.msg) for message in audiences_check())]
    if faults:
        raise ImproperlyConfigured("the platform does not start:\n" + "\n".join(faults))
