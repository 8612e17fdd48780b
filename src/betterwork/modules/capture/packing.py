"""What a device takes along for one visit: everything that is needed for days without a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.capture.fields import CAUSES
from betterwork.core.errors import WrongUse
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.people.queries import names_of
from betterwork.modules.capture.declaring import history_of
from betterwork.modules.capture.models import Capture
from betterwork.modules.capture.of_visits import Visit
from betterwork.modules.capture.settings_of import rules_package
from betterwork.modules.capture.syncing import tool_asked
from betterwork.modules.capture.tools import LANGUAGE, tool_on, tool_package
from betterwork.modules.countries.queries import country_title, setting_parts
from betterwork.modules.registry.queries import factory_facts


def visit_packed(visit: Visit) -> dict[str, Any]:
    """The visit as its team knows it."""
    return {
        "visit": visit.key,
        "kind": visit.kind,
        "country": visit.country,
        "country_name": country_title(visit.country),
        "factory": visit.factory.name,
        "factory_key": f"{visit.country}/{visit.factory.outside_id}",
        "place": places_of([visit]).get(visit.factory.pk, ""),
        "first_day": visit.first_day.isoformat(),
        "last_day": visit.last_day.isoformat(),
        "arrived": visit.arrived_at is not None,
    }


def places_of(visits: Sequence[Visit]) -> dict[int, str]:
    """Factory → the town in which it is now."""
    found = factory_facts({one.factory.pk for one in visits})
    return {one.id: one.towns[-1] for one in found if one.towns}


def languages_of(visit: Visit) -> list[str]:
    """The languages in which the tool can be taken: its own, and those of the country's programme."""
    try:
        own = setting_parts(visit.country, "languages", visit.first_day)
    except KeyError:
        own = ()
    return list(dict.fromkeys([LANGUAGE, *own]))


def assignments_packed(visits: Sequence[Visit], captures: dict[str, str]) -> list[dict[str, Any]]:
    """The visits that somebody may take, as a device lists them; ``captures``: visit → capture, where there is one."""
    places = places_of(visits)
    return [
        {
            "visit": one.key,
            "country": one.country,
            "factory": one.factory.name,
            "place": places.get(one.factory.pk, ""),
            "kind": one.kind,
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
            "arrived": one.arrived_at is not None,
            "capture": captures.get(one.key),
            "tool": _tool_words(one),
            "languages": languages_of(one),
        }
        for one in visits
    ]


def _tool_words(visit: Visit) -> str | None:
    try:
        version = tool_on(visit.country, visit.first_day).version
    except WrongUse:
        return None
    return f"{version.tool} {version.version}"


def package(*, actor: Actor, capture: Capture, visit: Visit, languages: Sequence[str]) -> dict[str, Any]:
    """All of it, as plain values."""
    names = names_of(visit.team)
    tool = tool_asked(capture)
    return {
        "capture": capture.pk,
        "visit": visit_packed(visit),
        "team": [{"id": one, "name": names.get(one) or _("A colleague")} for one in visit.team],
        "me": actor.id,
        "tool": tool_package(tool, country=capture.country, languages=languages),
        "history": [
            {"question": code, "determination": determination, "on": on.isoformat()}
            for code, determination, on in history_of(visit.factory.pk, visit.first_day)
        ],
        "actions": [],
        "rules": rules_package(capture.country, visit.first_day),
        "causes": [{"code": one.code, "name": one.name, "explained": one.explained} for one in CAUSES],
    }
