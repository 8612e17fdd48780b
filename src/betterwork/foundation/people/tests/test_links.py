"""The one-time link of an invitation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from betterwork.foundation.people.links import LinkRefused, invitation_person, invitation_token
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_invitation_resend, person_join, person_leave
from betterwork.foundation.people.tests.conftest import AT, PASSWORD, Committed, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
Make = Callable[..., Person]
FORM = {"name": "New One", "language": "en", "password": PASSWORD, "again": PASSWORD}


def test_the_link_leads_to_the_person_until_it_ends(invite: Make) -> None:
    person = invite()
    token = invitation_token(person, AT)
    assert invitation_person(token, AT + timedelta(days=7, seconds=-1)) == person
    with pytest.raises(LinkRefused, match="too old"):
        invitation_person(token, AT + timedelta(days=7))


def test_a_changed_or_foreign_link_is_refused(invite: Make) -> None:
    token = invitation_token(invite(), AT)
    for wrong in (token[:-1], token[1:], "x", "", token.replace(":", ".")):
        with pytest.raises(LinkRefused, match="not complete"):
            invitation_person(wrong, AT)


def test_using_replacing_and_leaving_each_end_the_link(invite: Make, committed: Committed) -> None:
    person = invite()
    first = invitation_token(person, AT)
    person = person_invitation_resend(actor="operator", person=person, at=AT)
    second = invitation_token(person, AT)
    with pytest.raises(LinkRefused, match="newer one was sent"):
        invitation_person(first, AT)
    joined = person_join(
        actor=person.public_id, person=invitation_person(second, AT), password=PASSWORD, name="N", at=AT
    )
    with pytest.raises(LinkRefused, match="used already"):
        invitation_person(second, AT)
    left = person_leave(actor="operator", person=joined, at=AT)
    third = invitation_token(left, AT)
    with pytest.raises(LinkRefused):
        invitation_person(third, AT)


def test_following_the_link_makes_the_account_and_opening_it_alone_changes_nothing(
    invite: Make, browser: Client
) -> None:
    person = invite(at=timezone.now(), language="fr")
    path = link_in(mail.outbox[0].body)
    for _again in range(3):
        answer = browser.get(path)
    assert answer.status_code == 200 and person.email in answer.content.decode()
    assert 'lang="fr"' in answer.content.decode()
    weak = browser.post(path, {**FORM, "password": "short", "again": "shorter"}).content.decode()
    assert Person.objects.get().state == Person.INVITED and "shorter" not in weak
    answer = browser.post(path, FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    answer = browser.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    answer = browser.post(path, {**FORM, "password": "another of hers 42", "again": "another of hers 42"})
    assert answer.status_code == 410 and "used already" in answer.content.decode()
    assert Person.objects.get().check_password(PASSWORD)


def test_an_old_link_says_what_to_do(invite: Make, browser: Client) -> None:
    invite(at=timezone.now() - timedelta(days=8))
    answer = browser.get(link_in(mail.outbox[0].body))
    assert answer.status_code == 410
    assert "Ask whoever invited you to send the invitation again" in answer.content.decode()


def test_a_weak_password_is_refused_with_the_rule_in_words(invite: Make, browser: Client) -> None:
    invite(at=timezone.now())
    path = link_in(mail.outbox[0].body)
    assert "at least 12 characters" in browser.get(path).content.decode()
    page = browser.post(path, {**FORM, "password": "password1234", "again": "password1234"}).content.decode()
    assert "too common" in page and 'value="password1234"' not in page
    page = browser.post(path, {**FORM, "again": "something else altogether"}).content.decode()
    assert "not the same password" in page


def test_joining_signs_out_whoever_sat_at_the_device(invite: Make, member: Make, browser: Client) -> None:
    browser.force_login(member())
    mail.outbox.clear()
    invite(at=timezone.now())
    browser.post(link_in(mail.outbox[0].body), FORM)
    assert browser.get("/people/me/").status_code == 302


def test_the_link_leads_to_the_platforms_own_address_whatever_the_request_says(invite: Make, settings) -> None:
    invite()
    assert f"{settings.BETTERWORK_URL}/people/join/" in mail.outbox[0].body
