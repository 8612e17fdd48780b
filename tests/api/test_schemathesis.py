"""The whole API, asked at random as its description allows and as it forbids: no failure, no answer out of shape.

With HEAVY=1 more examples of each operation than else, as many as fit into a minute and a half; with HEAVY=2 many.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings

schemathesis = pytest.importorskip("schemathesis")

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("P1")]
EXAMPLES = {"": 4, "0": 4, "2": 100}.get(os.environ.get("HEAVY", "0"), 15)
LEFT_OUT = {"ignored_auth", "unsupported_method", "positive_data_acceptance"}
"""The first two are tried in the tests of the API's room. The last asks that nothing is refused which has the right
shape: a cursor that no list gave, and what a room's rules refuse, have it."""

PLAIN = {"Host": "localhost", "Accept-Encoding": "identity"}


@contextmanager
def undone() -> Iterator[None]:
    """What a request writes is undone, in the vault too. Counts as the outermost block for what must be committed."""
    with ExitStack() as stack:
        for alias in ("default", "vault"):
            block = transaction.atomic(using=alias)
            block._from_testcase = True  # type: ignore[attr-defined]
            stack.enter_context(block)
            stack.callback(transaction.set_rollback, True, using=alias)
        yield


@pytest.fixture
def schema(settings: Any) -> Iterator[Any]:
    """The description, with the platform behind it in this process, in the transaction of the test."""
    from django.core.signals import request_finished, request_started
    from django.core.wsgi import get_wsgi_application
    from django.db import close_old_connections

    both = [one for one in (request_started, request_finished) if one.disconnect(close_old_connections)]
    settings.API_REQUESTS_A_MINUTE = settings.API_STRANGERS_A_MINUTE = 1_000_000
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers=PLAIN)
    for signal in both:
        signal.connect(close_old_connections)


def token_of(cast: Any, word: str) -> dict[str, str]:
    """The headers of a program of a person; none for a stranger's."""
    from betterwork.foundation.tokens.services import token_make

    if word == "stranger":
        return PLAIN
    at, person = timezone.now(), cast.person(word).public_id
    made = token_make(
        actor=person, person=person, title="random", scope="world", writes=True, ends=at + timedelta(days=2), at=at
    )
    return {**PLAIN, "Authorization": f"Bearer {made.secret}"}


def checks_left_out() -> list[Any]:
    """The checks that are not made here."""
    names = [one for one in schemathesis.checks.CHECKS.get_all() if one.__name__ in LEFT_OUT]
    assert len(names) == len(LEFT_OUT)
    return names


@pytest.mark.parametrize("word", ["global", "manager", "factory", "stranger"])
def test_no_failure_and_no_answer_out_of_shape(schema: Any, cast: Any, word: str) -> None:
    headers = token_of(cast, word)
    names = checks_left_out()
    seen = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        _asked_at_random(operation, headers, names)
        seen += 1
    assert seen > 20
    assert connection.is_usable()


def test_the_same_for_a_visit_that_is_there_and_its_team(schema: Any, cast: Any) -> None:
    """Keys made at random lead nowhere: here they are those of a visit that she makes and has taken along."""
    from betterwork.modules.capture.tests.making import taken, visit_made

    headers = token_of(cast, "advisor")
    visit = visit_made(cast.person("advisor").public_id, cast.person("partner").public_id)
    known = {"visit": visit.pk, "capture": taken(visit).pk}
    seen = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        things = {name: key for name, key in known.items() if f"{{{name}}}" in operation.path}
        if things:
            seen |= _asked_at_random(operation, headers, checks_left_out(), things, EXAMPLES * 3)
    assert {200, 422} <= seen, "nothing of the visit was reached"


def _asked_at_random(
    operation: Any,
    headers: dict[str, str],
    names: list[Any],
    things: dict[str, str] | None = None,
    most: int = EXAMPLES,
) -> set[int]:
    """The statuses of the answers. ``things``: what stands in the address."""
    statuses = set()

    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(path_parameters=things))
    def asked(case: Any) -> None:
        with undone():
            statuses.add(case.call_and_validate(headers=headers, excluded_checks=names).status_code)

    asked()
    return statuses
