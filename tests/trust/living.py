"""One world lived several times: all that comes of each life is kept, and held against that of another to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import EVERYTHING, HEAVY
from django.apps import apps
from django.core import mail

from tests.trust.acting import everything_is_mailed
from tests.trust.chance import chance_stands
from tests.trust.crawl import (
    Given,
    commands_given,
    contributions_given,
    files_kept,
    handed_of_herself,
    in_turn,
    logs_kept,
    page_given,
    refused,
    some,
)
from tests.trust.pairing import difference
from tests.trust.visiting import ADVISORS
from tests.trust.ways import NOW, Way
from tests.trust.world import World, as_it_was, committed, stand_still

COLLEAGUE = "colleague"
"""An advisor of Viet Nam who is on no visit of the world."""
THINGS = 4 if EVERYTHING else 1
"""Of how many things each page is asked for, besides those that matter."""
LATER = NOW + timedelta(hours=9)
"""When everything is asked for, after all was lived."""


@dataclass
class Lived:
    """All that came of one life of the world."""

    rows: dict[str, list[str]] = field(default_factory=dict)
    files: list[Given] = field(default_factory=list)
    logs_of_life: list[str] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    """What was logged while everything was asked for."""
    given: dict[str, list[Given]] = field(default_factory=dict)
    mails: list[Given] = field(default_factory=list)
    team: bytes = b""
    """What the team itself reads: there the worlds must part."""


def outside(world: World) -> dict[str, list[str]]:
    """Every row of every table, without what the vault holds as ciphertext."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        names = [one.attname for one in model._meta.concrete_fields if one.name not in {"ciphertext", "wrapped"}]
        if model._meta.managed and not model._meta.proxy:
            rows = model._base_manager.order_by("pk").values_list(*names)
            found[model._meta.label] = [repr(tuple(map(_bytes, row))) for row in rows]
    return found


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


LOGGED = (
    (re.compile(r'"at": "[^"]*", '), "The moment of the machine's clock."),
    (re.compile(r'"milliseconds": [0-9.]+, '), "How long it took."),
    (re.compile(r'"request": "[0-9a-f]{32}", '), "The number of a request, made by chance."),
    (re.compile(r'"level": "(info|warning)", '), "What takes more than a second is a warning."),
)
"""What of a line of the log is of the machine and not of the world, and why."""
OF_THE_MACHINE = "the file cache/limits/"
"""How often each program asked in this minute of the machine's clock."""


def lines(text: str) -> list[str]:
    """The lines of a log without what is of the machine."""
    for pattern, _why in LOGGED:
        text = pattern.sub("", text)
    return text.splitlines()


@dataclass
class Asked:
    """The ways that are asked for."""

    matter: list[Way] = field(default_factory=list)
    """What leads to the things that matter: asked for by everybody."""
    others: list[Way] = field(default_factory=list)


def chosen(all_ways: list[Way], about: frozenset[str]) -> Asked:
    """Every address that is read: with what leads to the things that matter, and with some others."""
    by_address: dict[str, list[Way]] = {}
    for way in all_ways:
        door = way.address.door
        if not way.holder and (door is None or "GET" in door.methods):
            by_address.setdefault(f"{way.address.route} {way.address.name}", []).append(way)
    found = Asked()
    for here in by_address.values():
        matter = [way for way in here if any(key in way.url for key in about)]
        found.matter += matter[:3]
        found.others += some([way for way in here if way not in matter], THINGS, "")
    return found


def everything(world: World, word: str, asked: Asked) -> Iterator[Given]:
    """All that a person is given: pages, files of lists, operations, contributions, commands, what is kept of her.

    Of what does not matter and is refused at the door some is asked for, other addresses as each person.
    """
    from django.core.cache import cache

    cache.clear()
    spared = [one for place, one in enumerate(asked.others) if in_turn(place, word) or not refused(world, word, one)]
    for way in [*asked.matter, *spared]:
        yield from page_given(world, word, way, quick=True)
    yield from contributions_given(world, word)
    yield from commands_given(world, word, quick=not EVERYTHING)
    yield from handed_of_herself(world, word)


@contextmanager
def files_as_they_were(world: World) -> Iterator[None]:
    """Whatever is written besides the databases is gone afterwards, so that each life begins with the same files."""
    before = {path: path.read_bytes() for path in _files(world)}
    try:
        yield
    finally:
        for path in _files(world):
            if path not in before:
                path.unlink()
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


def _files(world: World) -> list[Path]:
    """Read again after each life; those that hold databases stay as they are."""
    return [path for path in world.home.rglob("*") if path.is_file() and ".sqlite3" not in path.name]


def lived(world: World, live: Callable[[], Any], words: list[str], asked: Callable[[], Asked], team: str = "") -> Lived:
    """One life of the world, and all that comes of it; undone afterwards.

    ``words``: who is asked as afterwards, ``asked``: for what; ``team``: where one of the team looks at
    what was said.
    """
    made = Lived()
    mail.outbox.clear()
    with as_it_was(), files_as_they_were(world), chance_stands(), pytest.MonkeyPatch.context() as patch:
        with logs_kept() as logs:
            with committed():
                live()
            world.sights_anew()
            stand_still(patch, LATER)
            made.rows = outside(world)
            made.files = [one for one in files_kept(world) if OF_THE_MACHINE not in one.place]
            made.logs_of_life = lines(logs.getvalue())
            found = asked() if words else Asked()
            for word in words:
                made.given[word] = list(everything(world, word, found))
        made.logs = lines(logs.getvalue())[len(made.logs_of_life) :]
        made.mails = _to_others(world)
        with as_it_was():
            made.team = world.client("advisor").post(team).content if team else b""
        if words:
            with as_it_was():
                everything_is_mailed(world, quick=not HEAVY)
                made.mails += _to_others(world)
    world.sights_anew()
    return made


def _to_others(world: World) -> list[Given]:
    """The mails that were sent to anybody but the two advisors, without the numbers they bear by chance."""
    hers = {world.cast.person(one).email for one in ADVISORS}
    sent = [one for one in mail.outbox if not hers & {*one.recipients()}]
    return [Given("", f"mail {number}", 200, _text_of(one).encode()) for number, one in enumerate(sent)]


def _text_of(message: Any) -> str:
    parts = [*message.recipients(), message.subject, message.body, *message.extra_headers.values()]
    parts += [content for content, _kind in getattr(message, "alternatives", [])]
    return re.sub(r"<[0-9a-f]{32}@", "<@", "\n".join(map(str, parts)))


def parted(one: Lived, other: Lived) -> list[str]:
    """Where two lives part, a line for each place; none where nobody is given another byte."""
    found = [
        f"{label}: {_first(one.rows[label], other.rows[label])}"
        for label in one.rows
        if one.rows[label] != other.rows[label]
    ]
    told = {
        "the log": (one.logs_of_life, other.logs_of_life),
        "the log of what was asked for": (one.logs, other.logs),
    }
    found += [f"{what}: {_first(*pair)}" for what, pair in told.items() if pair[0] != pair[1]]
    for first, second in (
        (one.files, other.files),
        (one.mails, other.mails),
        *((one.given[word], other.given[word]) for word in one.given),
    ):
        found += differences(first, second)
    return found


def differences(one: list[Given], other: list[Given]) -> list[str]:
    """Where what was given in two lives parts, a line for each place."""
    first, second = ([each.place for each in given] for given in (one, other))
    found = [] if first == second else [f"other places: {sorted({*first} ^ {*second})}"]
    pairs = zip(one, other, strict=False)
    return found + [f"{each.to}: {line}" for each, twin in pairs if (line := difference(each, twin))]


def _first(one: list[str], other: list[str]) -> str:
    number = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if number is None:
        return f"{len(one)} and {len(other)} of them"
    at = next((at for at, pair in enumerate(zip(one[number], other[number], strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[number][max(at - 90, 0) : at + 90]} is {other[number][max(at - 90, 0) : at + 90]}"
