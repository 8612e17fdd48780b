"""Signing in: what is refused, what is told, and that every page of an account is ours and works."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_leave
from betterwork.foundation.people.tests.conftest import AT, PASSWORD, Committed, signed_in
from betterwork.foundation.people.tests.softkey import SoftKey
from betterwork.foundation.people.tests.test_passkeys import added

DOCS = Path(__file__).parents[5] / "docs"
pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
Make = Callable[..., Person]


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def words(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def try_in(browser: Client, email: str, password: str = "wrong wrong wrong") -> str:
    answer = browser.post("/account/login/", {"login": email, "password": password})
    assert answer.status_code == 200
    return "".join(re.findall(r'<div class="message message-nc".*?</div></div>', words(answer)))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(member: Make, browser: Client) -> None:
    known, unknown = try_in(browser, member().email), try_in(browser, "unknown@factory.example")
    assert known == unknown and "do not belong together" in known


def test_the_sixth_try_is_refused_alike_for_known_and_unknown_addresses(member: Make, browser: Client) -> None:
    person = member()
    for email in (person.email, "unknown@factory.example"):
        for _try in range(5):
            assert "do not belong together" in try_in(browser, email)
        assert "Too many tries" in try_in(browser, email)
    # the right password does not help either until the window has passed, and another address is not held up
    assert "Too many tries" in try_in(browser, person.email, PASSWORD)
    assert "Too many tries" in try_in(Client(headers={"host": "localhost"}), person.email.upper(), PASSWORD)
    assert "do not belong" in try_in(browser, "third@factory.example")


def test_many_tries_from_one_network_are_stopped_with_a_page_of_ours(browser: Client) -> None:
    answers = [
        browser.post("/account/login/", {"login": f"a{number}@b.example", "password": "x"}) for number in range(31)
    ]
    assert answers[-1].status_code == 429 and "Wait a few minutes" in words(answers[-1])


def test_who_left_is_told_the_same_as_who_never_was_here(member: Make, browser: Client) -> None:
    person = member()
    person_leave(actor="operator", person=person, at=AT)
    assert try_in(browser, person.email, PASSWORD) == try_in(browser, "unknown@factory.example")


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
)
def test_nobody_is_sent_elsewhere_after_signing_in(member: Make, browser: Client, elsewhere: str) -> None:
    data = {"login": member().email, "password": PASSWORD, "next": elsewhere}
    answer = browser.post("/account/login/", data)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    answer = browser.post("/account/logout/", {"next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")


def test_after_signing_in_one_is_where_one_wanted_to_be(member: Make, browser: Client) -> None:
    asked = browser.get("/people/me/")
    data = {"login": member().email, "password": PASSWORD, "next": "/people/me/"}
    assert asked["Location"] == "/account/login/?next=/people/me/"
    assert 'name="next" value="/people/me/"' in words(browser.get(asked["Location"]))
    assert browser.post("/account/login/", data)["Location"] == "/people/me/"


def test_a_sign_in_is_written_down_without_network_and_browser(member: Make) -> None:
    person = member()
    signed_in(person)
    entry = entries_search(action="person.signed-in").entries[0]
    assert (entry.actor, entry.content) == (person.public_id, {"by": ["password"]})


def test_nobody_registers_and_the_page_says_how_accounts_are_given(browser: Client) -> None:
    page = words(browser.get("/account/signup/"))
    assert "invites you" in page and "/people/register/" not in page
    data = {"email": "a@b.example", "password1": PASSWORD, "password2": PASSWORD}
    browser.post("/account/signup/", data)
    assert not Person.objects.exists() and not mail.outbox


def set_up(browser: Client, at_once: Committed) -> tuple[str, str]:
    """Set up an app; return its secret and the page that follows."""
    page = browser.get("/account/2fa/totp/activate/")
    found = re.search(r'<code dir="ltr">([A-Z2-7]+)</code>', words(page))
    assert found and 'src="data:image/svg+xml;base64,' in words(page)
    with at_once():
        answer = browser.post("/account/2fa/totp/activate/", {"code": code_of(found[1])}, follow=True)
    assert answer.status_code == 200, words(answer)
    return found[1], words(answer)


def test_a_second_step_is_set_up_and_recovery_codes_are_shown_at_once(member: Make, at_once: Committed) -> None:
    person = member()
    browser = signed_in(person)
    secret, page = set_up(browser, at_once)
    codes = re.findall(r"<li><code>(\d{8})</code></li>", page)
    assert len(codes) == 10 and "Print this page" in page
    assert [one.subject for one in mail.outbox] == ["A second step was set up"]
    actions = [one.action for one in entries_search(subject=f"person {person.public_id}").entries]
    assert actions.count("person.second-step-added") == 1
    # from now on the password alone does not do
    other = signed_in(person)
    assert other.get("/people/me/").status_code == 302
    page = words(other.get("/account/2fa/authenticate/"))
    assert "Your second step" in page and "fingerprint, face or PIN" in page
    assert "not right" in words(other.post("/account/2fa/authenticate/", {"code": "000000"}))
    assert other.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert other.get("/people/me/").status_code == 200
    # a recovery code works once
    third = signed_in(person)
    assert "not right" in words(third.post("/account/2fa/authenticate/", {"code": codes[0]}))
    assert third.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)}).status_code == 302


def test_what_was_signed_in_by_password_alone_ends_when_the_first_second_step_is_set_up(
    member: Make, at_once: Committed
) -> None:
    """Whoever knew the password could wait, signed in, for the roles that rest until there is a second step."""
    person = member()
    elsewhere, browser = signed_in(person), signed_in(person)
    set_up(browser, at_once)
    assert elsewhere.get("/people/me/").status_code == 302
    assert browser.get("/people/me/").status_code == 200
    ended = entries_search(action="person.sessions-ended").entries
    assert [(one.actor, one.subject) for one in ended] == [(person.public_id, f"person {person.public_id}")]


@pytest.mark.capability("P5")
def test_secrets_of_second_steps_are_ciphertext_in_the_database(member: Make, at_once: Committed) -> None:
    person = member()
    secret, page = set_up(signed_in(person), at_once)
    codes = re.findall(r"<li><code>(\d{8})</code></li>", page)
    stored = json.dumps([one.data for one in Authenticator.objects.all()])
    seed = Authenticator.objects.get(type="recovery_codes").wrap()
    hidden = [secret, base64.b32decode(secret).hex(), *codes]
    assert len(stored) > 100 and seed.get_unused_codes() == codes
    for one in hidden:
        assert one not in stored
    held = json.dumps([one.get_decoded() for one in Session.objects.all()])
    assert secret not in held


def test_the_secret_of_one_row_does_not_open_with_another_key(member: Make, settings) -> None:
    from betterwork.foundation.ledger.keys import WrongKey

    person = member()
    settings.LEDGER_KEY = "11" * 32
    kept = TOTP.activate(person, generate_totp_secret())
    settings.LEDGER_KEY = "22" * 32
    with pytest.raises(WrongKey):
        kept.validate_code("123456")


def test_signing_in_with_guessed_codes_is_stopped(member: Make) -> None:
    person = member()
    TOTP.activate(person, generate_totp_secret())
    browser = signed_in(person)
    for _try in range(5):
        browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "Too many tries" in words(browser.post("/account/2fa/authenticate/", {"code": "000000"}))


def test_another_address_is_hers_once_the_code_came_there(member: Make, at_once: Committed) -> None:
    person = member()
    browser = signed_in(person)
    set_up(browser, at_once)
    mail.outbox.clear()
    answer = browser.post("/account/email/", {"email": "New.Address@factory.example", "action_add": ""}, follow=True)
    assert "Type the code" in words(answer)
    (message,) = mail.outbox
    code = re.search(r"^[0-9A-Z-]{6,}$", message.body, re.M)
    assert code and message.to == ["new.address@factory.example"]
    assert Person.objects.get(pk=person.pk).email == person.email
    with at_once():
        browser.post("/account/confirm-email/", {"code": code[0]})
    now = Person.objects.get(pk=person.pk)
    assert now.email == "new.address@factory.example"
    assert [(one.email, one.verified, one.primary) for one in EmailAddress.objects.filter(user=person)] == [
        (now.email, True, True)
    ]
    assert mail.outbox[1].to == ["member.one@factory.example"] and "Your address was changed" in mail.outbox[1].subject
    entry = entries_search(action="person.address-changed", opened=True).entries[0]
    assert entry.content == {"before": "member.one@factory.example", "after": now.email}


@pytest.mark.parametrize("known_as", ["invited", "active"])
def test_an_address_that_somebody_has_is_never_given_to_another(member: Make, invite: Make, known_as: str) -> None:
    person = member()
    taken = (invite if known_as == "invited" else member)("other.one@factory.example").email
    browser = signed_in(person)
    mail.outbox.clear()
    answer = browser.post("/account/email/", {"email": taken, "action_add": ""}, follow=True)
    assert "Type the code" in words(answer)  # nothing is said of whose it is
    (message,) = mail.outbox
    code = re.search(r"^[0-9A-Z-]{6,}$", message.body, re.M)
    assert code and message.to == [taken]
    page = words(browser.post("/account/confirm-email/", {"code": code[0]}, follow=True))
    assert "cannot be used" in page, page
    assert Person.objects.get(pk=person.pk).email == person.email and EmailAddress.objects.count() == 2


def test_she_signs_out_everywhere_else(member: Make) -> None:
    person = member()
    here, there = signed_in(person), signed_in(person)
    page = words(here.get("/account/sessions/"))
    assert page.count('data-label="Network"') == 2 and "This one" in page
    assert here.post("/account/sessions/").status_code == 302
    assert here.get("/people/me/").status_code == 200 and there.get("/people/me/").status_code == 302
    assert entries_search(action="person.sessions-ended").entries[0].actor == person.public_id


OPEN = [
    "/account/login/",
    "/account/signup/",
    "/account/inactive/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/password/reset/key/x-y/",
    "/people/join/nothing/",
    "/people/register/asked/",
]
OWN = [
    "/account/logout/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/reauthenticate/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/webauthn/keys/1/edit/",
    "/account/2fa/webauthn/keys/1/remove/",
    "/account/2fa/webauthn/reauthenticate/",
    "/account/sessions/",
    "/people/me/",
    "/people/me/kept/",
]


def looks_right(page: str) -> None:
    """Help of its own, one h1 with words, our frame, nothing inline, every control with its label."""
    helps = re.findall(r'class="help-link" href="/help/([^"]+)/"', page)
    assert helps and (DOCS / f"{helps[0]}.md").is_file()
    assert len(re.findall(r"<h1>", page)) == 1 and not re.search(r"<h1>\s*</h1>", page)
    assert 'class="bar-name"' in page and "{%" not in page and "{{" not in page and "<c-" not in page
    assert not re.search(r'\sstyle="|\son[a-z]+="|<style', page)
    for script in re.findall(r"<script([^>]*)>", page):
        assert "src=" in script or "application/json" in script
    for control in re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"[^>]*>', page):
        hidden = re.search(rf'<input[^>]*id="{control}"[^>]*type="hidden"|type="hidden"[^>]*id="{control}"', page)
        assert hidden or f'for="{control}"' in page, control
    assert "placeholder" not in re.sub(r'<form class="bar-search".*?</form>', "", page)


@pytest.mark.capability("P3")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", OPEN)
def test_pages_for_strangers_are_ours(browser: Client, path: str, language: str) -> None:
    answer = browser.get(path, headers={"accept-language": language})
    assert answer.status_code in {200, 410}
    assert f'lang="{language}"' in words(answer)
    looks_right(words(answer))


@pytest.mark.capability("P3")
@pytest.mark.parametrize("path", OWN)
def test_pages_of_an_account_are_ours(member: Make, at_once: Committed, path: str) -> None:
    person = member()
    browser = signed_in(person)
    if "activate" not in path or "deactivate" in path:
        set_up(browser, at_once)
    added(browser, SoftKey())
    one = Authenticator.objects.get(type="webauthn")
    answer = browser.get(path.replace("/1/", f"/{one.pk}/"))
    assert answer.status_code == 200, answer.get("Location")
    looks_right(words(answer))


def test_a_page_that_protects_the_account_asks_who_one_is_when_it_was_a_while_ago(
    member: Make, browser: Client
) -> None:
    browser.force_login(member())
    answer = browser.get("/account/2fa/totp/activate/", follow=True)
    assert "Is it you?" in words(answer)
    looks_right(words(answer))


def test_pages_are_in_the_language_of_the_account_whoever_sat_here_before(member: Make, browser: Client) -> None:
    browser.cookies["django_language"] = "fr"
    person = member()
    Person.objects.filter(pk=person.pk).update(language="ar")
    answer = browser.post("/account/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert '<html lang="ar" dir="rtl"' in words(answer)


def test_a_sign_in_that_failed_shows_one_way_to_a_new_password(browser: Client) -> None:
    answer = browser.post("/account/login/", {"login": "unknown@factory.example", "password": "wrong wrong wrong"})
    assert words(answer).count("/account/password/reset/") == 1
