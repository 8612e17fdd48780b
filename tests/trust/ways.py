"""Every URL of the platform with arguments for it: things of the world, samples, and what nobody should type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

from django.db import models

from betterwork.foundation.doors.checks import Address, addresses
from betterwork.foundation.doors.operations import Operation, operations
from betterwork.foundation.doors.pages import Door
from betterwork.foundation.doors.policy import ThingPolicy
from tests.trust.filling import AT

_ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<path>\w+)>|\(\?P<(?P<regex>\w+)>(?:[^()]|\([^()]*\))*\)")
MOST_ROWS = 40
NOW = AT + timedelta(hours=1)
"""The moment at which everything is asked for."""


class NoArgument(LookupError):
    """A URL takes an argument and nobody said what could stand there."""


@dataclass(frozen=True, slots=True)
class Way:
    """One address to ask for."""

    address: Address
    url: str
    row: models.Model | None = None
    """The thing it leads to, where its door names one."""
    holder: str = ""
    """Whose link it is, where the address itself is what a mail gave to one person: whoever has it is taken for her."""

    def __str__(self) -> str:
        return f"{self.url} ({self.address.name})"


def _help_pages() -> list[str]:
    return ["reference/glossary", "explanation/trust"]


def _second_factors() -> list[Any]:
    from allauth.mfa.models import Authenticator

    return list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)[:2])


def _digests() -> list[Any]:
    from betterwork.foundation.documents.models import SealedDocument

    return [*SealedDocument.objects.order_by("pk").values_list("digest", flat=True)[:2], "0" * 64]


def _drafts() -> list[Any]:
    from betterwork.modules.instruments.models import ToolDraft

    return [*ToolDraft.objects.filter(state="submitted").values_list("key", flat=True)[:1]]


@dataclass(frozen=True, slots=True)
class Link:
    """A part of an address that was mailed to one person and proves that one is she."""

    text: str
    holder: str

    def __str__(self) -> str:
        return self.text


def _invitations() -> list[Any]:
    from urllib.parse import urlsplit

    from betterwork.foundation.people.links import invitation_url
    from betterwork.foundation.people.models import Person

    invited = Person.objects.filter(state=Person.INVITED)
    found = [(urlsplit(invitation_url(one, NOW)).path.strip("/").rpartition("/")[2], one) for one in invited]
    return [Link(token, one.public_id) for token, one in found] + ["no-such-link"]


SAMPLES: dict[tuple[str, str], Callable[[], list[Any]]] = {
    ("people:join", "token"): _invitations,
    ("help_page", "name"): _help_pages,
    ("account_confirm_email", "key"): lambda: ["no-such-key"],
    ("account_reset_password_from_key", "uidb36"): lambda: ["1"],
    ("account_reset_password_from_key", "key"): lambda: ["no-such-key"],
    ("mfa_remove_webauthn", "pk"): _second_factors,
    ("mfa_edit_webauthn", "pk"): _second_factors,
    ("api:document", "digest"): _digests,
    ("instruments:", "tool"): lambda: ["garment"],
    ("api:version", "tool"): lambda: ["garment"],
    ("instruments:", "version"): lambda: ["2009"],
    ("api:version", "version"): lambda: ["2009"],
    ("instruments:", "older"): lambda: ["2009"],
    ("instruments:", "newer"): lambda: ["2014"],
    ("instruments:", "form"): lambda: ["yaml", "xlsx"],
    ("instruments:", "level"): lambda: ["point"],
    ("instruments:question", "code"): lambda: ["OSH-8-07"],
    ("instruments:draft_put", "draft"): _drafts,
    ("countries:", "name"): lambda: ["visit_days"],
    ("staff:", "kind"): lambda: ["language", "conflict"],
    ("api:coverage", "country"): lambda: ["VN", "JO"],
    ("api:due", "country"): lambda: ["VN", "JO"],
    ("alerts:step", "step"): lambda: ["take", "reopen", "no-such-step"],
    ("alerts:", "country"): lambda: ["VN", "JO"],
    ("capture:app_words", "language"): lambda: ["en", "km"],
}
"""(URL or room, argument) → what may stand there, for arguments that no door explains as a thing."""
OF_THE_THING: dict[tuple[str, str], Callable[[Any], list[Any]]] = {
    ("countries:withdraw", "state"): lambda one: list(
        one.states.filter(withdrawn_at__isnull=True).order_by("-pk").values_list("pk", flat=True)[:1]
    ),
    ("organisations:leave", "membership"): lambda one: list(one.lies_in.values_list("pk", flat=True)[:1]),
    ("instruments:draft_label", "code"): lambda one: list(one.questions.values_list("point_code", flat=True)[:1]),
    **dict.fromkeys(
        [("capture:file", "sha256"), *((f"api:file_{what}", "sha256") for what in ("send", "read", "progress"))],
        lambda one: list(one.uploads.filter(file__isnull=False).values_list("sha256", flat=True)[:1]),
    ),
    ("instruments:", "code"): lambda one: list(one.questions.values_list("code", flat=True)[:1]),
}
"""(URL or room, argument) → what may stand there beside the thing that the door leads to."""


def arguments_of(address: Address) -> list[str]:
    """The names of the arguments of a URL, in their order."""
    return [one["path"] or one["regex"] for one in _ARGUMENT.finditer(address.route)]


def url_of(address: Address, given: dict[str, Any]) -> str:
    """The address as it is typed. Nothing is checked: what should not fit stands there too."""

    def put(found: re.Match[str]) -> str:
        value = str(given[found["path"] or found["regex"]])
        return quote(value, safe="/" if found["converter"] == "path" else "")

    route = _ARGUMENT.sub(put, address.route)
    return route if "<" in address.route and "(?P" not in address.route else re.sub(r"\\(.)|\\Z", r"\1", route)


def ways() -> list[Way]:
    """Every URL with every thing it can lead to, visible or not; without those of ``unknown_arguments``."""
    found = []
    for address in addresses():
        try:
            found += list(ways_of(address))
        except NoArgument:
            continue
    return found


def unknown_arguments() -> list[str]:
    """One line for each URL of which nobody said what could stand in it; a test fails for it by name."""
    lines = []
    for address in addresses():
        try:
            list(ways_of(address))
        except NoArgument as error:
            lines.append(str(error))
    return lines


def ways_of(address: Address) -> Iterator[Way]:
    """One URL with everything that can stand in it."""
    names = arguments_of(address)
    door = door_asked(address)
    thing = door.thing if door else None
    of_thing = {name: found for name in names if (found := _said_of(OF_THE_THING, address, name))} if thing else {}
    choices: list[list[tuple[Any, models.Model | None]]] = []
    for name in names:
        if thing and door and name == thing[0] and isinstance(door.policy, ThingPolicy):
            choices.append([(_value(row, thing[1]), row) for row in _rows(door.policy.model)])
        elif name not in of_thing:
            choices.append([(value, None) for value in samples_of(address, name)])
    plain = [name for name in names if name not in of_thing]
    for chosen in product(*choices):
        rows = [row for _value_, row in chosen if row is not None]
        given = dict(zip(plain, (value for value, _row in chosen), strict=True))
        for more in product(*(found(rows[0]) for found in of_thing.values())):
            yield _way(address, {**given, **dict(zip(of_thing, more, strict=True))}, rows)


def _way(address: Address, given: dict[str, Any], rows: list[models.Model]) -> Way:
    holders = [value.holder for value in given.values() if isinstance(value, Link)]
    return Way(address, url_of(address, given), rows[0] if rows else None, "".join(holders))


def _said_of(table: dict[tuple[str, str], Any], address: Address, name: str) -> Any:
    """What a table says of an argument of one URL, or of all URLs of its room."""
    room = f"{address.name.partition(':')[0]}:"
    return table.get((address.name, name)) or table.get((room, name))


def door_asked(address: Address) -> Door | None:
    """The door that is asked: of the API's addresses that of their operation, which says what they lead to."""
    if not address.name.startswith("api:"):
        return address.door
    wanted = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", address.route).strip("/")
    found = [one.door for one in operations() if one.door and operation_route(one) == wanted]
    return next((door for door in found if door.thing), address.door)


def operation_route(one: Operation) -> str:
    """The route of an operation as its address is written."""
    return ("api/v1" + re.sub(r"{(?:\w+:)?(\w+)}", r"<\1>", one.route)).strip("/")


def samples_of(address: Address, name: str) -> list[Any]:
    """What may stand for an argument that no door explains: a sample, or the keys of a model that is called so."""
    found = _said_of(SAMPLES, address, name)
    if found is not None:
        return found()
    model = _model_called(name, address)
    if model is not None:
        return [row.pk for row in _rows(model)]
    raise NoArgument(
        f"{address.route} ({address.name}) takes {name}, and nobody knows what could stand there: let its door name it "
        f"as the thing it leads to, or add ({address.name!r}, {name!r}) to SAMPLES in tests/trust/ways.py"
    )


GARBAGE = [
    "-1",
    "0",
    "9" * 30,
    "ünï-ក្មេង-عمان",
    "\x00",
    "../..",
    "%2e%2e%2f",
    "'\"><script>",
    "a" * 3000,
    " ",
    "\ud83d",
]
"""What stands in an address that somebody typed or made up."""


def garbled(address: Address) -> list[Way]:
    """A URL with nonsense in place of its arguments."""
    names = arguments_of(address)
    found = []
    for word in GARBAGE:
        typed = word.encode("utf-8", "surrogatepass")
        url = _ARGUMENT.sub(lambda _found, typed=typed: quote(typed, safe=""), address.route)  # type: ignore[misc]
        found.append(Way(address, re.sub(r"\\(.)|\\Z", r"\1", url)))
    return found if names else []


def _rows(model: type[models.Model]) -> list[models.Model]:
    return list(model._base_manager.order_by("pk")[:MOST_ROWS])


def _value(row: models.Model, path: str) -> Any:
    value: Any = row
    for step in path.split("__"):
        value = getattr(value, step)
    return value


def _model_called(name: str, address: Address) -> type[models.Model] | None:
    from django.apps import apps

    space = address.name.partition(":")[0]
    called = [one for one in apps.get_models() if one._meta.model_name == name]
    own = [one for one in called if one._meta.app_label == space]
    return (own or called or [None])[0]
