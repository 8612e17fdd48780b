"""Two worlds that differ only in what a person may not see: she must be given the same bytes in both."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction

from betterwork.foundation.audiences.fields import audiences_of, stored_fields
from betterwork.foundation.audiences.names import NOBODY
from betterwork.foundation.doors.checks import addresses
from betterwork.foundation.doors.pages import Door
from betterwork.foundation.doors.policy import POLICIES, ThingPolicy
from tests.trust.canaries import TOKEN, Origin
from tests.trust.crawl import Given
from tests.trust.owners import Sight, persons_of
from tests.trust.planting import UNIQUE, Place, places, raw_update
from tests.trust.world import World

HIDDEN = "hidden"
"""With what every changed text begins; a search for it must find nothing in either world."""

NORMALISED = (
    (rb'(csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}', "The token against forged forms is masked anew for each page."),
    (rb"(X-CSRFToken&quot;: ?&quot;)[A-Za-z0-9]{64}", "The same token, where htmx sends it."),
    (rb"(/password/reset/key/)[A-Za-z0-9-]+", "A link to set a password is signed with the moment it was made at."),
    (rb"(/people/join/)[A-Za-z0-9:_-]+", "A link to join is signed with the moment it was made at."),
    (rb'(X-CSRFToken": ?")[A-Za-z0-9]{64}', "The same token, where htmx sends it."),
    (rb'(name="once" value=")[0-9a-f]{32}', "A form that counts once carries an id of its own, made by chance."),
    (rb'("request":")[0-9a-f]{32}', "A refusal of the API names the number of its request, made by chance."),
)
"""What may differ in a page, and why. Each pattern keeps its first group and drops the rest."""
HEADERS_LEFT_OUT = {
    "x-request-number": "A request has a number of its own, made by chance.",
    "expires": "Pages that no cache may keep say so with the moment of the machine's clock.",
    "ratelimit": "The API says how often one may still ask: it counts what was asked before.",
    "set-cookie": "Cookies carry the token against forged forms.",
}


def normalised(given: Given) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """What of an answer is compared."""
    body = given.body
    for pattern, _reason in NORMALISED:
        body = re.sub(pattern, rb"\1", body)
    headers = tuple((name, value) for name, value in given.headers if name.lower() not in HEADERS_LEFT_OUT)
    return given.status, headers, body


COPIES = {"assessments.Assessment": "assessments.verify"}
"""Models whose columns repeat what is sealed, and the policy of those who verify it: to them another value is damage,
which they are to be told. To everybody else they are varied like all others."""


def vary(world: World, word: str) -> dict[str, int]:
    """Change every value that this person may not see; return how many of each field were changed."""
    sight = world.sight(word)
    world.varied = True
    changed: dict[str, int] = {}
    all_words = _all_words()
    by_model: dict[type[models.Model], list[Place]] = {}
    named = [one.door for one in addresses() if one.door and one.door.thing]
    for place in list(places()):
        verified = COPIES.get(place.model._meta.label)
        if verified and POLICIES[verified].may(sight.actor):
            continue
        if not place.empty and place.reason not in {"key", "choice", "code"} and not _is_in_addresses(place, named):
            by_model.setdefault(place.model, []).append(place)
    for model, found in by_model.items():
        related = [one.name for one in stored_fields(model) if one.is_relation and not one.many_to_many]
        for row in model._base_manager.select_related(*related):
            hidden = [one for one in found if _is_hidden(one, row, sight) and not _lets_her_in(row, one, world, word)]
            for place in _changed(row, hidden, all_words):
                changed[str(place)] = changed.get(str(place), 0) + 1
    return changed


def _is_in_addresses(place: Place, doors: list[Door]) -> bool:
    """Whether pages are called by a field: with another value, it would be another page that is asked for."""
    return any(
        isinstance(one.policy, ThingPolicy)
        and one.policy.model is place.model
        and one.thing is not None
        and one.thing[1] == place.field.name
        for one in doors
    )


def _is_hidden(place: Place, row: models.Model, sight: Sight) -> bool:
    origin = Origin(place.model, place.field.name, row.pk, audiences_of(place.model, place.field.name))
    if not sight.audience_fits(origin, row):
        return True
    return not (sight.reaches(origin, row) or str(place) == "people.Person.name")


def _lets_her_in(row: models.Model, place: Place, world: World, word: str) -> bool:
    """What the doors themselves ask: her session, her second factor, the hash of her password."""
    if isinstance(row, Session):
        return True
    mine = world.sight(word).actor.id in persons_of(row)
    return mine and audiences_of(place.model, place.field.name) == NOBODY


_NUMBER = [0]


def _changed(row: models.Model, hidden: list[Place], all_words: str) -> list[Place]:
    """Change the values that can be others without the row being another, all at once; return which.

    Moments move together by a day, so that what the table asks of them holds. Where it does not, texts alone change.
    """
    values = {one.field.attname: _other(one, getattr(row, one.field.attname), all_words) for one in hidden}
    values = {name: value for name, value in values.items() if value not in (None, getattr(row, name))}
    texts = {name: value for name, value in values.items() if isinstance(value, str | dict | list | bytes)}
    for some in (values, texts):
        try:
            with transaction.atomic(using=type(row)._base_manager.db):
                raw_update(row, some)
        except IntegrityError:
            continue
        return [one for one in hidden if one.field.attname in some]
    return []


def _other(place: Place, value: Any, all_words: str) -> Any:
    """Another value of the same kind; None for what stays: yes or no, words of the program, ciphertext."""
    if value in (None, "", [], {}) or isinstance(value, bool):
        return None
    if isinstance(value, bytes | memoryview):
        return _other_bytes(bytes(value))
    if place.reason == "sealed":
        return None
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, int | float | Decimal):
        return value + 1
    if isinstance(value, dict | list):
        return _other_json(value)
    if isinstance(value, str) and place.reason == "word":
        return value[::-1] if UNIQUE.fullmatch(value.lstrip("!")) and all_words.count(value) < 2 else None
    return _other_text(place.field, value) if isinstance(value, str) else None


def _other_bytes(value: bytes) -> bytes | None:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return TOKEN.sub(lambda found: f"{HIDDEN[:2]}{found[0][2:]}", text).encode() if TOKEN.search(text) else None


def _other_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _other_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_other_json(one) for one in value]
    return f"{HIDDEN} {_next()}" if isinstance(value, str) and (" " in value or TOKEN.search(value)) else value


def _other_text(field: models.Field[Any, Any], value: str) -> str:
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.77"
    if isinstance(field, models.EmailField):
        return f"{HIDDEN}{_next()}@planted.example"
    if isinstance(field, models.URLField):
        return f"https://planted.example/{HIDDEN}{_next()}"
    return f"{HIDDEN} {_next()}"[: field.max_length or 1000]


def _all_words() -> str:
    """Every single word that is stored. What stands there more than once, also in another, is how a thing is called."""
    found: list[str] = []
    for place in places():
        if place.reason in {"word", "key"} and isinstance(place.field, models.CharField | models.TextField):
            rows = place.model._base_manager.values_list(place.field.attname, flat=True)
            found += {str(value) for value in rows if value}
    return "\n".join(found)


def _next() -> int:
    _NUMBER[0] += 1
    return _NUMBER[0]


def difference(one: Given, other: Given) -> str:
    """Where two answers part, in one line; empty when they are the same."""
    first, second = normalised(one), normalised(other)
    if first == second and first[0] < 500:
        return ""
    if first[0] != second[0] or first[0] >= 500:
        return f"{one.place}: answered {first[0]} and {second[0]} {other.fault}"
    if first[1] != second[1]:
        parts = set(first[1]) ^ set(second[1])
        return f"{one.place}: other headers: {sorted(parts)}"
    at = next((n for n, pair in enumerate(zip(first[2], second[2], strict=False)) if pair[0] != pair[1]), 0)
    begin = max(at - 60, 0)
    return f"{one.place}: {first[2][begin : at + 60]!r} is {second[2][begin : at + 60]!r} in the other world"
