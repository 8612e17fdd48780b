"""Passkeys: adding one, signing in with it alone, using it as the second step, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_leave
from betterwork.foundation.people.tests.conftest import AT, signed_in
from betterwork.foundation.people.tests.softkey import SoftKey

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
Make = Callable[..., Person]


def options_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)
    assert found
    options: dict[str, Any] = next(iter(json.loads(found[1]).values()))
    return options


def added(browser: Client, key: SoftKey, **more: str) -> str:
    page = browser.get("/account/2fa/webauthn/add/").content.decode()
    data = {"name": "My phone", "passwordless": "on", "credential": key.made(options_in(page)), **more}
    return browser.post("/account/2fa/webauthn/add/", data, follow=True).content.decode()


def offered(browser: Client) -> dict[str, Any]:
    answer = browser.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    options: dict[str, Any] = answer.json()["request_options"]
    return options


def test_a_passkey_is_added_and_signs_in_without_a_password(member: Make, browser: Client) -> None:
    person, key = member(), SoftKey()
    page = added(signed_in(person), key)
    assert "Recovery codes" in page and Authenticator.objects.filter(type="webauthn").count() == 1
    answer = browser.post("/account/2fa/webauthn/login/", {"credential": key.used(offered(browser))})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/people/me/").status_code == 200
    assert entries_search(action="person.signed-in").entries[0].content == {"by": ["passkey"]}


def test_a_passkey_is_the_second_step_after_the_password(member: Make) -> None:
    person, key = member(), SoftKey()
    added(signed_in(person), key)
    other = signed_in(person)
    assert other.get("/people/me/").status_code == 302
    page = other.get("/account/2fa/authenticate/").content.decode()
    assert "data-passkey hidden" in page and "/static/people/passkey.js" in page and "<noscript>" in page
    answer = other.post("/account/2fa/authenticate/", {"credential": key.used(options_in(page))})
    assert answer.status_code == 302 and other.get("/people/me/").status_code == 200


def test_an_answer_is_good_for_one_question_only(member: Make, browser: Client) -> None:
    person, key = member(), SoftKey()
    added(signed_in(person), key)
    sent = key.used(offered(browser))
    browser.post("/account/2fa/webauthn/login/", {"credential": sent})
    again = Client(headers={"host": "localhost"})
    offered(again)
    page = again.post("/account/2fa/webauthn/login/", {"credential": sent}, follow=True).content.decode()
    assert "This code is not right" in page and again.get("/people/me/").status_code == 302


def test_a_key_that_nobody_has_and_nonsense_are_refused_in_words(member: Make, browser: Client) -> None:
    stranger = SoftKey()
    stranger.user = "MQ"
    member()
    for sent in (stranger.used(offered(browser)), "{}", "x", '{"response": 1}'):
        answer = browser.post("/account/2fa/webauthn/login/", {"credential": sent}, follow=True)
        assert answer.status_code == 200 and browser.get("/people/me/").status_code == 302


def test_who_left_does_not_come_back_by_a_passkey(member: Make, browser: Client) -> None:
    person, key = member(), SoftKey()
    added(signed_in(person), key)
    person_leave(actor="operator", person=person, at=AT)
    browser.post("/account/2fa/webauthn/login/", {"credential": key.used(offered(browser))}, follow=True)
    assert browser.get("/people/me/").status_code == 302


def test_passkeys_are_bound_to_the_platforms_own_host(member: Make) -> None:
    page = signed_in(member()).get("/account/2fa/webauthn/add/").content.decode()
    wanted = options_in(page)["publicKey"]
    assert wanted["rp"] == {"id": "localhost", "name": "Better Work"}


def test_a_passkey_is_renamed_and_taken_away(member: Make) -> None:
    browser, key = signed_in(member()), SoftKey()
    added(browser, key)
    one = Authenticator.objects.get(type="webauthn")
    browser.post(f"/account/2fa/webauthn/keys/{one.pk}/edit/", {"name": "<b>Old phone</b>"})
    page = browser.get("/account/2fa/webauthn/").content.decode()
    assert "&lt;b&gt;Old phone" in page and "<b>Old" not in page
    page = browser.post(f"/account/2fa/webauthn/keys/{one.pk}/remove/", follow=True).content.decode()
    assert "No passkey yet" in page and not Authenticator.objects.exists()  # recovery codes alone are no second step


def test_nobody_takes_away_the_passkey_of_another(member: Make) -> None:
    browser, key = signed_in(member()), SoftKey()
    added(browser, key)
    one = Authenticator.objects.get(type="webauthn")
    other = signed_in(member("other.one@factory.example", "Other One"))
    assert other.post(f"/account/2fa/webauthn/keys/{one.pk}/remove/").status_code == 404
