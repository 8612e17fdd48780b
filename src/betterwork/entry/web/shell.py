"""What every page is given: the menu, who is signed in, where help is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.contributions.registry import MENU, person_names
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.checks import addresses
from betterwork.foundation.doors.pages import Door, actor_of_request
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.languages.known import LANGUAGES
from betterwork.foundation.notices.queries import unread_count
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.rules import display_name
from betterwork.modules.countries.queries import country_title
from betterwork.modules.registry.queries import simulated


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the navigation as the page shows it."""

    title: Any
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading; the first section has none."""

    title: Any
    items: list[Line]


_DOORS: dict[str, Door | None] = {}


def _door(url_name: str) -> Door | None:
    if not _DOORS:
        _DOORS.update({one.name: one.door for one in addresses()})
    return _DOORS.get(url_name)


@cache
def _url(name: str, urlconf: str | None) -> str:
    """The address of a line of the menu, which takes no arguments; none where there is no such page."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def menu_of(request: HttpRequest) -> list[Section]:
    """The navigation of this person: the pages whose own policies let her in, in the rooms' order."""
    actor = actor_of_request(request)
    sections: dict[str, Section] = {}
    for item in sorted(MENU, key=lambda one: (one.order, str(one.title))):
        door = _door(item.url_name)
        if door is None or not door.policy.may(actor):
            continue
        url = _url(item.url_name, get_urlconf())
        if not url:
            continue
        section = sections.setdefault(str(item.section), Section(item.section, []))
        section.items.append(Line(item.title, url, active=False))
    here = _here(sections.values(), request.path)
    return [_marked(section, here) for section in sections.values()]


def _here(sections: Iterable[Section], path: str) -> str:
    """The line that this page belongs to: the longest address that its own begins with."""
    urls = [line.url for section in sections for line in section.items]
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def _marked(section: Section, here: str) -> Section:
    return Section(section.title, [Line(line.title, line.url, line.url == here) for line in section.items])


def shell(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor. One query, for notices; none for a stranger; once for each request."""
    if not hasattr(request, "shell"):
        request.shell = _shell(request)  # type: ignore[attr-defined]
    found: dict[str, Any] = request.shell  # type: ignore[attr-defined]
    return found


def _shell(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of_request(request)
    given: dict[str, Any] = {
        "simulated": simulated(),
        "languages": LANGUAGES,
        "actor": actor,
        "help_url": _help_url(request),
        "bare": not actor.signed_in,
    }
    if actor.signed_in:
        given |= {
            "menu": menu_of(request),
            "person_name": _name(request, actor),
            "notices_url": reverse("notices:notices"),
            "notices_count": unread_count(actor.id),
            "person_menu": [
                {"title": _("Your account"), "url": reverse("people:me")},
                {"title": _("Your second step"), "url": reverse("mfa_index")},
                {"title": _("Where you are signed in"), "url": reverse("usersessions_list")},
            ],
            "scope_name": _scope_name(actor),
            "person_roles": sorted({str(ROLES[one.role].title) for one in actor.held}),
        }
    return given


def _name(request: HttpRequest, actor: Actor) -> str:
    """How she is called: of the account she signed in with, which the request has read already."""
    person = request.user
    if isinstance(person, Person) and person.public_id == actor.id:
        return display_name(person)
    return person_names([actor.id]).get(actor.id, "")


def _scope_name(actor: Actor) -> str:
    """The country one works for, when it is one only; nothing else fits into the bar."""
    countries = {one.scope.removeprefix("country:") for one in actor.held if one.scope.startswith("country:")}
    only = countries.pop() if len(countries) == 1 else ""
    try:
        return country_title(only) if only else ""
    except KeyError:  # a role over a country that has no programme
        return ""


def _help_url(request: HttpRequest) -> str:
    """The page of help about this page: named by the view, else the beginning."""
    match = request.resolver_match
    page = getattr(match.func, "help", "") if match else ""
    return reverse("help_page", kwargs={"name": page}) if page else reverse("help")
