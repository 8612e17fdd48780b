"""A small world with a row of every model, built by the rooms' own services, with planted words in what is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connections, transaction
from django.template import Template
from django.test import Client, TestCase
from django.test.utils import _TestState

from tests.plugins.cast import CAST, Cast
from tests.trust import peopling
from tests.trust.canaries import Canaries
from tests.trust.filling import AT, fill_the_rest
from tests.trust.owners import About, Sight
from tests.trust.planting import plant
from tests.trust.ways import NOW

ALIASES = ("default", "vault")
TWINS = ("second", "partner")
"""Of the cast those who are of the same kind as another."""
KINDS = ["stranger", *(word for word in CAST if word not in TWINS)]
"""One person of every kind."""


@contextmanager
def as_it_was() -> Iterator[None]:
    """Both databases inside: whatever is written is gone afterwards. Counts as the outermost for durable blocks."""
    with ExitStack() as stack:
        for alias in ALIASES:
            block = transaction.atomic(using=alias)
            block._from_testcase = True  # type: ignore[attr-defined]
            stack.enter_context(block)
            stack.callback(transaction.set_rollback, True, using=alias)
        yield


@contextmanager
def committed() -> Iterator[None]:
    """What the program does after a commit is done here, though nothing is committed."""
    with ExitStack() as stack:
        for alias in ALIASES:
            stack.enter_context(TestCase.captureOnCommitCallbacks(using=alias, execute=True))
        yield


@dataclass
class World:
    """The cast, the rows, the planted words, and a signed-in browser for each person."""

    home: Path
    canaries: Canaries = field(default_factory=Canaries)
    cast: Cast = field(default_factory=Cast)
    things: dict[str, Any] = field(default_factory=dict)
    """What ``peopling`` made and others need again, by name."""
    made_up: list[str] = field(default_factory=list)
    """Models whose row no service made."""
    missing: list[str] = field(default_factory=list)
    """Models of which no row could be made."""
    answers: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    """(person, address, method) → what was given while the world stands as it was built; see ``crawl.asked_once``."""
    logs: list[str] = field(default_factory=list)
    """What was logged meanwhile."""
    mails: list[Any] = field(default_factory=list)
    """What is mailed while the world stands as it was built; see ``acting.mailed_once``."""
    varied: bool = False
    """Whether values were changed, so that what persons see must be read anew."""
    _clients: dict[str, Client] = field(default_factory=dict)
    _sights: dict[str, Sight] = field(default_factory=dict)
    _about: About = field(default_factory=dict)

    def client(self, word: str) -> Client:
        """Her browser, signed in as one who typed her password a moment ago."""
        if word not in self._clients:
            client = self.cast.client(word)
            client.raise_request_exception = False
            client.defaults["HTTP_USER_AGENT"] = f"Browser of the {word}"
            if word != "stranger":
                import time

                session = client.session
                session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
                session.save()
            self._clients[word] = client
        return self._clients[word]

    def sight(self, word: str) -> Sight:
        """What she may see; read once, for the world does not change while it is looked at."""
        if word not in self._sights:
            self._sights[word] = Sight(self.cast.actor(word, NOW), {} if self.varied else self._about)
        return self._sights[word]

    def sight_of(self, person: Any) -> Sight:
        """What a person may see who need not be of the cast; nobody's sight for None."""
        from betterwork.foundation.access.queries import actor_of

        return Sight(actor_of(person, NOW))

    def sights_anew(self) -> None:
        """Forget what was read, after rows were changed."""
        self._sights.clear()


def world_built(home: Path) -> World:
    """Make the world inside the caller's transactions, without planting after the fact."""
    world = World(home)
    for connection in (connections[alias] for alias in ALIASES):
        from betterwork.foundation.ledger.seals import drop_seals

        drop_seals(connection)
    with committed():
        for person in CAST:
            world.cast.person(person)
        for step in peopling.STEPS:
            step(world)
        for word in KINDS:
            if word != "stranger":
                world.client(word).get("/help/")
        world.made_up, world.missing = fill_the_rest(world.canaries)
    return world


@contextmanager
def world_standing(home: Path) -> Iterator[World]:
    """A planted world with a folder of its own, its clock standing still; gone afterwards."""
    with pytest.MonkeyPatch.context() as patch, as_it_was(), home_of_its_own(patch, home):
        kinds = peopling.kinds_declared()
        try:
            stand_still(patch, AT)
            world = world_built(home)
            plant(world.canaries)
            patch.setattr(Template, "_render", _TestState.saved_data.template_render)  # nobody looks at contexts here
            mail.outbox.clear()
            stand_still(patch, NOW)
            yield world
        finally:
            peopling.kinds_forgotten(kinds)


@contextmanager
def home_of_its_own(patch: pytest.MonkeyPatch, home: Path) -> Iterator[None]:
    """What is written besides the databases is written elsewhere than by other tests."""
    patch.setattr(settings, "BETTERWORK_HOME", home)
    patch.setitem(settings.STORAGES, "files", {**settings.STORAGES["files"], "OPTIONS": {"location": home / "files"}})
    storages._storages.pop("files", None)  # type: ignore[attr-defined]
    cache.clear()
    try:
        yield
    finally:
        storages._storages.pop("files", None)  # type: ignore[attr-defined]
        cache.clear()


def stand_still(patch: pytest.MonkeyPatch, at: datetime) -> None:
    """The platform's clock stands, and nobody is slowed down for asking often."""
    from django.utils import timezone

    patch.setattr(timezone, "now", lambda: at)
    patch.setattr(settings, "ACCOUNT_RATE_LIMITS", False, raising=False)
