"""What tests of people share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_invite, person_join

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PASSWORD = "seven blue umbrellas in march"
Committed = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture(autouse=True)
def limits_forgotten() -> Iterator[None]:
    """Rate limits count in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Committed) -> Committed:
    """``with committed():`` runs what waits for the commit, at the end of the block."""

    def run() -> AbstractContextManager[list[Callable[[], object]]]:
        return django_capture_on_commit_callbacks(execute=True)

    return run


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Committed:
    """``with at_once():`` runs what waits for the commit inside the request, as it is where requests do commit."""

    @contextmanager
    def run() -> Iterator[list[Callable[[], object]]]:
        with monkeypatch.context() as patch:
            patch.setattr(transaction, "on_commit", lambda done, **_: done())
            yield []

    return run


@pytest.fixture
def invite(db: None, committed: Committed) -> Callable[..., Person]:
    """Invite somebody, and let the mail go out."""

    def invited(email: str = "new.one@factory.example", at: datetime = AT, **more: str) -> Person:
        with committed():
            return person_invite(actor="operator", email=email, at=at, **more)

    return invited


@pytest.fixture
def member(invite: Callable[..., Person]) -> Callable[..., Person]:
    """Somebody with a password and without a second step."""

    def joined(email: str = "member.one@factory.example", name: str = "Member One") -> Person:
        person = invite(email)
        mail.outbox.clear()
        return person_join(actor=person.public_id, person=person, password=PASSWORD, name=name, language="en", at=AT)

    return joined


@pytest.fixture
def browser() -> Client:
    """A browser in which nobody is signed in."""
    return Client(headers={"host": "localhost"})


def link_in(text: str) -> str:
    """The path of the first link in a mail, without the host."""
    found = re.search(r"http://localhost:8000(/\S+)", text)
    assert found, text
    return found[1]


def signed_in(person: Person) -> Client:
    """A browser in which she has just signed in with her password."""
    client = Client(headers={"host": "localhost"})
    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client
