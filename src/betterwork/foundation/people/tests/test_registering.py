"""Factories ask for an account only where their country lets them, and learn nothing by asking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import home_tasks
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.people import hooks, rules
from betterwork.foundation.people.models import Person, Registration
from betterwork.foundation.people.registering import registration_ask, registrations_expire
from betterwork.foundation.people.tests.conftest import AT, Committed
from betterwork.foundation.people.tests.test_signing_in import looks_right, words

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
ASKED = {
    "country": "VN",
    "factory": "Factory One",
    "name": "Manager One",
    "email": "One@Factory.example",
    "language": "vi",
}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "COUNTRIES_OPEN", [lambda at: [("VN", "Viet Nam")]])


def test_no_country_lets_anybody_ask_unless_it_says_so(browser: Client) -> None:
    assert browser.get("/people/register/").status_code == 404
    assert browser.post("/people/register/", ASKED).status_code == 404
    with pytest.raises(WrongUse):
        registration_ask(at=AT, **ASKED)
    assert not Registration.objects.exists()


def test_asking_makes_no_account_and_sends_no_mail(opened: None, browser: Client) -> None:
    assert "/people/register/" in words(browser.get("/account/signup/"))
    looks_right(words(browser.get("/people/register/")))
    answer = browser.post("/people/register/", ASKED)
    assert (answer.status_code, answer["Location"]) == (302, "/people/register/asked/")
    one = Registration.objects.get()
    assert (one.country, one.email) == ("VN", "one@factory.example")
    assert not Person.objects.exists() and not mail.outbox
    written = b"".join(bytes(one.content) for one in Entry.objects.all())
    assert b"one@" not in written and b"Manager" not in written


def test_the_answer_is_the_same_for_known_addresses_and_second_requests(
    opened: None, browser: Client, member: Callable[..., Person]
) -> None:
    known = {**ASKED, "email": member().email}
    answers = [browser.post("/people/register/", data) for data in (ASKED, ASKED, known)]
    assert len({(one.status_code, one["Location"], one.content) for one in answers}) == 1
    assert Registration.objects.count() == 1


def test_another_country_and_links_in_names_are_refused(opened: None, browser: Client) -> None:
    for wrong in ({"country": "JO"}, {"factory": "https://evil.example"}, {"name": "<b>"}, {"email": "x"}):
        assert browser.post("/people/register/", {**ASKED, **wrong}).status_code == 200
    assert not Registration.objects.exists()


def test_nobody_fills_the_table(opened: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_REGISTRATIONS", 1)
    registration_ask(at=AT, **ASKED)
    assert registration_ask(at=AT, **{**ASKED, "email": "two@factory.example"}) is None
    assert Registration.objects.count() == 1


def test_requests_are_read_and_answered_by_the_country_alone(opened: None, cast, committed: Committed) -> None:
    one = registration_ask(at=AT, **ASKED)
    assert one is not None
    path = f"/people/registrations/{one.pk}/"
    for word in ("leader", "advisor", "auditor", "nobody"):
        assert cast.client(word).get("/people/registrations/").status_code == 404
        assert cast.client(word).post(path, {"answer": "invite"}).status_code == 404
    manager = cast.client("manager")
    assert any("asks for an account" in str(task.title) for task in home_tasks(cast.actor("manager"), AT))
    page = words(manager.get("/people/registrations/"))
    looks_right(page)
    assert "Factory One" in page
    with committed():
        answer = manager.post(path, {"answer": "invite"})
    person = Person.objects.get(email="one@factory.example")
    assert answer["Location"] == f"/people/{person.public_id}/" and person.invited_by == "p-manager"
    assert mail.outbox[0].to == [person.email] and not Registration.objects.exists()
    assert manager.get(answer["Location"]).status_code == 200


def test_a_request_that_is_forgotten_leaves_nothing_and_writes_to_nobody(opened: None, cast) -> None:
    one = registration_ask(at=AT, **ASKED)
    assert one is not None
    cast.client("global").post(f"/people/registrations/{one.pk}/", {"answer": "forget"})
    assert not Registration.objects.exists() and not mail.outbox


def test_requests_that_nobody_answers_go_after_their_time(opened: None) -> None:
    registration_ask(at=AT, **ASKED)
    assert registrations_expire(at=AT + timedelta(days=59)) == 0
    assert registrations_expire(at=AT + timedelta(days=61)) == 1
