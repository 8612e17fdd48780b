"""One world for all tests of this folder, made once; each test finds it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests.plugins.cast import CAST
from tests.trust.living import COLLEAGUE
from tests.trust.visiting import ADVISORS
from tests.trust.world import World, as_it_was, world_standing


@pytest.fixture(scope="package")
def standing(
    django_db_setup: None,
    django_db_blocker: Any,
    home_of_the_tests: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The world of these tests."""
    with django_db_blocker.unblock(), world_standing(tmp_path_factory.mktemp("trust")) as world:
        yield world


@pytest.fixture
def world(standing: World, db: None) -> Iterator[World]:
    """The world of this test, in a transaction of its own: what it changes is undone."""
    yield standing
    if standing.varied:
        standing.varied = False
        standing.sights_anew()


@pytest.fixture(scope="module")
def colleague(standing: World) -> Iterator[World]:
    """The world with one advisor more, who is on no visit."""
    held = standing._clients, standing._sights, standing.cast._persons
    before = [dict(one) for one in held]
    with as_it_was(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(CAST, COLLEAGUE, ("advisor", "country:VN"))
        for word in (COLLEAGUE, *ADVISORS):
            standing.client(word)
        yield standing
    for one, was in zip(held, before, strict=True):  # who signed in meanwhile is signed in no more
        one.clear()
        one.update(was)


@pytest.fixture(scope="session", autouse=True)
def no_limit_of_the_api() -> Iterator[None]:
    """The walk asks for more in a minute than a program may."""
    with override_settings(API_REQUESTS_A_MINUTE=10**9, API_STRANGERS_A_MINUTE=10**9):
        yield
