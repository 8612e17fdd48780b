"""Mails: in the person's language, with nothing of the programme; tokens are in them and nowhere else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.tests.conftest import PASSWORD, Committed, link_in, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P5")]
Make = Callable[..., Person]


def html(message: object) -> str:
    return str(message.alternatives[0][0])  # type: ignore[attr-defined]


def test_an_invitation_is_text_and_html_in_her_language_and_names_nothing(invite: Make) -> None:
    invite(language="ar", name="Somebody Special")
    (message,) = mail.outbox
    assert message.to == ["new.one@factory.example"]
    link = link_in(message.body)
    assert link in html(message) and 'dir="rtl"' in html(message)
    assert not re.search(r"Follow this link", message.body)
    for part in (message.subject, message.body, html(message)):
        assert "Special" not in part and "operator" not in part and "style=" not in part and "<script" not in part


def test_a_link_for_a_new_password_is_in_her_language_and_works_once(member: Make, browser: Client) -> None:
    person = member()
    Person.objects.update(language="fr")
    browser.post("/account/password/reset/", {"email": person.email})
    (message,) = mail.outbox
    with translation.override("fr"):
        subject = gettext("Choose a new password")
    assert message.subject == subject != "Choose a new password" and 'lang="fr"' in html(message)
    link = link_in(message.body)
    page = browser.get(link, follow=True)
    assert page.redirect_chain[-1][0].endswith("set-password/")  # the key is not in the address any more
    new = "eleven quiet tractors"
    answer = browser.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert Person.objects.get().check_password(new)
    assert len(mail.outbox) == 2 and PASSWORD not in mail.outbox[1].body  # she is told
    again = Client(headers={"host": "localhost"}).get(link, follow=True)
    assert b"reset" in again.content and Person.objects.get().check_password(new)


def test_she_is_told_when_her_password_changed(member: Make) -> None:
    person = member()
    browser = signed_in(person)
    new = "eleven quiet tractors"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/account/password/change/", data).status_code == 302
    assert [one.subject for one in mail.outbox] == ["Your password was changed"]
    assert Entry.objects.filter(action="person.password-set", actor=person.public_id).count() == 1
    assert browser.get("/people/me/").status_code == 200


def test_no_log_and_no_entry_holds_a_token_or_an_address(
    invite: Make, member: Make, browser: Client, committed: Committed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    invite(at=timezone.now())
    link = link_in(mail.outbox[0].body)
    browser.get(link)
    browser.post(link, {"name": "New One", "language": "en", "password": PASSWORD, "again": PASSWORD})
    person = member()
    browser.post("/account/password/reset/", {"email": person.email})
    reset = link_in(mail.outbox[-1].body)
    with committed():
        browser.get(reset, follow=True)
    secrets = [link.split("/")[-2], reset.split("/")[-2].partition("-")[2]]
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("betterwork"))
    written = b"".join(bytes(one.content) for one in Entry.objects.all()).decode()
    for secret in (*secrets, person.email, "new.one@factory.example", PASSWORD):
        assert secret not in ours and secret not in written


def test_a_stranger_who_asks_for_a_password_and_a_known_one_get_the_same_answer(member: Make, browser: Client) -> None:
    known = browser.post("/account/password/reset/", {"email": member().email})
    unknown = browser.post("/account/password/reset/", {"email": "unknown.one@factory.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    to = [one.to for one in mail.outbox]
    assert to == [["member.one@factory.example"], ["unknown.one@factory.example"]]
    assert "no account" in mail.outbox[1].body and "/password/reset/key/" not in mail.outbox[1].body


def test_who_is_invited_and_who_left_get_no_link_for_a_password(invite: Make, browser: Client) -> None:
    person = invite()
    mail.outbox.clear()
    browser.post("/account/password/reset/", {"email": person.email})
    assert "/password/reset/key/" not in mail.outbox[0].body
    assert "follow the link in the invitation" in mail.outbox[0].body
